package dev.rung.study;

import static dev.rung.study.StudyFixture.checkpoint;
import static dev.rung.study.StudyFixture.saved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.StudyEvent.AttemptEnded;
import dev.rung.study.StudyEvent.AttemptLeased;
import dev.rung.study.StudyEvent.CheckpointLost;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which checkpoint a trial goes on from, where, and when one is lost. The rungs are 1, 3 and 9. */
class CheckpointScenariosTest {
  private final StudyFixture study = StudyFixture.create(Plans.plan());

  /** Trial 1 is on its way to step 9, with checkpoints at 4 and 6, and has lost its trainer. */
  private void loseWithTwo(Entry earlier, Entry newer) {
    AttemptRef attempt = onTheWayTo9();
    study.log(attempt, earlier, newer);
    study.send(new StudyCommand.Lose(attempt, "silent"));
  }

  private AttemptRef onTheWayTo9() {
    for (double loss : new double[] {0.5, 0.4}) {
      study.run(loss);
    }
    AttemptRef attempt = study.grant();
    assertThat(study.report(attempt, 1, 0.1).kind()).isEqualTo(Order.Kind.CONTINUE);
    // Two more that pass rung 1 let one of three go on from step 3.
    study.send(new StudyCommand.Lose(attempt, "silent"));
    return study.grant();
  }

  private Entry.@Nullable Checkpoint resumed() {
    return study.last(AttemptLeased.class).resume();
  }

  private static Entry on(String node, long step) {
    return new Entry.Saved(
        new Entry.Checkpoint(step, "file://" + node + "/data/s/1/1/" + step + ".ckpt", 1, "00"));
  }

  private Slot slot(String node) {
    return study.slot(node);
  }

  @Test
  void shouldFallBackToTheOneBeforeAndThenToScratchWithThePriceShown() {
    loseWithTwo(saved(1), saved(2));
    AttemptRef first = study.grant();
    assertThat(resumed()).isEqualTo(checkpoint(2));
    study.log(first, new Entry.Ended(Cause.BAD_CHECKPOINT, "expected A, but found B\nmore"));
    assertThat(study.last(CheckpointLost.class))
        .usingRecursiveComparison()
        .ignoringFields("number", "time")
        .isEqualTo(
            new CheckpointLost(
                0,
                0,
                first.trial(),
                checkpoint(2),
                Optional.of(checkpoint(1)),
                1,
                "expected A, but found B"));
    assertThat(Reasons.of(study.last(CheckpointLost.class)))
        .isEqualTo(
            "goes on from step 1, so 1 steps are trained again: the checkpoint at step 2 is lost:"
                + " expected A, but found B");
    assertThat(study.status(first.trial())).isEqualTo(TrialStatus.WAITING);
    AttemptRef second = study.grant();
    assertThat(second.trial()).isEqualTo(first.trial());
    assertThat(resumed()).isEqualTo(checkpoint(1));
    study.end(second, Cause.BAD_CHECKPOINT);
    assertThat(Reasons.of(study.last(CheckpointLost.class)))
        .startsWith("goes on from scratch, so 1 steps are trained again");
    AttemptRef third = study.grant();
    assertThat(third.trial()).isEqualTo(first.trial());
    assertThat(resumed()).isNull();
    // Nothing is left that could be bad.
    study.end(third, Cause.BAD_CHECKPOINT);
    assertThat(study.last(AttemptEnded.class).cause()).isEqualTo(Cause.USER_ERROR);
    assertThat(study.all(CheckpointLost.class)).hasSize(2);
  }

  @Test
  void shouldTakeNoTrainersWordForABadCheckpointOnceItHasTrained() {
    loseWithTwo(saved(1), saved(2));
    AttemptRef attempt = study.grant();
    study.log(attempt, saved(2));
    study.end(attempt, Cause.BAD_CHECKPOINT);
    assertThat(study.last(AttemptEnded.class).cause()).isEqualTo(Cause.USER_ERROR);
    assertThat(study.all(CheckpointLost.class)).isEmpty();
  }

