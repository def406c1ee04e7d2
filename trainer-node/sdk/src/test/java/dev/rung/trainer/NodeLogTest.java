package dev.rung.trainer;

import static dev.rung.trainer.FakeServer.directive;
import static dev.rung.trainer.FakeServer.fenced;
import static dev.rung.trainer.FakeServer.ref;
import static dev.rung.trainer.FakeServer.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Fenced;
import dev.rung.proto.v1.Welcome;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes with a data folder, and what becomes of the logs in it. */
@Timeout(60)
class NodeLogTest {
  private static final AttemptRef REF = ref("s/1", 1);

  @TempDir Path data;
  private final NodeFixture fixture = new NodeFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Reports step by step until it must end. */
  private final Trainer steps =
      trial -> {
        for (long step = 1; step <= trial.maxResource(); step++) {
          if (trial.report(step, Map.of("loss", 1.0)).mustEnd()) {
            return;
          }
        }
      };

  @Test
  void shouldDeliverWhatAnEarlierProcessLeftAndThenSayThatItIsLost() throws Exception {
    leave(REF, 3, false);
    fixture.start(node());
    FakeServer.Stream stream = fixture.server.welcome();
    assertThat(stream.hello().getAttemptsList()).containsExactly(REF);
    assertThat(stream.awaitEntries(REF, 1, 3))
        .extracting(e -> e.getPoint().getStep())
        .containsExactly(1L, 2L, 3L);
    stream.ack(REF, 0);
    Ended ended = stream.awaitEnded(REF, 4);
    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_LOST);
    assertThat(ended.getMessage()).isEqualTo("node node-1 was started anew");
    assertThat(logs()).hasSize(1);
    stream.ack(REF, 4);
    awaitNoLogs();
    stream.fail(Status.UNAVAILABLE);
    assertThat(fixture.server.welcome().hello().getAttemptsList()).isEmpty();
  }

  @Test
  void shouldDeliverAClosedLogAsItIs() throws Exception {
    leave(REF, 1, true);
    fixture.start(node());
    FakeServer.Stream stream = fixture.server.welcome();
    List<Entry> entries = stream.awaitEntries(REF, 1, 2);
    assertThat(entries.get(1).getEnded().getCause()).isEqualTo(Cause.CAUSE_COMPLETED);
    stream.ack(REF, 2);
    awaitNoLogs();
    assertThat(stream.pending()).isEmpty();
  }

  @Test
  void shouldDeliverOnlyWhatTheServerDoesNotHave() throws Exception {
    leave(REF, 3, false);
    fixture.start(node());
    FakeServer.Stream stream = fixture.server.accept();
    stream.send(Welcome.newBuilder().setWindowEntries(1));
    assertThat(stream.awaitPoint(REF, 1)).isEqualTo(1);
    stream.ack(REF, 2);
    assertThat(stream.awaitPoint(REF, 3)).isEqualTo(3);
    stream.ackAndAskAgain(REF, 2);
    assertThat(stream.awaitPoint(REF, 3)).isEqualTo(3);
    stream.ack(REF, 3);
    assertThat(stream.awaitEnded(REF, 4).getCause()).isEqualTo(Cause.CAUSE_LOST);
  }

  /** After a power loss the file may end before what the server has. */
  @Test
  void shouldEndTheAttemptAfterWhatTheServerHasWhenTheFileHasLess() throws Exception {
    leave(REF, 2, false);
    fixture.start(node());
    FakeServer.Stream stream = fixture.server.welcome();
    stream.awaitEntries(REF, 1, 2);
    stream.ack(REF, 7);
    assertThat(stream.awaitEnded(REF, 8).getCause()).isEqualTo(Cause.CAUSE_LOST);
    stream.ack(REF, 8);
    awaitNoLogs();
  }

  @Test
  void shouldEndTheAttemptAfterTheServersEntryThatTheFileLost() throws Exception {
    leave(REF, 2, false);
    fixture.start(node());
    FakeServer.Stream stream = fixture.server.welcome();
    stream.awaitEntries(REF, 1, 2);
    // The number that the end would have had.
    stream.ack(REF, 3);
    assertThat(stream.awaitEnded(REF, 4).getCause()).isEqualTo(Cause.CAUSE_LOST);
  }

  @Test
  void shouldKeepLogsOverManyStartsWhenTheServerIsAway() throws Exception {
    leave(REF, 2, false);
    leave(ref("s/2", 1), 1, true);
    fixture.server.kill();
    for (int start = 0; start < 3; start++) {
      TrainerNode node = fixture.start(node());
      node.close();
      assertThat(logs()).hasSize(2);
    }
    fixture.server.start();
    fixture.start(node());
    FakeServer.Stream stream = fixture.server.welcome();
    assertThat(stream.hello().getAttemptsList()).containsExactlyInAnyOrder(REF, ref("s/2", 1));
  }

  @Test
  void shouldGoOnDeliveringWhenItDiesWhileItDelivers() throws Exception {
    leave(REF, 2, false);
    TrainerNode first = fixture.start(node());
    FakeServer.Stream stream = fixture.server.welcome();
    stream.awaitEntries(REF, 1, 2);
    stream.ack(REF, 2);
    // The server takes the end, but its answer never comes.
    stream.awaitEnded(REF, 3);
    fixture.server.kill();
    first.close();
    fixture.server.start();
    fixture.start(node());
    FakeServer.Stream again = fixture.server.welcome();
    assertThat(again.hello().getIncarnation()).isGreaterThan(stream.hello().getIncarnation());
    again.awaitEntries(REF, 1, 2);
    again.ack(REF, 3);
    // Numbered after what the server has; a server that has the end already fences the attempt.
    assertThat(again.awaitEnded(REF, 4).getCause()).isEqualTo(Cause.CAUSE_LOST);
    again.send(fenced(REF, 1));
    awaitNoLogs();
  }

  @Test
  void shouldHaveAnEntryOnDiskBeforeItIsSentAndNothingAfterItIsDelivered() throws Exception {
    fixture.start(node());
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    assertThat(logs()).hasSize(1);
    for (long seq = 1; seq <= 3; seq++) {
      stream.awaitPoint(REF, seq);
      assertThat(LogFileTest.content(logs().get(0)).entries().last()).isGreaterThanOrEqualTo(seq);
    }
    stream.send(FakeServer.pause(REF, 1));
    stream.awaitEnded(REF, 4);
    assertThat(LogFileTest.content(logs().get(0)).closed()).isTrue();
    stream.ack(REF, 4);
    awaitNoLogs();
  }

  @Test
  void shouldDeliverAfterARestartWhatItCouldNotBeforeItClosed() throws Exception {
    TrainerNode node = fixture.start(node());
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF).setMilestone(28));
    stream.awaitAccepted(REF);
    stream.awaitEntries(REF, 1, 28);
    fixture.server.kill();
    node.close();
    assertThat(logs()).hasSize(1);
    fixture.server.start();
    fixture.start(node());
    List<Entry> entries = fixture.server.welcome().awaitEntries(REF, 1, 28);
    assertThat(entries.get(26).getPoint().getStep()).isEqualTo(27);
    assertThat(entries.get(27).getEnded().getCause()).isEqualTo(Cause.CAUSE_COMPLETED);
  }

  @Test
  void shouldDeliverAFencedAttemptsEntriesAsLateWhenTheServerTakesThem() throws Exception {
    fixture.start(node());
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    stream.awaitEntries(REF, 1, 3);
    stream.ack(REF, 1);
    stream.fail(Status.UNAVAILABLE);
    FakeServer.Stream second = fixture.server.welcome();
    second.send(late(REF));
    second.awaitEntries(REF, 2, 2);
    assertThat(logs()).hasSize(1);
    second.send(run(ref("s/2", 1)));
    second.awaitAccepted(ref("s/2", 1));
    second.awaitEntries(ref("s/2", 1), 1, 3);
    second.ack(REF, 3);
    second.fail(Status.UNAVAILABLE);
    FakeServer.Stream third = fixture.server.welcome();
    assertThat(third.hello().getAttemptsList()).containsExactly(ref("s/2", 1));
    assertThat(logs()).hasSize(1);
  }

  @Test
  void shouldForgetAFencedAttemptsLogWhenTheServerTakesNothingOfIt() throws Exception {
    leave(REF, 3, false);
    fixture.start(node());
    FakeServer.Stream stream = fixture.server.welcome();
    stream.awaitEntries(REF, 1, 3);
    stream.send(fenced(REF, 1));
    awaitNoLogs();
    assertThat(stream.pending()).isEmpty();
  }

  @Test
  void shouldDeliverALeftOverLogAsLateWhenTheAttemptWasEndedMeanwhile() throws Exception {
    leave(REF, 2, false);
    fixture.start(node());
    FakeServer.Stream stream = fixture.server.welcome();
    stream.awaitEntries(REF, 1, 2);
    stream.send(late(REF));
    stream.ack(REF, 2);
    // Whether the end comes too depends on what the node heard first; both are the whole log.
    await(() -> logs().isEmpty() || !stream.pending().isEmpty());
    if (!stream.pending().isEmpty()) {
      stream.awaitEnded(REF, 3);
      stream.ack(REF, 3);
    }
    awaitNoLogs();
  }

  @Test
  void shouldLeaveLogsAloneWhenANewerNodeOfTheSameNameTookOver() throws Exception {
    leave(ref("s/9", 1), 1, true);
    TrainerNode node = fixture.start(node());
    FakeServer.Stream stream = fixture.server.welcome();
    stream.awaitEntries(ref("s/9", 1), 1, 2);
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    stream.awaitEntries(REF, 1, 3);
    stream.fail(Status.ABORTED.withDescription("a newer session"));
    assertThat(node.awaitTermination().kind()).isEqualTo(Outcome.Kind.SUPERSEDED);
    assertThat(logs()).hasSize(2);
    fixture.start(node());
    FakeServer.Stream again = fixture.server.welcome();
    assertThat(again.hello().getAttemptsList()).containsExactlyInAnyOrder(ref("s/9", 1), REF);
  }

  @Test
  void shouldNotStartWhenAnotherNodeHasTheFolder() {
    fixture.start(node());
    TrainerNode other = node().build();
    assertThatThrownBy(other::start).isInstanceOf(FolderInUseException.class);
    other.close();
    fixture.start(node().name("node-2"));
  }

  @Test
  void shouldWaitWhileTheDiskTakesNothing() throws Exception {
    Monitor monitor = new Monitor();
    Attempt attempt = new Attempt(run(REF).build(), null, new Window());
    CountDownLatch failed = new CountDownLatch(1);
    LogWriter writer =
        new LogWriter(
            monitor,
            attempt,
            entry -> {
              if (failed.getCount() > 0) {
                failed.countDown();
                throw new IOException("No space left on device");
              }
              fixture.seen.add(entry);
            });
    assertThat(writer.write(LogFileTest.entry(1))).isTrue();
    assertThat(fixture.seen).containsExactly(LogFileTest.entry(1));
  }

  @Test
  void shouldGiveUpWaitingForTheDiskWhenTheAttemptIsFenced() throws Exception {
    Monitor monitor = new Monitor();
    Attempt attempt = new Attempt(run(REF).build(), null, new Window());
    LogWriter writer =
        new LogWriter(
            monitor,
            attempt,
            entry -> {
              fixture.seen.add("tried");
              throw new IOException("No space left on device");
            });
    Thread trainer =
        new Thread(() -> fixture.seen.add(writer.write(LogFileTest.entry(1))), "trainer");
    trainer.start();
    assertThat(fixture.next()).isEqualTo("tried");
    synchronized (monitor) {
      attempt.orders().fence();
      monitor.changed();
    }
    Object next = fixture.next();
    while (next.equals("tried")) {
      next = fixture.next();
    }
    assertThat(next).isEqualTo(false);
  }

  @Test
  void shouldEndAtACheckpointWithExit75WhenTheServerIsAwayForTooLong() throws Exception {
    CountDownLatch away = new CountDownLatch(1);
    Trainer saves =
        trial -> {
          away.await();
          for (long step = 1; true; step++) {
            if (trial.checkpointDue(step)) {
              trial.checkpoint(step, out -> out.write(1));
            }
            if (trial.report(step, Map.of("loss", 1.0)).mustEnd()) {
              return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
          }
        };
    TrainerNode node = fixture.start(fixture.builder(saves).dataFolder(data.resolve("logs")));
    FakeServer.Stream stream = fixture.server.accept();
    stream.send(
        Welcome.newBuilder()
            .setWindowEntries(1_024)
            .setKeepTraining(Monitor.proto(TimeUnit.MILLISECONDS.toNanos(20))));
    stream.send(run(REF).setMilestone(1_000_000).setCheckpointPrefix(data.toUri() + "s/1/1/"));
    stream.awaitAccepted(REF);
    fixture.server.kill();
    away.countDown();

    Outcome outcome = node.awaitTermination();

    assertThat(outcome)
        .isEqualTo(new Outcome(Outcome.Kind.NO_CONTACT, "no contact with the server for 0 s"));
    assertThat(outcome.exitCode()).isEqualTo(75);
    fixture.server.start();
    fixture.start(fixture.builder(steps).dataFolder(data.resolve("logs")));
    FakeServer.Stream again = fixture.server.welcome();
    boolean saved = false;
    Entry last = Entry.getDefaultInstance();
    for (long seq = 1; !last.hasEnded(); seq++) {
      last = again.awaitEntries(REF, seq, 1).get(0);
      saved |= last.hasCheckpoint();
    }
    assertThat(saved).isTrue();
    assertThat(last.getEnded().getCause()).isEqualTo(Cause.CAUSE_PREEMPTED);
  }

  @Test
  void shouldDialOnWhenItNeverHadContact() throws Exception {
    fixture.server.kill();
    CountDownLatch dials = new CountDownLatch(5);
    TrainerNode node =
        fixture.start(
            node()
                .channels(() -> {
                  dials.countDown();
                  return fixture.server.channel();
                }));
    assertThat(dials.await(20, TimeUnit.SECONDS)).isTrue();
    assertThat(node.isConnected()).isFalse();
    fixture.server.start();
    fixture.server.welcome();
  }

  private TrainerNode.Builder node() {
    return fixture.builder(steps).dataFolder(data);
  }

  private static dev.rung.proto.v1.Directive.Builder late(AttemptRef ref) {
    return directive(ref, 1).setFenced(Fenced.newBuilder().setDeliver(true));
  }

  /** What a process leaves that is killed: its log as far as it came. */
  private void leave(AttemptRef ref, int points, boolean closed) throws IOException {
    try (NodeFolder folder = NodeFolder.open(data.resolve("node-1"));
        LogFile file = folder.create(ref)) {
      for (int step = 1; step <= points; step++) {
        file.append(LogFileTest.entry(step));
      }
      if (closed) {
        file.append(LogFileTest.end());
      }
    }
  }

  private List<Path> logs() {
    try (var files = Files.list(data.resolve("node-1/attempts"))) {
      return files.toList();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void awaitNoLogs() {
    await(() -> logs().isEmpty());
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the deadline").isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }
}
