package dev.rung.trainer;

import dev.rung.checkpoint.CheckpointException;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Point;
import dev.rung.proto.v1.Run;
import dev.rung.trainer.process.Child;
import dev.rung.trainer.process.OutOfMemory;
import dev.rung.trainer.process.TrialLink;
import dev.rung.trainer.process.TrialSocket;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Answers the process of one attempt until it has ended. Used by the thread of the attempt. */
final class NodeSide {
  private static final Duration LOOK = Duration.ofMillis(100);

  /** What its class does at the end, once it has trained. */
  private static final Duration LONGEST_EXIT = Duration.ofSeconds(10);

  /** What is heard when nothing follows. */
  private static final byte[] SILENCE = {};

  private final TrialContext trial;
  private final Path folder;
  private final Child child;
  private final long killsBefore;
  private final BlockingQueue<byte[]> heard = new LinkedBlockingQueue<>();
  private volatile @Nullable TrialLink link;

  NodeSide(TrialContext trial, Path folder, Child child, long killsBefore) {
    this.trial = trial;
    this.folder = folder;
    this.child = child;
    this.killsBefore = killsBefore;
  }

  /**
   * Sees the process through.
   *
   * @throws TrialEndException the training failed, or its process did
   * @throws InterruptedException the node ends the attempt
   */
  void serve(TrialSocket socket, Run run) throws Exception {
    Thread listener = new Thread(() -> listen(socket, run), "process-of-" + trial.trial());
    listener.setDaemon(true);
    listener.start();
    while (true) {
      byte @Nullable [] message = heard.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      if (message == null) {
        if (child.hasEnded()) {
          // It never connected, or others hold its end of the socket open.
          child.endRest();
          socket.close();
        }
        continue;
      }
      if (message.length == 0) {
        awaitEnd();
        throw brokenOff();
      }
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(message));
      Ask what = Ask.valueOf(in.readUTF());
      if (what == Ask.ENDED) {
        awaitEnd();
        finish(Ended.parseFrom(in));
        return;
      }
      answer(what, in);
    }
  }

  private static void finish(Ended ended) throws TrialEndException {
    if (ended.getCause() != Cause.CAUSE_COMPLETED || !ended.getMessage().isEmpty()) {
      throw TrialEndException.of(ended);
    }
  }

  private void listen(TrialSocket socket, Run run) {
    try (TrialLink accepted = socket.accept()) {
      // Nobody else connects, and a node that is killed leaves nothing behind.
      socket.close();
      accepted.send(Ask.text(folder.toString()));
      accepted.send(run.toByteArray());
      link = accepted;
      for (byte @Nullable [] message = accepted.receive();
          message != null;
          message = accepted.receive()) {
        hear(message);
      }
    } catch (IOException e) {
      // As good as an end of the process.
    } finally {
      heard.add(SILENCE);
    }
  }

  /** The log waits for nobody. */
  private void hear(byte[] message) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(message));
    if (in.readUTF().equals(Ask.LOG.name())) {
      trial.log(Ask.text(in.readAllBytes()));
    } else {
      heard.add(message);
    }
  }

  /** What it holds is free when its slot is, and all that it said is known. */
  private void awaitEnd() throws InterruptedException {
    child.awaitEnd(LONGEST_EXIT);
    child.kill();
    child.awaitEnd(LONGEST_EXIT);
    child.awaitOutput();
  }

  private TrialEndException brokenOff() {
    return child.exitCode() == 0
        ? TrialEndException.failed(
            "expected the trainer to return, but it ended its process with exit code 0")
        : OutOfMemory.failure(child, killsBefore);
  }

  private void answer(Ask what, DataInputStream in) throws IOException {
    byte[] answer;
    try {
      Ask.Content content = act(what, in);
      answer = Ask.message(Ask.Answer.FINE.name(), content);
    } catch (IllegalArgumentException e) {
      answer = refusal(Ask.Answer.ILLEGAL, e);
    } catch (CheckpointException e) {
      answer =
          Ask.message(
              Ask.Answer.STORE.name(),
              out -> {
                out.writeUTF(e.fault().name());
                Ask.writeText(out, String.valueOf(e.getMessage()));
              });
    } catch (IOException e) {
      answer = refusal(Ask.Answer.FAILED, e);
    }
    @Nullable TrialLink process = link;
    try {
      if (process != null) {
        process.send(answer);
      }
    } catch (IOException e) {
      // It has ended, which the listener hears too.
    }
  }

  private static byte[] refusal(Ask.Answer kind, Exception why) throws IOException {
    return Ask.message(kind.name(), out -> Ask.writeText(out, String.valueOf(why.getMessage())));
  }

  /** Does what is asked, and gives the answer. */
  private Ask.Content act(Ask what, DataInputStream in) throws IOException {
    switch (what) {
      case REPORT -> {
        String directive = report(Point.parseFrom(in)).name();
        return out -> out.writeUTF(directive);
      }
      case CHECKPOINT -> {
        Path file = folder.resolve(Ask.CHECKPOINT_FILE);
        trial.checkpoint(in.readLong(), out -> Files.copy(file, out));
        return out -> {};
      }
      case RESUME -> {
        Path file = folder.resolve(Ask.RESUME_FILE);
        try (InputStream content = trial.resumeFrom().orElseThrow().open()) {
          Files.copy(content, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return out -> {};
      }
      case DIRECTIVE -> {
        String directive = trial.directive().name();
        return out -> out.writeUTF(directive);
      }
      case CHECKPOINT_DUE -> {
        boolean due = trial.checkpointDue(in.readLong());
        return out -> out.writeBoolean(due);
      }
      case MILESTONE -> {
        long milestone = trial.milestone();
        return out -> out.writeLong(milestone);
      }
      case LOG, ENDED -> throw new IOException("expected a question, got " + what);
    }
    throw new IOException("expected a question");
  }

  private Directive report(Point point) {
    return point.hasCost()
        ? trial.report(point.getStep(), point.getMetricsMap(), point.getCost())
        : trial.report(point.getStep(), point.getMetricsMap());
  }
}
