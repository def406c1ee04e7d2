package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/** What a simulation needs of the insides of studies. */
public final class SimulatedStudies {
  private SimulatedStudies() {}

  /** A study's actor that stores snapshots as often as a simulation likes. */
  public static Behavior<StudyEntity.Command> entity(
      String study,
      ActorRef<ClusterSharding.ShardCommand> shard,
      StudyEntity.Wiring wiring,
      int leastEventsBetweenSnapshots) {
    return StudyEntity.create(study, shard, wiring, leastEventsBetweenSnapshots);
  }

  /**
   * Holds a study that has ended to everything that is promised of studies: it decided as it does
   * undisturbed, as both referees do, and kept its promises after every command.
   */
  public static void check(long seed, StudyPlan plan, List<StudyEvent> journal) {
    Promises promises = new Promises(seed, plan);
    Referee referee = new Referee(plan);
    boolean isRefereed = Plans.isRefereed(plan);
    StudyState end =
        Rerun.check(
            journal,
            (state, outcome) -> {
              promises.check(state, outcome);
              if (!isRefereed) {
                return;
              }
              outcome.events().forEach(referee::accept);
              if (!referee.actual.equals(referee.expected)) {
                assertThat(referee.actual)
                    .as("what a referee decides, too, at %s", outcome.events())
                    .isEqualTo(referee.expected);
              }
              referee.actual.clear();
              referee.expected.clear();
            });
    if (isRefereed && plan.budget().resource().isEmpty()) {
      PlainReferee plain = new PlainReferee(plan);
      journal.forEach(plain::accept);
      assertThat(plain.wrong).as("events that a plain referee would not have").isEmpty();
    }
    promises.checkEnd(end);
  }

  /** The state after some events. */
  public static StudyView state(List<StudyEvent> journal) {
    StudyState state = new StudyState();
    journal.forEach(state::evolve);
    return state;
  }

  /** Where an attempt stands that a node may still run. */
  public static boolean isAtMilestone(StudyView state) {
    return state.running().stream()
        .map(number -> StudyKernel.existing(state, number))
        .anyMatch(SimulatedStudies::isAtMilestone);
  }

  /** Whether a trial was told to pause and its node may still run it. */
  public static boolean isAtMilestone(Trial trial) {
    return trial.lastAttempt().isLive() && trial.lastAttempt().verdict == StudyEvent.Verdict.PAUSE;
  }

  /** The state after some events, as text. */
  public static String describe(List<StudyEvent> journal) {
    StudyState state = new StudyState();
    journal.forEach(state::evolve);
    return "status %s, reason '%s', running %s, waiting %s, asked %s, suggested %s, demand %d"
        .formatted(
            state.status(),
            state.reason(),
            state.running(),
            state.waiting(),
            state.asked().keySet(),
            state.suggested().keySet(),
            StudyKernel.demand(state));
  }
}
