package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.rung.halving.Rung;
import dev.rung.space.KeyedRandom;
import dev.rung.study.RandomFleet.Step;
import dev.rung.study.StudyKernel.Outcome;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random studies on bad fleets. A failure names its seed; {@code -Drung.seed=N} runs that one
 * alone, {@code -Drung.seeds=N} the first N of each test.
 */
class RandomStudiesTest {
  private static final int REFEREED = 2_000;
  private static final int WALKS = 10_000;
  private static final int CUTS = 3;
  private static final int MOST_APART = 400;
  private static final int REPLAYED = 150;

  @Test
  void shouldDecideAsTheRefereeDoes() {
    Map<String, Integer> seen = new TreeMap<>();
    forEachSeed(
        REFEREED,
        seed -> {
          RandomFleet fleet = new RandomFleet(seed);
          if (fleet.plan().algorithm().mode().isPresent() || !Plans.isRefereed(fleet.plan())) {
            return; // This referee knows promotion alone.
          }
          StudyState state = new StudyState();
          Referee referee = new Referee(fleet.plan());
          for (Step step = fleet.next(); step != null; step = fleet.next()) {
            Outcome outcome = StudyKernel.handle(state, step.command(), step.now());
            outcome.events().forEach(referee::accept);
            boolean none =
                // The referee knows nothing of nodes that are excluded.
                outcome.reply() instanceof StudyReply.Declined(long event)
                    && event > 0
                    && state.status() == StudyStatus.RUNNING;
            if (!referee.actual.equals(referee.expected)
                || (none && referee.next(null, nodeOf(step.command())).isPresent())) {
              assertThat(referee.actual)
                  .as("seed %d after %s: %s", seed, step.command(), outcome)
                  .isEqualTo(referee.expected);
              fail("seed %d: expected another use of %s", seed, step.command());
            }
            for (Object line : referee.actual) {
              if (line instanceof List<?> l && l.get(0) instanceof String what) {
                seen.merge(what, 1, Integer::sum);
              }
            }
            referee.actual.clear();
            referee.expected.clear();
            fleet.took(outcome);
          }
        });
    // The fleet is bad enough to show every kind of verdict, often.
    if (isWhole()) {
      assertThat(seen).containsKeys("CONTINUE", "PAUSE", "STOP", "promote", "lease");
      assertThat(seen.values()).allSatisfy(count -> assertThat(count).isGreaterThan(1_000));
    }
  }

  private static String nodeOf(StudyCommand command) {
    return command instanceof StudyCommand.Grant grant ? grant.slot().node() : "";
  }

  @Test
  void shouldGiveTheVerdictsOfAPlainReferee() {
    int[] verdicts = {0};
    forEachSeed(
        REFEREED,
        seed -> {
          RandomFleet fleet = new RandomFleet(seed);
          if (fleet.plan().budget().resource().isPresent() || !Plans.isRefereed(fleet.plan())) {
            return;
          }
          StudyState state = new StudyState();
          PlainReferee referee = new PlainReferee(fleet.plan());
          for (Step step = fleet.next(); step != null; step = fleet.next()) {
            Outcome outcome = StudyKernel.handle(state, step.command(), step.now());
            outcome.events().forEach(referee::accept);
            fleet.took(outcome);
          }
          assertThat(referee.wrong).as("seed %d", seed).isEmpty();
          verdicts[0] += referee.verdicts;
        });
    if (isWhole()) {
      assertThat(verdicts[0]).isGreaterThan(10_000);
    }
  }

  @Test
  void shouldKeepItsPromises() {
    Map<TrialStatus, Integer> ends = new EnumMap<>(TrialStatus.class);
    Map<EndReason, Integer> reasons = new EnumMap<>(EndReason.class);
    forEachSeed(
        WALKS,
        seed -> {
          RandomFleet fleet = new RandomFleet(seed);
          StudyState state = new StudyState();
          Promises promises = new Promises(seed, fleet.plan());
          List<StudyEvent> events = new ArrayList<>();
          KeyedRandom cuts = KeyedRandom.stream(seed, "cuts", 0);
          int next = cuts.nextInt(MOST_APART);
          int left = CUTS;
          int count = 0;
          for (Step step = fleet.next(); step != null; step = fleet.next()) {
            Outcome outcome = StudyKernel.handle(state, step.command(), step.now());
            promises.check(state, outcome);
            events.addAll(outcome.events());
            fleet.took(outcome);
            if (count++ == next && left-- > 0) {
              checkCut(seed, state, events);
              next = count + cuts.nextInt(MOST_APART);
            }
          }
          checkCut(seed, state, events);
          promises.checkEnd(state);
          state.trials().forEach(trial -> ends.merge(trial.status(), 1, Integer::sum));
          EndReason reason = state.endReason();
          assertThat(reason).isNotNull();
          reasons.merge(reason, 1, Integer::sum);
        });
    if (isWhole()) {
      assertThat(ends)
          .containsOnlyKeys(
              TrialStatus.COMPLETED,
              TrialStatus.STOPPED,
              TrialStatus.FAILED,
              TrialStatus.INFEASIBLE);
      assertThat(reasons)
          .containsKeys(
              EndReason.COMPLETED,
              EndReason.TARGET,
              EndReason.TIME,
              EndReason.RESOURCE,
              EndReason.STOPPED);
    }
  }