  @Test
  void shouldGoOnOnlyOnTheNodeThatHoldsTheCheckpoint() {
    loseWithTwo(saved(1), on("n2", 2));
    int tied = study.state.waiting().first();
    assertThat(StudyKernel.demand(study.state, Missed.NOTHING))
        .contains(SlotGroup.tied(SlotRequest.PLAIN, "n2", 1));
    // Another node trains something else meanwhile.
    assertThat(study.grant("n1").trial()).isNotEqualTo(tied);
    assertThat(study.grant("n2").trial()).isEqualTo(tied);
    assertThat(resumed()).extracting(Entry.Checkpoint::step).isEqualTo(2L);
    assertThat(study.all(CheckpointLost.class)).isEmpty();
  }

  @Test
  void shouldGoOnElsewhereFromTheOneBeforeWhenTheNodeIsGone() {
    loseWithTwo(saved(1), on("n2", 2));
    int tied = study.state.waiting().first();
    assertThat(StudyKernel.demand(study.state, Missed.nodes(Set.of("n2"))))
        .noneMatch(SlotGroup::tied);
    study.send(new StudyCommand.Grant(slot("n1"), Set.of("n2")));
    assertThat(study.last(AttemptLeased.class).attempt().trial()).isEqualTo(tied);
    assertThat(study.last(AttemptLeased.class).startStep()).isEqualTo(1);
    assertThat(resumed()).isEqualTo(checkpoint(1));
    assertThat(Reasons.of(study.last(CheckpointLost.class)))
        .isEqualTo(
            "goes on from step 1, so 1 steps are trained again: the checkpoint at step 2 is lost:"
                + " node n2 is gone");
    assertThat(study.trial(tied).checkpoint()).isEqualTo(checkpoint(1));
    // The node that comes back has nothing that is still wanted.
    study.send(new StudyCommand.Lose(study.last(AttemptLeased.class).attempt(), "silent"));
    assertThat(study.grant("n2").trial()).isEqualTo(tied);
    assertThat(resumed()).isEqualTo(checkpoint(1));
  }

  @Test
  void shouldBeginAnewWhenBothWereOnANodeThatIsGone() {
    loseWithTwo(on("n2", 1), on("n2", 2));
    study.send(new StudyCommand.Grant(slot("n1"), Set.of("n2")));
    assertThat(resumed()).isNull();
    assertThat(study.last(AttemptLeased.class).startStep()).isZero();
    assertThat(study.all(CheckpointLost.class))
        .extracting(CheckpointLost::from)
        .containsExactly(1L, 0L);
  }

  private StudyReply grantWaited(String node, int... trials) {
    Set<Integer> waited = Arrays.stream(trials).boxed().collect(Collectors.toSet());
    return study.send(
        new StudyCommand.Grant(slot(node), new Missed(Set.of(), waited), Optional.empty()));
  }

  /** Its node is there and busy: once the trial has waited long enough, it does without it. */
  @Test
  void shouldGoOnElsewhereFromTheOneBeforeWhenItHasWaitedTooLongForABusyNode() {
    loseWithTwo(saved(1), on("n2", 2));
    int tied = study.state.waiting().first();
    assertThat(NextWork.tied(study.state)).isEqualTo(Map.of(tied, "n2"));
    Missed waited = new Missed(Set.of(), Set.of(tied));
    // It would still rather have its node than any other.
    assertThat(StudyKernel.demand(study.state, waited))
        .contains(SlotGroup.preferring(SlotRequest.PLAIN, "n2", 1))
        .noneMatch(SlotGroup::tied);
    study.effects.clear();
    grantWaited("n1", tied);
    assertThat(study.last(AttemptLeased.class).attempt().trial()).isEqualTo(tied);
    assertThat(resumed()).isEqualTo(checkpoint(1));
    assertThat(Reasons.of(study.last(CheckpointLost.class)))
        .isEqualTo(
            "goes on from step 1, so 1 steps are trained again: the checkpoint at step 2 is lost:"
                + " node n2 had no free slot for too long");
    assertThat(NextWork.tied(study.state)).isEmpty();
    // The best trial's own stays where it can be fetched.
    assertThat(dropped()).isEmpty();
  }

  @Test
  void shouldGiveNothingUpWhenItsNodeHasASlotAfterAll() {
    loseWithTwo(saved(1), on("n2", 2));
    grantWaited("n2", study.state.waiting().first());
    assertThat(resumed()).extracting(Entry.Checkpoint::step).isEqualTo(2L);
    assertThat(study.all(CheckpointLost.class)).isEmpty();
  }

