package dev.rung.trainer;

import static dev.rung.trainer.FakeServer.fenced;
import static dev.rung.trainer.FakeServer.goOn;
import static dev.rung.trainer.FakeServer.pause;
import static dev.rung.trainer.FakeServer.ref;
import static dev.rung.trainer.FakeServer.run;
import static dev.rung.trainer.FakeServer.stop;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Point;
import dev.rung.proto.v1.Value;
import dev.rung.proto.v1.Welcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NodeAttemptTest {
  private static final AttemptRef REF = ref("s/1", 1);

  @TempDir Path folder;

  private final NodeFixture fixture = new NodeFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Reports steps until it is told to end. */
  private final Trainer steps =
      trial -> {
        for (long step = trial.startStep() + 1; step <= trial.maxResource(); step++) {
          Directive directive = trial.report(step, Map.of("loss", 1.0 / step));
          fixture.seen.add(directive);
          if (directive.mustEnd()) {
            return;
          }
        }
      };

  @Test
  void shouldSayWhoItIsWhenItDials() throws InterruptedException {
    fixture.start(fixture.builder(steps).slots(3));
    var hello = fixture.server.welcome().hello();
    assertThat(hello.getProtocol()).isEqualTo(1);
    assertThat(hello.getNode()).isEqualTo("node-1");
    assertThat(hello.getConnection()).isEqualTo(1);
    assertThat(hello.getIncarnation()).isPositive();
    assertThat(hello.getSlots()).isEqualTo(3);
    assertThat(hello.getKindsList()).containsExactly("test");
    assertThat(hello.getAttemptsList()).isEmpty();
    assertThat(hello.getPid()).isEqualTo(ProcessHandle.current().pid());
  }

  @Test
  void shouldHandTheRunToTheTrainerWhenItBegins() throws InterruptedException {
    fixture.start(trial -> {
      fixture.seen.add(trial.trial() + " " + trial.attempt() + " " + trial.assignment());
      fixture.seen.add(trial.config().getString("data"));
      fixture.seen.add(trial.milestone() + " " + trial.maxResource() + " " + trial.seed());
      fixture.seen.add(trial.objectives());
      fixture.seen.add(Thread.currentThread().getName());
    });
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF).putConfig("data", Value.newBuilder().setStringValue("digits").build()));
    stream.awaitAccepted(REF);
    assertThat(fixture.next()).isEqualTo("s/1 1 {}");
    assertThat(fixture.next()).isEqualTo("digits");
    assertThat(fixture.next()).isEqualTo("3 27 42");
    assertThat(fixture.next()).isEqualTo(java.util.List.of("loss"));
    assertThat(fixture.next()).isEqualTo("node-1-slot-1");
  }

  @Test
  void shouldGoOnInPlaceWhenTheServerContinuesAtAMilestone() throws InterruptedException {
    fixture.start(steps);
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    assertThat(stream.awaitEntries(REF, 1, 3).get(2).getPoint().getStep()).isEqualTo(3);
    stream.send(goOn(REF, 1, 5));
    assertThat(stream.awaitEntries(REF, 4, 2).get(1).getPoint().getStep()).isEqualTo(5);
    stream.send(pause(REF, 2).setReason("not among the best"));
    Ended ended = stream.awaitEnded(REF, 6);
    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_PAUSED);
    assertThat(ended.getMessage()).isEqualTo("not among the best");
    assertThat(fixture.seen)
        .containsExactly(
            Directive.CONTINUE,
            Directive.CONTINUE,
            Directive.CONTINUE,
            Directive.CONTINUE,
            Directive.PAUSE);
  }

  @Test
  void shouldSendTheCostWhereItIsReported() throws InterruptedException {
    fixture.start(trial -> {
      trial.report(1, Map.of("loss", 1.0), 2.5);
      trial.report(2, Map.of("loss", 1.0));
      try {
        trial.report(2, Map.of("loss", 1.0), Double.NaN);
      } catch (IllegalArgumentException e) {
        fixture.seen.add(e.getMessage());
      }
    });
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    java.util.List<dev.rung.proto.v1.Entry> entries = stream.awaitEntries(REF, 1, 2);
    assertThat(entries.get(0).getPoint().getCost()).isEqualTo(2.5);
    assertThat(entries.get(1).getPoint().hasCost()).isFalse();
    assertThat(fixture.next()).isEqualTo("expected a cost from 0 at step 2, got NaN");
  }

  /**
   * No directive comes at the milestones 3, and nobody waits for one: all 27 steps are reported.
   */
  @Test
  void shouldTrainOnAtAMilestoneWhereTheRunSaysSo() throws InterruptedException {
    fixture.start(steps);
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF).setGoOn(true));
    stream.awaitAccepted(REF);
    assertThat(stream.awaitEntries(REF, 1, 27).get(26).getPoint().getStep()).isEqualTo(27);
    assertThat(stream.awaitEnded(REF, 28).getCause()).isEqualTo(Cause.CAUSE_COMPLETED);
  }

  /** Steps 3 and 4 lie past the milestone, of which the first is saved; 9 is the next one. */
  @Test
  void shouldSaveOnceAtEachMilestoneWhereItTrainsOn() throws InterruptedException {
    fixture.start(trial -> {
      for (long step = 1; step <= 4; step++) {
        if (trial.checkpointDue(step)) {
          fixture.seen.add(step);
          trial.checkpoint(step, out -> out.write(1));
        }
        trial.report(step, Map.of("loss", 1.0));
      }
    });
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF).setGoOn(true).setCheckpointPrefix(folder.toUri() + "s/1/1/"));
    stream.awaitAccepted(REF);
    stream.awaitEntries(REF, 1, 5);
    stream.awaitEnded(REF, 6);
    assertThat(fixture.seen).containsExactly(3L);
  }

  @Test
  void shouldNotTakeAnOldDirectiveForTheAnswerWhenItIsSentAgain() throws InterruptedException {
    fixture.start(steps);
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    stream.awaitEntries(REF, 1, 3);
    stream.send(goOn(REF, 1, 4));
    assertThat(stream.awaitPoint(REF, 4)).isEqualTo(4);
    stream.send(goOn(REF, 1, 4));
    stream.send(stop(REF, 2));
    assertThat(stream.awaitEnded(REF, 5).getCause()).isEqualTo(Cause.CAUSE_STOPPED);
  }

  @Test
  void shouldEndAsPausedWhenNoAnswerComesWithinTheLinger() throws InterruptedException {
    fixture.start(steps);
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF).setLinger(Monitor.proto(Duration.ofMillis(20).toNanos())));
    stream.awaitAccepted(REF);
    stream.awaitEntries(REF, 1, 3);
    Ended ended = stream.awaitEnded(REF, 4);
    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_PAUSED);
    assertThat(ended.getMessage()).isEqualTo("no directive came within 20 ms after step 3");
  }

  @Test
  void shouldNotWaitAtAMilestoneWhenAnObjectiveIsStillMissing() throws InterruptedException {
    fixture.start(trial -> {
      fixture.seen.add(trial.report(3, Map.of("train", 1.0)));
      fixture.seen.add(trial.report(3, Map.of("loss", 1.0)));
    });
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    assertThat(fixture.next()).isEqualTo(Directive.CONTINUE);
    stream.awaitEntries(REF, 1, 2);
    stream.send(stop(REF, 1));
    assertThat(fixture.next()).isEqualTo(Directive.STOP);
  }

  @Test
  void shouldTellTheNewestDirectiveWhenStopIsPushedBelowTheMilestone() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    fixture.start(trial -> {
      fixture.seen.add(trial.report(1, Map.of()));
      go.await();
      fixture.seen.add(trial.directive());
      fixture.seen.add(trial.report(2, Map.of()));
    });
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    assertThat(stream.awaitPoint(REF, 1)).isEqualTo(1);
    assertThat(fixture.next()).isEqualTo(Directive.CONTINUE);
    stream.send(stop(REF, 1));
    // Taken in and answered in order: once this is answered, the directive is there.
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    go.countDown();
    assertThat(fixture.next()).isEqualTo(Directive.STOP);
    assertThat(fixture.next()).isEqualTo(Directive.STOP);
    assertThat(stream.awaitPoint(REF, 2)).isEqualTo(2);
    assertThat(stream.awaitEnded(REF, 3).getCause()).isEqualTo(Cause.CAUSE_STOPPED);
  }

  @Test
  void shouldReportMetricsAndTrainingTimeWhenAPointIsSent() throws InterruptedException {
    fixture.start(trial -> trial.report(1, Map.of("loss", Double.NaN, "acc", 0.5)));
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    Point point = stream.awaitEntries(REF, 1, 1).get(0).getPoint();
    assertThat(point.getMetricsMap())
        .containsOnly(Map.entry("loss", Double.NaN), Map.entry("acc", 0.5));
    assertThat(Monitor.nanos(point.getWall())).isBetween(0L, TimeUnit.MINUTES.toNanos(1));
    assertThat(point.hasCost()).isFalse();
  }

  @Test
  void shouldRefuseWhenKindIsUnknownOrNoSlotIsFreeOrTheNameIsMissing() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    fixture.start(trial -> go.await());
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF).setKind("other"));
    assertThat(stream.awaitRefused(REF)).isEqualTo("expected a kind of [test], got 'other'");
    stream.send(run(ref("", 1)));
    assertThat(stream.awaitRefused(ref("", 1))).contains("expected the name of an attempt");
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    stream.send(run(ref("s/2", 1)));
    assertThat(stream.awaitRefused(ref("s/2", 1))).isEqualTo("no slot of 1 is free");
    go.countDown();
    stream.awaitEnded(REF, 1);
    stream.send(run(ref("s/2", 1)));
    stream.awaitAccepted(ref("s/2", 1));
  }

  @Test
  void shouldTrainOnceWhenRunIsSentAgain() throws Exception {
    CountDownLatch go = new CountDownLatch(1);
    fixture.start(
        fixture
            .builder(trial -> {
              fixture.seen.add("begun");
              go.await();
            })
            .slots(2));
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    go.countDown();
    stream.awaitEnded(REF, 1);
    assertThat(fixture.seen).containsExactly("begun");
    // Ended, but not acknowledged: neither trained again nor refused.
    stream.send(run(REF));
    stream.send(run(ref("s/2", 1)));
    stream.awaitAccepted(ref("s/2", 1));
  }

  @Test
  void shouldTrainAtTheSameTimeWhenThereAreTwoSlots() throws InterruptedException {
    CyclicBarrier both = new CyclicBarrier(2);
    fixture.start(fixture.builder(trial -> both.await(20, TimeUnit.SECONDS)).slots(2));
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(ref("s/1", 1)));
    stream.send(run(ref("s/2", 1)));
    stream.await("Accepted", m -> m.hasAccepted());
    stream.await("Accepted", m -> m.hasAccepted());
    for (int i = 0; i < 2; i++) {
      Ended ended =
          stream.await("Ended", m -> m.hasEntries()).getEntries().getEntries(0).getEnded();
      assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_COMPLETED);
    }
  }

  @Test
  void shouldEndInSilenceWhenFenced() throws InterruptedException {
    fixture.start(steps);
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    stream.awaitEntries(REF, 1, 3);
    stream.send(fenced(REF, 1));
    assertThat(fixture.next()).isEqualTo(Directive.CONTINUE);
    assertThat(fixture.next()).isEqualTo(Directive.CONTINUE);
    assertThat(fixture.next()).isEqualTo(Directive.STOP);
    // The slot is free again, and nothing was said of the fenced attempt in between.
    stream.send(run(ref("s/2", 1)));
    stream.awaitAccepted(ref("s/2", 1));
  }

  @Test
  void shouldRefuseAFencedAttemptWhileItsTrainerStillRuns() throws InterruptedException {
    CountDownLatch go = new CountDownLatch(1);
    fixture.start(
        fixture
            .builder(trial -> {
              fixture.seen.add("begun");
              while (go.getCount() > 0) {
                Thread.onSpinWait();
              }
            })
            .slots(2));
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    stream.send(fenced(REF, 1));
    stream.send(run(REF));
    assertThat(stream.awaitRefused(REF)).isEqualTo("attempt 1 of the trial runs here");
    go.countDown();
    assertThat(fixture.seen).containsExactly("begun");
  }

  @Test
  void shouldDropReportsWhenTheTrainerGoesOnAfterStopAndTheWindowIsFull() throws Exception {
    fixture.start(trial -> {
      for (long step = 1; step <= 1_000; step++) {
        fixture.seen.add(trial.report(step, Map.of("loss", 1.0)));
      }
    });
    FakeServer.Stream stream = fixture.server.accept();
    stream.send(Welcome.newBuilder().setWindowEntries(1).setWindowBytes(4 << 20));
    stream.send(run(REF).setMilestone(1));
    stream.awaitAccepted(REF);
    assertThat(stream.awaitPoint(REF, 1)).isEqualTo(1);
    stream.send(stop(REF, 1));
    for (int i = 0; i < 1_000; i++) {
      assertThat(fixture.next()).isEqualTo(Directive.STOP);
    }
    stream.ack(REF, 1);
    assertThat(stream.awaitEnded(REF, 2).getCause()).isEqualTo(Cause.CAUSE_STOPPED);
  }

  @Test
  void shouldFreeTheWindowWhenAnAttemptIsFenced() throws InterruptedException {
    fixture.start(trial -> fixture.seen.add(trial.report(1, Map.of())));
    FakeServer.Stream stream = fixture.server.accept();
    stream.send(Welcome.newBuilder().setWindowEntries(10).setWindowBytes(1));
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    assertThat(stream.awaitPoint(REF, 1)).isEqualTo(1);
    stream.send(fenced(REF, 1));
    AttemptRef other = ref("s/2", 1);
    stream.send(run(other));
    stream.awaitAccepted(other);
    assertThat(stream.awaitPoint(other, 1)).isEqualTo(1);
  }

  @Test
  void shouldInterruptAfterTheGraceWhenAFencedTrainerDoesNotReport() throws InterruptedException {
    fixture.start(trial -> {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        fixture.seen.add("interrupted");
        throw e;
      }
    });
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    stream.send(fenced(REF, 1));
    assertThat(fixture.next()).isEqualTo("interrupted");
    assertThat(stream.pending()).isEmpty();
  }

  @Test
  void shouldFenceTheOlderAttemptWhenANewerOneOfTheTrialComes() throws InterruptedException {
    fixture.start(trial -> {
      fixture.seen.add("begun " + trial.attempt());
      fixture.seen.add(trial.attempt() + " " + trial.report(3, Map.of("loss", 1.0)));
    });
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    assertThat(stream.awaitPoint(REF, 1)).isEqualTo(3);
    AttemptRef newer = ref("s/1", 2);
    stream.send(run(newer));
    stream.awaitAccepted(newer);
    assertThat(fixture.next()).isEqualTo("begun 1");
    assertThat(fixture.next()).isEqualTo("1 STOP");
    assertThat(fixture.next()).isEqualTo("begun 2");
    assertThat(stream.awaitPoint(newer, 1)).isEqualTo(3);
    stream.send(run(REF));
    assertThat(stream.awaitRefused(REF)).isEqualTo("attempt 2 of the trial runs here");
  }
}
