package dev.rung.study;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A study that was played to its end: every slot trains to its milestone in turn. */
public final class PlayedStudy {
  private final StudyFixture study;

  private PlayedStudy(StudyFixture study) {
    this.study = study;
  }

  /** What a trial reports. */
  public interface Values {
    /** The value at a milestone; trials are numbered from 1 in the order of their starts. */
    double at(int trial, long step);
  }

  /** Plays a study of so many trials in so many slots. */
  public static PlayedStudy play(Plans plans, int trials, int slots, Values values) {
    StudyFixture study = StudyFixture.create(plans.trials(trials));
    List<AttemptRef> running = new ArrayList<>();
    while (study.state.status() == StudyStatus.RUNNING) {
      while (running.size() < slots && StudyKernel.demand(study.state) > 0) {
        running.add(study.grant());
      }
      AttemptRef attempt = running.remove(0);
      long milestone = study.trial(attempt.trial()).lastAttempt().milestone();
      Order order = study.report(attempt, milestone, values.at(attempt.trial(), milestone));
      switch (order.kind()) {
        case CONTINUE -> running.add(attempt);
        case PAUSE -> study.end(attempt, Cause.PAUSED);
        case STOP -> study.end(attempt, Cause.STOPPED);
        case YIELD, FENCED, LATE -> throw new AssertionError(order);
      }
    }
    return new PlayedStudy(study);
  }

  /** How many trials entered each rung. */
  public List<Integer> entered() {
    return IntStream.range(0, study.state.bracketOf(1).rungs().size())
        .mapToObj(rung -> inRung(rung).size())
        .toList();
  }

  /** The trials that entered a rung, in order of arrival. */
  public List<Integer> inRung(int rung) {
    return IntStream.of(study.state.bracketOf(1).rungs().get(rung).trialsByArrival())
        .boxed()
        .toList();
  }

  /** What became of a trial. */
  public TrialStatus status(int trial) {
    return study.status(trial);
  }
}
