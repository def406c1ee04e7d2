package dev.rung.trainer;

import dev.rung.checkpoint.CheckpointException;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Point;
import dev.rung.proto.v1.Run;
import dev.rung.trainer.process.TrialLink;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A trial as its trainer sees it in a process of its own: everything is asked of the node, one
 * question at a time, and a checkpoint passes through a file of the attempt's folder.
 */
final class RemoteTrial extends RunTrial {
  /** As much as the node's log of a trial keeps. */
  private static final int LONGEST_LOG = TrialLog.MOST_CHARACTERS;

  private final TrialLink node;
  private final Path folder;
  private final Optional<ResumePoint> resume;
  private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();
  private boolean hasResumeFile;

  /**
   * @param folder where the node and this process pass checkpoints to each other
   * @param run what to train, as {@link ProcessTrainer} writes it
   */
  RemoteTrial(TrialLink node, Path folder, Run run) {
    super(run);
    this.node = node;
    this.folder = folder;
    this.resume =
        run.hasResume() ? Optional.of(new FilePoint(run.getResume().getStep())) : Optional.empty();
  }

  /** Takes an answer of the node. */
  void answered(byte[] answer) {
    answers.add(answer);
  }

  /** The last word. */
  void end(Ended ended) throws IOException {
    node.send(Ask.ENDED.message(ended::writeTo));
  }

  private final class FilePoint implements ResumePoint {
    private final long step;

    FilePoint(long step) {
      this.step = step;
    }

    @Override
    public long step() {
      return step;
    }

    @Override
    public InputStream open() throws IOException {
      synchronized (RemoteTrial.this) {
        if (!hasResumeFile) {
          DataInputStream unused = ask(Ask.RESUME, out -> {});
          hasResumeFile = true;
        }
      }
      return Files.newInputStream(folder.resolve(Ask.RESUME_FILE));
    }
  }

  /** Asks and waits for the answer. */
  private synchronized DataInputStream ask(Ask what, Ask.Content content) throws IOException {
    node.send(what.message(content));
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return read(answers.take());
        } catch (InterruptedException e) {
          // The trainer's own doing. The answer comes all the same, and must not be the next one's.
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The answer without its first word. */
  private static DataInputStream read(byte[] answer) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(answer));
    return switch (Ask.Answer.valueOf(in.readUTF())) {
      case FINE -> in;
      case ILLEGAL -> throw new IllegalArgumentException(Ask.text(in.readAllBytes()));
      case FAILED -> throw new IOException(Ask.text(in.readAllBytes()));
      case STORE -> {
        CheckpointException.Fault fault = CheckpointException.Fault.valueOf(in.readUTF());
        throw new CheckpointException(fault, Ask.text(in.readAllBytes()), null);
      }
    };
  }

  private interface Reader<T> {
    T read(DataInputStream in) throws IOException;
  }

  /** As {@link #ask}, for questions that no store has a part in. */
  private <T> T askNode(Ask what, Ask.Content content, Reader<T> answer) {
    try {
      return answer.read(ask(what, content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<ResumePoint> resumeFrom() {
    return resume;
  }

  @Override
  public long milestone() {
    return askNode(Ask.MILESTONE, out -> {}, DataInputStream::readLong);
  }

  @Override
  public boolean checkpointDue(long step) {
    return askNode(Ask.CHECKPOINT_DUE, out -> out.writeLong(step), DataInputStream::readBoolean);
  }

  @Override
  public synchronized void checkpoint(long step, CheckpointWriter writer) throws IOException {
    Path file = folder.resolve(Ask.CHECKPOINT_FILE);
    try {
      try (OutputStream out = Files.newOutputStream(file)) {
        writer.write(out);
      }
      DataInputStream unused = ask(Ask.CHECKPOINT, out -> out.writeLong(step));
    } finally {
      Files.deleteIfExists(file);
    }
  }

  @Override
  public Directive report(long step, Map<String, Double> metrics) {
    return report(Points.of(step, metrics).build());
  }

  @Override
  public Directive report(long step, Map<String, Double> metrics, double cost) {
    return report(Points.of(step, metrics).setCost(cost).build());
  }

  private Directive report(Point point) {
    return askNode(Ask.REPORT, point::writeTo, RemoteTrial::readDirective);
  }

  private static Directive readDirective(DataInputStream in) throws IOException {
    return Directive.valueOf(in.readUTF());
  }

  @Override
  public void log(String text) {
    String end = text.substring(Math.max(0, text.length() - LONGEST_LOG));
    try {
      node.send(Ask.LOG.message(out -> Ask.writeText(out, end)));
    } catch (IOException e) {
      // The node is gone, and this process with it.
    }
  }

  @Override
  public Directive directive() {
    return askNode(Ask.DIRECTIVE, out -> {}, RemoteTrial::readDirective);
  }
}
