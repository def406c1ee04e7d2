package dev.rung.study;

import dev.rung.halving.Ladder;
import dev.rung.halving.Score;
import dev.rung.searcher.Observation;
import dev.rung.searcher.Observation.Closed;
import dev.rung.searcher.Observation.Earned;
import dev.rung.searcher.Observation.Entered;
import dev.rung.searcher.Observation.LadderKnown;
import dev.rung.searcher.Observation.Reopened;
import dev.rung.searcher.Observation.Withdrawn;
import dev.rung.study.StudyEvent.Verdict;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** What an event shows a searcher, beside what trials begin with. */
final class Observing {
  private Observing() {}

  /**
   * The observations, in order.
   *
   * @param study to which the event has been applied
   */
  static List<Observation> of(StudyView study, StudyEvent event) {
    return switch (event) {
      case StudyEvent.LadderSet e ->
          List.of(new LadderKnown(e.bracket(), e.levels(), e.ladder().level(e.ladder().start())));
      case StudyEvent.RungEntered e -> entered(study, e);
      case StudyEvent.TrialPromoted e ->
          e.carried().orElse(false)
              ? List.of()
              : List.of(new Earned(e.trial(), e.evidence().level()));
      case StudyEvent.Judged e ->
          e.verdict() == Verdict.CONTINUE && !e.carried().orElse(false)
              ? List.of(new Earned(e.attempt().trial(), e.evidence().level()))
              : List.of();
      case StudyEvent.AttemptEnded e -> ended(e.attempt().trial(), e.next());
      case StudyEvent.TrialScored e -> ended(e.trial(), e.next());
      case StudyEvent.TrialsClosed e ->
          e.trials().stream().<Observation>map(closing -> new Closed(closing.trial())).toList();
      case StudyEvent.TrialStopped e -> List.of(new Closed(e.trial()));
      case StudyEvent.TrialRetried e -> List.of(new Reopened(e.trial()));
      case StudyEvent other -> List.of();
    };
  }

  private static List<Observation> entered(StudyView study, StudyEvent.RungEntered e) {
    Ladder ladder = study.bracketOf(e.trial()).ladder();
    Score score = Objectives.entered(study.plan(), e);
    List<Double> losses = DoubleStream.of(Objectives.losses(study.plan(), score)).boxed().toList();
    return IntStream.rangeClosed(e.fromRung(), e.toRung())
        .<Observation>mapToObj(
            rung -> new Entered(e.trial(), ladder.level(rung), losses, score.violation()))
        .toList();
  }

  private static List<Observation> ended(int trial, TrialStatus next) {
    return switch (next) {
      case INFEASIBLE -> List.of(new Withdrawn(trial));
      case COMPLETED, STOPPED, FAILED -> List.of(new Closed(trial));
      case RUNNING, WAITING, PAUSED, AWAITING_METRIC -> List.of();
    };
  }
}