  /** A study that is cut off here would be the same again, and keeps its counts. */
  private static void checkCut(long seed, StudyState state, List<StudyEvent> events) {
    StudyState again = new StudyState();
    events.forEach(again::evolve);
    assertThat(StudyKernel.demand(again)).isEqualTo(StudyKernel.demand(state));
    assertThat(again.lastNumber()).as("seed %d", seed).isEqualTo(state.lastNumber());
    assertThat(again.resourceTaken()).as("seed %d", seed).isEqualTo(state.resourceTaken());
    assertThat(again.counts).as("seed %d", seed).isEqualTo(state.counts);
    for (int b = 0; b < state.brackets().size(); b++) {
      for (int k = 0; k < state.brackets().get(b).rungs().size(); k++) {
        Rung rung = state.brackets().get(b).rungs().get(k);
        Rung twin = again.brackets().get(b).rungs().get(k);
        assertThat(IntStream.range(0, twin.size()).map(twin::trialAt))
            .as("seed %d, rung %d", seed, k)
            .containsExactlyElementsOf(
                IntStream.range(0, rung.size()).map(rung::trialAt).boxed().toList());
        assertThat(rung.earned()).isLessThanOrEqualTo(rung.promotions());
      }
    }
  }

  /** A state that events alone made decides as the one that the commands went through. */
  @Test
  void shouldDecideTheSameWhenTheStateWasMadeByEventsAlone() {
    forEachSeed(
        REPLAYED,
        seed -> {
          RandomFleet fleet = new RandomFleet(seed);
          StudyState state = new StudyState();
          StudyState replayed = new StudyState();
          List<StudyEvent> events = new ArrayList<>();
          int count = 0;
          for (Step step = fleet.next(); step != null; step = fleet.next()) {
            if (++count % 40 == 0) {
              replayed = new StudyState();
              events.forEach(replayed::evolve);
              assertThat(States.describe(replayed))
                  .as("seed %d before command %d", seed, count)
                  .isEqualTo(States.describe(state));
            }
            Outcome outcome = StudyKernel.handle(state, step.command(), step.now());
            Outcome again = StudyKernel.handle(replayed, step.command(), step.now());
            if (!again.equals(outcome)) {
              assertThat(again).as("seed %d, %s", seed, step.command()).isEqualTo(outcome);
            }
            events.addAll(outcome.events());
            fleet.took(outcome);
          }
        });
  }

  /** Deciding alone changes nothing, whatever the command and the state. */
  @Test
  void shouldChangeNothingByDeciding() {
    forEachSeed(
        8,
        seed -> {
          RandomFleet fleet = new RandomFleet(seed);
          StudyState state = new StudyState();
          for (Step step = fleet.next(); step != null; step = fleet.next()) {
            String before = States.describe(state);
            StudyKernel.decide(state, step.command(), step.now());
            StudyKernel.demand(state);
            StudyKernel.unfinished(state);
            if (!States.describe(state).equals(before)) {
              assertThat(States.describe(state)).as("seed %d", seed).isEqualTo(before);
            }
            fleet.took(StudyKernel.handle(state, step.command(), step.now()));
          }
        });
  }

  private static boolean isWhole() {
    return Long.getLong("rung.seed") == null && Integer.getInteger("rung.seeds") == null;
  }

  private static void forEachSeed(int count, LongConsumer study) {
    Long only = Long.getLong("rung.seed");
    long most = Math.min(count, Integer.getInteger("rung.seeds", count));
    LongStream seeds = only == null ? LongStream.range(0, most) : LongStream.of(only);
    seeds.forEach(seed -> {
      try {
        study.accept(seed);
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + " (again with -Drung.seed=" + seed + ")", e);
      }
    });
  }
}