  @Test
  void shouldLetTheNodeDeleteWhatATrialHasGivenUp() {
    study.run(0.1);
    AttemptRef second = study.grant("n2");
    study.log(second, on("n2", 0));
    study.end(second, Cause.PREEMPTED);
    grantWaited("n1", second.trial());
    assertThat(study.effects)
        .endsWith(new StudyEffect.Drop("n2", false, "file://n2/data/s/1/1/0.ckpt"));
  }

  /** From step 2 there is one step to train, from scratch three, of which the budget has two. */
  @Test
  void shouldNotGiveUpWhatTheBudgetCannotTrainAgain() {
    StudyFixture one = StudyFixture.create(Plans.plan().trials(1).levels(3, 9, 3).resource(4));
    AttemptRef attempt = one.grant("n2");
    one.log(attempt, StudyFixture.point(2, 0.5), on("n2", 2));
    one.end(attempt, Cause.PREEMPTED);
    assertThat(one.send(new StudyCommand.Grant(slot("n1"), Set.of("n2"))))
        .isEqualTo(StudyReply.Declined.THIS_SLOT);
    // Other slots would be declined for ever.
    for (Missed missed : List.of(Missed.nodes(Set.of("n2")), new Missed(Set.of(), Set.of(1)))) {
      assertThat(StudyKernel.demand(one.state, missed))
          .containsExactly(SlotGroup.tied(SlotRequest.PLAIN, "n2", 1));
    }
    assertThat(one.grant("n2").trial()).isEqualTo(1);
    assertThat(one.state.resourceTaken()).isEqualTo(3);
  }

  @Test
  void shouldPreferTheNodeThatTrainedAPromotedTrialLast() {
    for (double loss : new double[] {0.1, 0.3, 0.2}) {
      AttemptRef attempt = study.grant("n" + study.state.nextTrial());
      study.log(attempt, saved(1));
      if (study.report(attempt, 1, loss).kind() == Order.Kind.PAUSE) {
        study.end(attempt, Cause.PAUSED);
      }
    }
    int best = 1;
    String node = study.trial(best).lastAttempt().slot().node();
    assertThat(StudyKernel.demand(study.state, Missed.NOTHING))
        .first()
        .isEqualTo(SlotGroup.preferring(SlotRequest.PLAIN, node, 1));
    assertThat(StudyKernel.demand(study.state, Missed.nodes(Set.of(node))))
        .noneMatch(SlotGroup::prefers);
    // The study takes what it is given.
    assertThat(study.grant("elsewhere").trial()).isEqualTo(best);
  }

  /** Of trials that wait, each is as good as the other: a node goes on with its own. */
  @Test
  void shouldGoOnWithTheTrialThatTheNodeHasTrainedLast() {
    AttemptRef first = study.grant("n1");
    AttemptRef second = study.grant("n2");
    AttemptRef third = study.grant("n3");
    for (AttemptRef attempt : List.of(first, second, third)) {
      study.log(attempt, saved(0));
      study.end(attempt, attempt.equals(third) ? Cause.PREEMPTED : Cause.PAUSED);
    }
    assertThat(study.grant("n2").trial()).isEqualTo(second.trial());
    // Whoever gave a trial up need not have it again.
    assertThat(study.grant("n3").trial()).isEqualTo(first.trial());
  }

  @Test
  void shouldNotTieATrialThatGoesOnInItsSlot() {
    AttemptRef attempt = onTheWayTo9();
    study.log(attempt, on("n2", 2));
    // It runs on n1, wherever that puts its checkpoints.
    study.run(0.9);
    assertThat(study.state.running()).contains(attempt.trial());
    assertThat(study.report(attempt, 3, 0.1).kind()).isNotEqualTo(Order.Kind.STOP);
  }

