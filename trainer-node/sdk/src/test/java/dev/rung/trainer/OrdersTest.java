package dev.rung.trainer;

import static dev.rung.trainer.FakeServer.fenced;
import static dev.rung.trainer.FakeServer.goOn;
import static dev.rung.trainer.FakeServer.pause;
import static dev.rung.trainer.FakeServer.ref;
import static dev.rung.trainer.FakeServer.stop;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Pause;
import org.junit.jupiter.api.Test;

class OrdersTest {
  private static final AttemptRef REF = ref("s/1", 1);
  private final Orders orders = new Orders(3);

  @Test
  void shouldObeyTheHighestNumberWhenDirectivesComeOutOfOrder() {
    orders.obey(stop(REF, 3).build());
    orders.obey(goOn(REF, 2, 9).build());
    orders.obey(pause(REF, 3).build());
    assertThat(orders.tell()).isEqualTo(Directive.STOP);
    assertThat(orders.milestone()).isEqualTo(3);
    assertThat(orders.number()).isEqualTo(3);
  }

  @Test
  void shouldForgetPauseWhenTheServerContinuesBeforeTheTrainerWasTold() {
    orders.obey(pause(REF, 1).build());
    orders.obey(goOn(REF, 2, 9).build());
    assertThat(orders.tell()).isEqualTo(Directive.CONTINUE);
    assertThat(orders.milestone()).isEqualTo(9);
  }

  @Test
  void shouldStandByPauseWhenTheTrainerWasTold() {
    orders.obey(pause(REF, 1).build());
    assertThat(orders.tell()).isEqualTo(Directive.PAUSE);
    orders.obey(goOn(REF, 2, 9).build());
    assertThat(orders.tell()).isEqualTo(Directive.PAUSE);
    assertThat(orders.told().cause()).isEqualTo(Cause.CAUSE_PAUSED);
  }

  @Test
  void shouldStopWhenStopComesAfterPause() {
    orders.obey(pause(REF, 1).build());
    assertThat(orders.tell()).isEqualTo(Directive.PAUSE);
    orders.obey(stop(REF, 2).setReason("cancelled").build());
    assertThat(orders.tell()).isEqualTo(Directive.STOP);
    assertThat(orders.told())
        .isEqualTo(new Orders.Order(Directive.STOP, Cause.CAUSE_STOPPED, "cancelled"));
  }

  @Test
  void shouldObeyFencedWhateverItsNumber() {
    orders.obey(goOn(REF, 5, 9).build());
    orders.obey(fenced(REF, 1).build());
    assertThat(orders.isFenced()).isTrue();
    assertThat(orders.tell()).isEqualTo(Directive.STOP);
  }

  @Test
  void shouldPreemptAfterCheckpointOnlyWhenDraining() {
    orders.checkpointed();
    assertThat(orders.tell()).isEqualTo(Directive.CONTINUE);
    orders.drain();
    assertThat(orders.tell()).isEqualTo(Directive.CONTINUE);
    orders.checkpointed();
    assertThat(orders.tell()).isEqualTo(Directive.STOP);
    assertThat(orders.told().cause()).isEqualTo(Cause.CAUSE_PREEMPTED);
  }

  @Test
  void shouldPauseAfterTheNextCheckpointWhenTheSlotIsNeededElsewhere() {
    orders.checkpointed();
    orders.obey(pauseAfterCheckpoint(1));
    assertThat(orders.awaitsCheckpoint()).isTrue();
    assertThat(orders.mustEnd()).isFalse();
    assertThat(orders.tell()).isEqualTo(Directive.CONTINUE);
    orders.checkpointed();
    assertThat(orders.tell()).isEqualTo(Directive.PAUSE);
    assertThat(orders.told().cause()).isEqualTo(Cause.CAUSE_PAUSED);
  }

  /** It says nothing of what follows at a milestone, where the trainer waits for that. */
  @Test
  void shouldNotTakeAPauseAfterACheckpointForTheAnswerAtAMilestone() {
    orders.obey(pauseAfterCheckpoint(1));
    assertThat(orders.number()).isEqualTo(1);
    assertThat(orders.answered()).isZero();
    orders.obey(goOn(REF, 2, 9).build());
    assertThat(orders.answered()).isEqualTo(2);
    assertThat(orders.awaitsCheckpoint()).isFalse();
  }

  private static dev.rung.proto.v1.Directive pauseAfterCheckpoint(long number) {
    return dev.rung.proto.v1.Directive.newBuilder()
        .setAttempt(REF)
        .setNumber(number)
        .setPause(Pause.newBuilder().setAfterCheckpoint(true))
        .build();
  }

  @Test
  void shouldPreferTheServersWordWhenThereIsAlsoAPreemption() {
    orders.preempt("drain");
    orders.obey(pause(REF, 1).build());
    assertThat(orders.tell()).isEqualTo(Directive.PAUSE);
  }

  @Test
  void shouldIgnoreDirectiveOfAKindItDoesNotKnow() {
    orders.obey(FakeServer.directive(REF, 7).build());
    assertThat(orders.number()).isZero();
  }
}
