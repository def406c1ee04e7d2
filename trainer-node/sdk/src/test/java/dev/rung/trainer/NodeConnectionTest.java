package dev.rung.trainer;

import static dev.rung.trainer.FakeServer.pause;
import static dev.rung.trainer.FakeServer.ref;
import static dev.rung.trainer.FakeServer.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Welcome;
import dev.rung.trainer.process.Gpu;
import dev.rung.trainer.process.GpuPool;
import dev.rung.trainer.process.GpuReading;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class NodeConnectionTest {
  private static final AttemptRef REF = ref("s/1", 1);

  private final NodeFixture fixture = new NodeFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private final Trainer steps =
      trial -> {
        for (long step = 1; step <= trial.maxResource(); step++) {
          Directive directive = trial.report(step, Map.of("loss", 1.0));
          fixture.seen.add(step);
          if (directive.mustEnd()) {
            return;
          }
        }
      };

  @Test
  void shouldSendWhatIsNotAcknowledgedAgainWhenItDialsAgain() throws InterruptedException {
    fixture.start(steps);
    FakeServer.Stream first = fixture.server.welcome();
    first.send(run(REF).setMilestone(4));
    first.awaitAccepted(REF);
    first.awaitEntries(REF, 1, 4);
    first.ack(REF, 2);
    first.fail(Status.UNAVAILABLE);
    FakeServer.Stream second = fixture.server.welcome();
    assertThat(second.hello().getConnection()).isEqualTo(2);
    assertThat(second.hello().getIncarnation()).isEqualTo(first.hello().getIncarnation());
    assertThat(second.hello().getAttemptsList()).containsExactly(REF);
    assertThat(second.awaitEntries(REF, 3, 2).get(0).getPoint().getStep()).isEqualTo(3);
    second.send(pause(REF, 1));
    assertThat(second.awaitEnded(REF, 5).getCause()).isEqualTo(Cause.CAUSE_PAUSED);
    second.ack(REF, 5);
    second.fail(Status.UNAVAILABLE);
    assertThat(fixture.server.welcome().hello().getAttemptsList()).isEmpty();
  }

  @Test
  void shouldSendAgainFromTheGapWhenTheServerAsks() throws InterruptedException {
    fixture.start(steps);
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    stream.awaitEntries(REF, 1, 3);
    stream.ackAndAskAgain(REF, 1);
    assertThat(stream.awaitEntries(REF, 2, 2).get(0).getPoint().getStep()).isEqualTo(2);
  }

  @Test
  void shouldHoldTheTrainerBackWhenTheWindowIsFull() throws InterruptedException {
    fixture.start(steps);
    FakeServer.Stream stream = fixture.server.accept();
    stream.send(Welcome.newBuilder().setWindowEntries(2).setWindowBytes(4 << 20));
    stream.send(run(REF).setMilestone(27));
    stream.awaitAccepted(REF);
    stream.awaitEntries(REF, 1, 2);
    assertThat(fixture.next()).isEqualTo(1L);
    assertThat(fixture.next()).isEqualTo(2L);
    // One more exactly for each entry that is acknowledged: the third report could not return
    // before.
    for (long seq = 1; seq <= 10; seq++) {
      assertThat(fixture.seen).isEmpty();
      assertThat(stream.pending()).isEmpty();
      stream.ack(REF, seq);
      assertThat(stream.awaitPoint(REF, seq + 2)).isEqualTo(seq + 2);
      assertThat(fixture.next()).isEqualTo(seq + 2);
    }
  }

  @Test
  void shouldDeliverTheWholeLogWhenTheServerIsKilledInTheMiddleOfIt() throws InterruptedException {
    CountDownLatch killed = new CountDownLatch(1);
    fixture.start(trial -> {
      for (long step = 1; step <= 20; step++) {
        assertThat(trial.report(step, Map.of("loss", 1.0))).isEqualTo(Directive.CONTINUE);
        if (step == 10) {
          fixture.seen.add("ten");
          killed.await();
        }
      }
      fixture.seen.add("done");
    });
    FakeServer.Stream first = fixture.server.welcome();
    first.send(run(REF).setMilestone(27));
    assertThat(fixture.next()).isEqualTo("ten");
    fixture.server.kill();
    killed.countDown();
    assertThat(fixture.next()).isEqualTo("done");
    fixture.server.start();
    FakeServer.Stream second = fixture.server.welcome();
    assertThat(second.hello().getAttemptsList()).containsExactly(REF);
    var entries = second.awaitEntries(REF, 1, 21);
    for (int i = 0; i < 20; i++) {
      assertThat(entries.get(i).getPoint().getStep()).isEqualTo(i + 1);
    }
    assertThat(entries.get(20).getEnded().getCause()).isEqualTo(Cause.CAUSE_COMPLETED);
  }

  @Test
  void shouldEndAsPausedWhenTheServerIsAwayAtAMilestone() throws InterruptedException {
    CountDownLatch killed = new CountDownLatch(1);
    fixture.start(trial -> {
      killed.await();
      fixture.seen.add(trial.report(3, Map.of("loss", 1.0)));
    });
    FakeServer.Stream first = fixture.server.welcome();
    first.send(run(REF).setLinger(Monitor.proto(Duration.ofMillis(10).toNanos())));
    first.awaitAccepted(REF);
    fixture.server.kill();
    killed.countDown();
    assertThat(fixture.next()).isEqualTo(Directive.PAUSE);
    fixture.server.start();
    var entries = fixture.server.welcome().awaitEntries(REF, 1, 2);
    assertThat(entries.get(1).getEnded().getCause()).isEqualTo(Cause.CAUSE_PAUSED);
  }

  @Test
  void shouldPreemptWhenItTrainsTooLongWithoutContact() throws InterruptedException {
    fixture.start(trial -> {
      long step = 0;
      while (!trial.report(++step, Map.of()).mustEnd()) {
        Thread.onSpinWait();
      }
      fixture.seen.add("ended");
    });
    FakeServer.Stream first = fixture.server.accept();
    first.send(
        Welcome.newBuilder()
            .setWindowEntries(10)
            .setKeepTraining(Monitor.proto(Duration.ofMillis(20).toNanos())));
    first.send(run(REF).setMilestone(1_000_000));
    first.awaitAccepted(REF);
    fixture.server.kill();
    assertThat(fixture.next()).isEqualTo("ended");
    fixture.server.start();
    FakeServer.Stream second = fixture.server.welcome();
    Ended ended = second.awaitLast(REF);
    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_PREEMPTED);
    assertThat(ended.getMessage()).isEqualTo("no contact with the server for 0 s");
  }

  @Test
  void shouldDialUntilThereIsAServerWhenThereIsNoneAtFirst() throws InterruptedException {
    fixture.server.kill();
    AtomicInteger dials = new AtomicInteger();
    CountDownLatch some = new CountDownLatch(5);
    TrainerNode node =
        fixture.start(
            fixture
                .builder(steps)
                .channels(() -> {
                  some.countDown();
                  // A channel that cannot even be made is an absent server as well.
                  if (dials.incrementAndGet() % 2 == 0) {
                    throw new IllegalStateException("no such host");
                  }
                  return fixture.server.channel();
                }));
    some.await();
    assertThat(node.isConnected()).isFalse();
    fixture.server.start();
    assertThat(fixture.server.welcome().hello().getConnection()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void shouldEndWhenANewerNodeOfTheSameNameTookOver() throws InterruptedException {
    TrainerNode node = fixture.start(steps);
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    stream.awaitEntries(REF, 1, 3);
    stream.fail(Status.ABORTED.withDescription("a newer session"));
    Outcome outcome = node.awaitTermination();
    assertThat(outcome.kind()).isEqualTo(Outcome.Kind.SUPERSEDED);
    assertThat(outcome.exitCode()).isEqualTo(5);
    assertThat(outcome.message())
        .isEqualTo("another node named node-1 took over at the server: ABORTED: a newer session");
  }

  @Test
  void shouldEndWhenTheServerSpeaksAnotherVersion() throws InterruptedException {
    TrainerNode node = fixture.start(steps);
    fixture.server.accept().fail(Status.FAILED_PRECONDITION.withDescription("speaks 2"));
    Outcome outcome = node.awaitTermination();
    assertThat(outcome)
        .isEqualTo(
            new Outcome(
                Outcome.Kind.REJECTED,
                "the server does not speak version 1 of the protocol: FAILED_PRECONDITION: speaks"
                    + " 2"));
    assertThat(outcome.exitCode()).isEqualTo(1);
  }

  @Test
  void shouldEndWhenTheServerTakesNoHelloOfItsKind() throws InterruptedException {
    TrainerNode node = fixture.start(steps);
    fixture.server.accept().fail(Status.INVALID_ARGUMENT.withDescription("slots"));
    assertThat(node.awaitTermination().kind()).isEqualTo(Outcome.Kind.REJECTED);
  }

  @Test
  void shouldDialAgainWhenTheServerRefusesAnEntryOrGoesAway() throws InterruptedException {
    fixture.start(steps);
    fixture.server.welcome().fail(Status.INVALID_ARGUMENT);
    fixture.server.welcome().fail(Status.RESOURCE_EXHAUSTED);
    fixture.server.accept().fail(Status.UNAVAILABLE);
    assertThat(fixture.server.welcome().hello().getConnection()).isEqualTo(4);
  }

  @Test
  void shouldDialAgainWhenTheServerDoesNotBeginWithWelcome() throws InterruptedException {
    fixture.start(steps);
    FakeServer.Stream stream = fixture.server.accept();
    stream.send(run(REF));
    stream.awaitEnd();
    assertThat(fixture.server.welcome().hello().getAttemptsList()).isEmpty();
  }

  @Test
  void shouldDialAgainWhenNoWelcomeComes() throws InterruptedException {
    fixture.start(
        fixture
            .builder(steps)
            .timing(
                new NodeSettings.Timing(
                    Duration.ofMillis(1),
                    Duration.ofMillis(1),
                    // Long enough for Hello to arrive on a busy machine.
                    Duration.ofMillis(500),
                    Duration.ofMillis(100),
                    Duration.ofMillis(1),
                    Duration.ofMillis(1))));
    fixture.server.accept().awaitEnd();
    assertThat(fixture.server.accept().hello().getConnection()).isEqualTo(2);
  }

  @Test
  void shouldGiveASignOfLifeWhenThereIsNothingElseToSay() throws InterruptedException {
    fixture.start(steps);
    FakeServer.Stream stream = fixture.server.accept();
    stream.send(Welcome.newBuilder().setHeartbeat(Monitor.proto(Duration.ofMillis(15).toNanos())));
    stream.awaitHeartbeat();
    stream.awaitHeartbeat();
  }

  @Test
  void shouldTellWhatItsGpusDoWithTheSignsOfLife() throws InterruptedException {
    GpuReading busy =
        new GpuReading(
            0,
            "NVIDIA H200",
            OptionalLong.of(512),
            OptionalLong.of(143_771),
            OptionalLong.of(97),
            OptionalLong.of(64));
    GpuReading others =
        new GpuReading(
            1,
            "NVIDIA H200",
            OptionalLong.of(1),
            OptionalLong.of(143_771),
            OptionalLong.empty(),
            OptionalLong.empty());
    AtomicInteger asked = new AtomicInteger();
    GpuPool pool =
        new GpuPool(
            List.of(new Gpu(0, "GPU-a", "NVIDIA H200", 143_771)),
            () -> {
              if (asked.getAndIncrement() == 0) {
                throw new IllegalStateException("nvidia-smi ended with 9: no driver");
              }
              return List.of(busy, others);
            });
    fixture.start(fixture.builder(new TroubledTrainer()).isolation(Isolation.PROCESS).gpus(pool));
    FakeServer.Stream stream = fixture.server.welcome();
    var gpus = stream.awaitHeartbeat().getGpusList();
    assertThat(gpus).hasSize(1);
    assertThat(gpus.get(0))
        .isEqualTo(
            dev.rung.proto.v1.GpuReading.newBuilder()
                .setName("NVIDIA H200")
                .setMemoryUsed(512L << 20)
                .setMemoryTotal(143_771L << 20)
                .setUtilization(97)
                .setTemperature(64)
                .build());
    assertThat(stream.awaitHeartbeat().getGpusCount()).isEqualTo(1);
  }

  @Test
  void shouldTrainOnWhenTheServerSendsNonsense() throws InterruptedException {
    fixture.start(steps);
    FakeServer.Stream stream = fixture.server.welcome();
    stream.ack(ref("nobody/1", 7), 3);
    stream.send(pause(ref("nobody/1", 7), 3));
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    stream.awaitEntries(REF, 1, 3);
    stream.ack(REF, 99);
    stream.ackAndAskAgain(REF, 0);
    stream.awaitEntries(REF, 1, 3);
  }
}
