package dev.rung.trainer;

import static dev.rung.trainer.FakeServer.goOn;
import static dev.rung.trainer.FakeServer.ref;
import static dev.rung.trainer.FakeServer.run;
import static dev.rung.trainer.FakeServer.stop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Drain;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.ServerMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NodeEndTest {
  private static final AttemptRef REF = ref("s/1", 1);

  private final NodeFixture fixture = new NodeFixture();

  @TempDir Path folder;

  @AfterEach
  void close() {
    fixture.close();
  }

  private Ended end(Trainer trainer) throws InterruptedException {
    fixture.start(trainer);
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    return stream.awaitLast(REF);
  }

  @Test
  void shouldEndAsCompletedWhenTheTrainerReturns() throws InterruptedException {
    assertThat(end(trial -> trial.report(1, Map.of())).getCause()).isEqualTo(Cause.CAUSE_COMPLETED);
  }

  @Test
  void shouldEndAsUserErrorWithTheTraceWhenTheTrainerThrows() throws InterruptedException {
    Ended ended =
        end(trial -> {
          throw new IOException("no such data set");
        });
    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_USER_ERROR);
    assertThat(ended.getMessage())
        .startsWith("java.io.IOException: no such data set\n\tat dev.rung.trainer.NodeEndTest");
  }

  @Test
  void shouldEndAsOutOfMemoryWhenItIsWrapped() throws InterruptedException {
    Ended ended =
        end(trial -> {
          throw new IllegalStateException(new OutOfMemoryError("Java heap space"));
        });
    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_OUT_OF_MEMORY);
    assertThat(ended.getMessage()).isEqualTo("java.lang.OutOfMemoryError: Java heap space");
  }

  @Test
  void shouldEndAsInfeasibleWhenTheTrainerSaysSo() throws InterruptedException {
    Ended ended =
        end(trial -> {
          throw new InfeasibleException("width below depth");
        });
    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_INFEASIBLE);
    assertThat(ended.getMessage()).isEqualTo("width below depth");
  }

  @Test
  void shouldEndAsDivergedWhenTheTrainerSaysSo() throws InterruptedException {
    Ended ended =
        end(trial -> {
          throw new DivergedException("loss is infinite");
        });
    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_DIVERGED);
    assertThat(ended.getMessage()).isEqualTo("loss is infinite");
  }

  @Test
  void shouldEndAsDirectedWhenTheTrainerThrowsInterruptedAfterAStop() throws InterruptedException {
    fixture.start(trial -> {
      trial.report(3, Map.of("loss", 1.0));
      throw new InterruptedException();
    });
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    stream.awaitPoint(REF, 1);
    stream.send(stop(REF, 1));
    assertThat(stream.awaitEnded(REF, 2).getCause()).isEqualTo(Cause.CAUSE_STOPPED);
  }

  @Test
  void shouldEndAsUserErrorWhenTheTrainerThrowsInterruptedOnItsOwn() throws InterruptedException {
    Ended ended =
        end(trial -> {
          throw new InterruptedException("my own");
        });
    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_USER_ERROR);
  }

  @Test
  void shouldEndAsUserErrorWhenAValueHasNoKind() throws InterruptedException {
    fixture.start(trial -> fixture.seen.add("begun"));
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(
        run(REF)
            .setAssignment(
                Assignment.newBuilder().addParameters(Parameter.newBuilder().setName("rate"))));
    stream.awaitAccepted(REF);
    Ended ended = stream.awaitEnded(REF, 1);
    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_USER_ERROR);
    assertThat(ended.getMessage())
        .isEqualTo("expected 'rate' to have a value of a known kind, but it has none");
    assertThat(fixture.seen).isEmpty();
  }

  @Test
  void shouldRefuseReportWhenStepsOrMetricsAreWrong() throws InterruptedException {
    Ended ended =
        end(trial -> {
          trial.report(2, Map.of("loss", 1.0));
          assertThatIllegalArgumentException()
              .isThrownBy(() -> trial.report(1, Map.of()))
              .withMessage("expected the step of a report to be positive and not before 2, got 1");
          assertThatIllegalArgumentException().isThrownBy(() -> trial.report(0, Map.of()));
          // One more than the server takes: 2^48 = 281,474,976,710,656.
          assertThatIllegalArgumentException()
              .isThrownBy(() -> trial.report(281_474_976_710_657L, Map.of()))
              .withMessage("expected the step of a report to be at most 2^48, got 281474976710657");
          Map<String, Double> many = new HashMap<>();
          for (int i = 0; i < 64; i++) {
            many.put("m" + i, 1.0);
          }
          trial.report(2, many);
          many.put("m64", 1.0);
          assertThatIllegalArgumentException()
              .isThrownBy(() -> trial.report(2, many))
              .withMessage("expected at most 64 metrics at step 2, got 65");
          trial.report(2, Map.of("x".repeat(128), 1.0));
          assertThatIllegalArgumentException()
              .isThrownBy(() -> trial.report(2, Map.of("x".repeat(129), 1.0)))
              .withMessage("expected metric names of 1 to 128 characters, got 129");
          assertThatIllegalArgumentException().isThrownBy(() -> trial.report(2, Map.of("", 1.0)));
        });
    assertThat(ended.getMessage()).isEmpty();
    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_COMPLETED);
  }

  @Test
  void shouldPreemptAfterTheNextCheckpointWhenClosed() throws Exception {
    CountDownLatch draining = new CountDownLatch(1);
    TrainerNode node =
        fixture.start(
            fixture
                .builder(trial -> {
                  fixture.seen.add(trial.checkpointDue(1));
                  draining.await();
                  assertThat(trial.report(1, Map.of())).isEqualTo(Directive.CONTINUE);
                  assertThat(trial.checkpointDue(2)).isTrue();
                  trial.checkpoint(2, out -> out.write(1));
                  fixture.seen.add(trial.report(2, Map.of()));
                })
                .drainDeadline(Duration.ofMinutes(1)));
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF).setCheckpointPrefix(folder.toUri() + "s/1/1/"));
    stream.awaitAccepted(REF);
    assertThat(fixture.next()).isEqualTo(false);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(node::close);
    var said = stream.await("Draining", m -> m.hasDraining()).getDraining();
    assertThat(Monitor.nanos(said.getDeadline()))
        .isBetween(TimeUnit.SECONDS.toNanos(30), TimeUnit.SECONDS.toNanos(60));
    AttemptRef other = ref("s/2", 1);
    stream.send(run(other));
    assertThat(stream.awaitRefused(other)).isEqualTo("the node is draining");
    draining.countDown();
    stream.awaitPoint(REF, 1);
    assertThat(stream.awaitCheckpoint(REF, 2).getStep()).isEqualTo(2);
    stream.awaitPoint(REF, 3);
    Ended ended = stream.awaitEnded(REF, 4);
    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_PREEMPTED);
    assertThat(fixture.next()).isEqualTo(Directive.STOP);
    assertThat(closing.isDone()).isFalse();
    stream.ack(REF, 4);
    stream.awaitEnd();
    closing.get(20, TimeUnit.SECONDS);
    assertThat(node.awaitTermination().kind()).isEqualTo(Outcome.Kind.CLOSED);
    assertThat(node.awaitTermination().exitCode()).isZero();
  }

  @Test
  void shouldPreemptAtTheDeadlineWhenNoCheckpointComes() throws Exception {
    TrainerNode node =
        fixture.start(
            fixture
                .builder(trial -> new CountDownLatch(1).await())
                .drainDeadline(Duration.ofHours(1)));
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    stream.send(
        ServerMessage.newBuilder()
            .setDrain(
                Drain.newBuilder()
                    .setReason("spot notice")
                    .setDeadline(Monitor.proto(10_000_000))));
    assertThat(stream.await("Draining", m -> m.hasDraining()).getDraining().getDeadline())
        .satisfies(left -> assertThat(Monitor.nanos(left)).isLessThanOrEqualTo(10_000_000));
    Ended ended = stream.awaitEnded(REF, 1);
    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_PREEMPTED);
    stream.ack(REF, 1);
    assertThat(node.awaitTermination())
        .isEqualTo(new Outcome(Outcome.Kind.DRAINED, "the server asks it: spot notice"));
  }

  @Test
  void shouldLetTheServersWordStandWhenItComesWhileDraining() throws Exception {
    TrainerNode node =
        fixture.start(
            fixture
                .builder(trial -> {
                  fixture.seen.add(trial.report(3, Map.of("loss", 1.0)));
                  fixture.seen.add(trial.report(4, Map.of("loss", 1.0)));
                })
                .drainDeadline(Duration.ofMinutes(1)));
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    stream.awaitPoint(REF, 1);
    CompletableFuture<Void> closing = CompletableFuture.runAsync(node::close);
    stream.await("Draining", m -> m.hasDraining());
    stream.send(goOn(REF, 1, 4));
    stream.awaitPoint(REF, 2);
    stream.send(stop(REF, 2));
    assertThat(stream.awaitEnded(REF, 3).getCause()).isEqualTo(Cause.CAUSE_STOPPED);
    stream.ack(REF, 3);
    closing.get(20, TimeUnit.SECONDS);
    assertThat(fixture.seen).containsExactly(Directive.CONTINUE, Directive.STOP);
  }

  @Test
  void shouldCloseAtOnceWhenThereIsNothingToDeliver() throws InterruptedException {
    fixture.server.kill();
    TrainerNode node = fixture.start(trial -> {});
    node.close();
    node.close();
    assertThat(node.awaitTermination().kind()).isEqualTo(Outcome.Kind.CLOSED);
    assertThatIllegalStateException().isThrownBy(node::start);
  }
}