  @Test
  void shouldDeclineASlotWithoutEndingWhenAllThatIsLeftIsTiedElsewhere() {
    StudyFixture one = StudyFixture.create(Plans.plan().trials(1));
    AttemptRef attempt = one.grant("n2");
    one.log(attempt, new Entry.Saved(new Entry.Checkpoint(0, "file://n2/s/1/1/0.ckpt", 1, "00")));
    one.send(new StudyCommand.Lose(attempt, "silent"));
    assertThat(one.send(new StudyCommand.Grant(one.slot("n1"))))
        .isEqualTo(StudyReply.Declined.THIS_SLOT);
    assertThat(one.state.status()).isEqualTo(StudyStatus.RUNNING);
    assertThat(StudyKernel.demand(one.state, Missed.NOTHING))
        .containsExactly(SlotGroup.tied(SlotRequest.PLAIN, "n2", 1));
    assertThat(one.grant("n2").trial()).isEqualTo(1);
  }

  @Test
  void shouldReadTheNodeFromTheAddress() {
    assertThat(List.of("file:/d/1.ckpt", "file:///d/1.ckpt", "s3://b/1.ckpt", "file://", "x"))
        .allSatisfy(place -> assertThat(new Entry.Checkpoint(1, place, 1, "").node()).isNull());
    assertThat(new Entry.Checkpoint(1, "file://gpu_1/d/1.ckpt", 1, "").node()).isEqualTo("gpu_1");
  }

  private List<String> dropped() {
    return drops(study);
  }

  @Test
  void shouldKeepTheLastTwoOfATrialThatRuns() {
    AttemptRef attempt = onTheWayTo9();
    study.log(attempt, saved(1), saved(2));
    assertThat(dropped()).isEmpty();
    study.log(attempt, on("n2", 2), saved(3));
    assertThat(study.effects)
        .filteredOn(StudyEffect.Drop.class::isInstance)
        .containsExactly(
            new StudyEffect.Drop("n1", true, "step-1"), new StudyEffect.Drop("n1", true, "step-2"));
    // One at the milestone is of no use while its metrics are missing: the one before it stays.
    study.log(attempt, saved(2));
    assertThat(study.effects).endsWith(new StudyEffect.Drop("n1", true, "step-3"));
    study.log(attempt, new Entry.Saved(new Entry.Checkpoint(2, "again", 1, "")));
    assertThat(study.effects)
        .endsWith(new StudyEffect.Drop("n2", false, "file://n2/data/s/1/1/2.ckpt"));
  }

  @Test
  void shouldDropWhatAStoppedTrialLeavesUnlessItIsTheBest() {
    AttemptRef best = study.grant();
    study.report(best, 1, 0.1);
    study.log(best, saved(1));
    study.send(new StudyCommand.StopTrial(best.trial(), "by hand"));
    study.end(best, Cause.STOPPED);
    assertThat(study.status(best.trial())).isEqualTo(TrialStatus.STOPPED);
    assertThat(dropped()).isEmpty();
    AttemptRef other = study.grant();
    study.report(other, 1, 0.2);
    study.log(other, new Entry.Saved(new Entry.Checkpoint(1, "other", 1, "")));
    study.send(new StudyCommand.StopTrial(other.trial(), "by hand"));
    study.end(other, Cause.STOPPED);
    assertThat(dropped()).containsExactly("other");
  }

  /** Of 6 trials 2 may go on from the first rung: the third best never can. */
  @Test
  void shouldDropWhatCanNeverGoOnUnderTheBudget() {
    StudyFixture six = StudyFixture.create(Plans.plan().trials(6));
    double[] losses = {0.5, 0.4, 0.6};
    for (int i = 0; i < 3; i++) {
      AttemptRef attempt = six.grant();
      String place = "of-" + attempt.trial();
      six.log(attempt, new Entry.Saved(new Entry.Checkpoint(1, place, 1, "")));
      Order order = six.report(attempt, 1, losses[i]);
      if (order.kind() == Order.Kind.PAUSE) {
        six.end(attempt, Cause.PAUSED);
      }
    }
    // The third is out of reach when it ends, the first is still the second best.
    assertThat(drops(six)).containsExactly("of-3");
    AttemptRef promoted = six.grant();
    assertThat(promoted.trial()).isEqualTo(2);
    AttemptRef fourth = six.grant();
    six.report(fourth, 1, 0.45);
    // Now it is only the third best.
    assertThat(drops(six)).containsExactly("of-3", "of-1");
  }

  private static List<String> drops(StudyFixture of) {
    return of.effects.stream()
        .filter(StudyEffect.Drop.class::isInstance)
        .map(effect -> ((StudyEffect.Drop) effect).place())
        .toList();
  }
}
