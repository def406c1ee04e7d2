package dev.rung.simulate;

import dev.rung.study.Attempt;
import dev.rung.study.AttemptRef;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyState;
import dev.rung.study.StudyView;
import dev.rung.study.Trial;
import java.util.List;

/**
 * Folds a history that came from outside. The kernel trusts its own events; here each is held
 * against those before it first.
 */
final class Folding {
  private final StudyState state = new StudyState();

  /** The study after what was folded. */
  StudyView study() {
    return state;
  }

  /**
   * Folds the next event.
   *
   * @throws ContradictionException it cannot have happened after those before it
   */
  void add(StudyEvent event) {
    long place = state.lastNumber() + 1;
    try {
      expect(event.number() == place, "number %d".formatted(place), "" + event.number());
      expect(
          event.time() >= state.lastTime(),
          "a time of %d or later".formatted(state.lastTime()),
          "" + event.time());
      if (place == 1) {
        expect(event instanceof StudyEvent.StudyCreated, "the study's creation", "another event");
      }
      check(event);
      state.evolve(event);
    } catch (Unexpected e) {
      throw new ContradictionException(place, event, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      ContradictionException contradiction =
          new ContradictionException(
              place, event, "expected an event that follows from those before it, but: " + e);
      contradiction.initCause(e);
      throw contradiction;
    }
  }

  private void check(StudyEvent event) {
    switch (event) {
      case StudyEvent.StudyCreated e ->
          expect(state.lastNumber() == 0, "a study that is created once", "its creation again");
      case StudyEvent.LadderSet e -> expectLadder(e);
      case StudyEvent.SuggestionAsked e -> expectNew(e.trial());
      case StudyEvent.TrialSuggested e -> expectNew(e.trial());
      case StudyEvent.TrialCloned e -> {
        expectNew(e.trial());
        Trial unused = begun(e.parent());
      }
      case StudyEvent.AttemptLeased e -> expectLease(e.attempt());
      case StudyEvent.EntriesRecorded e -> {
        long next = live(e.attempt()).ackedSeq() + 1;
        expect(e.firstSeq() == next, "entries from %d on".formatted(next), "" + e.firstSeq());
      }
      case StudyEvent.AttemptReleased e -> live(e.attempt());
      case StudyEvent.AttemptYielded e -> live(e.attempt());
      case StudyEvent.MetricAwaited e -> live(e.attempt());
      case StudyEvent.Judged e -> live(e.attempt());
      case StudyEvent.AttemptEnded e -> live(e.attempt());
      case StudyEvent.LateEntriesRecorded e -> attempt(e.attempt());
      case StudyEvent.MetricPut e ->
          expect(
              begun(e.trial()).awaited() != null,
              "a trial that is scored from outside",
              "trial " + e.trial());
      case StudyEvent.TrialPromoted e -> begun(e.trial());
      case StudyEvent.CheckpointLost e -> begun(e.trial());
      case StudyEvent.RungEntered e -> begun(e.trial());
      case StudyEvent.TrialScored e -> begun(e.trial());
      case StudyEvent.TrialStopped e -> begun(e.trial());
      case StudyEvent.TrialRetried e -> begun(e.trial());
      case StudyEvent.TrialsClosed e -> e.trials().forEach(closing -> begun(closing.trial()));
      case StudyEvent.SpaceExhausted e -> {}
      case StudyEvent.PlanChanged e -> {}
      case StudyEvent.NodeExcluded e -> {}
      case StudyEvent.YieldAsked e -> {}
      case StudyEvent.StudyPaused e -> {}
      case StudyEvent.StudyResumed e -> {}
      case StudyEvent.StudyStopping e -> {}
      case StudyEvent.StudyEnded e -> {}
    }
  }

  /** A ladder that is in force changes only by levels at its end. */
  private void expectLadder(StudyEvent.LadderSet e) {
    int bracket = e.bracket();
    int brackets = state.brackets().size();
    expect(
        bracket >= 0 && bracket <= brackets,
        "a bracket from 0 to %d".formatted(brackets),
        "bracket " + bracket);
    if (bracket < brackets) {
      List<Long> before = state.brackets().get(bracket).ladder().levels();
      expect(
          e.levels().size() >= before.size() && e.levels().subList(0, before.size()).equals(before),
          "a ladder that begins with " + before,
          "" + e.levels());
    }
  }

  /** Trials are numbered without gaps. */
  private void expectNew(int trial) {
    expect(
        trial >= 1 && trial <= state.nextTrial() && state.trial(trial) == null,
        "a trial up to %d that has not begun".formatted(state.nextTrial()),
        "trial " + trial);
  }

  private void expectLease(AttemptRef ref) {
    Trial trial = state.trial(ref.trial());
    if (trial == null) {
      expect(
          state.suggested().containsKey(ref.trial()),
          "a trial that was suggested",
          "trial " + ref.trial());
    } else {
      expect(
          !trial.lastAttempt().isLive(),
          "a trial without a slot",
          "trial %d, whose attempt %d runs".formatted(trial.number(), trial.attempts().size()));
    }
    int next = trial == null ? 1 : trial.attempts().size() + 1;
    expect(ref.attempt() == next, text(new AttemptRef(ref.trial(), next)), text(ref));
  }

  private Trial begun(int number) {
    Trial trial = state.trial(number);
    if (trial == null) {
      throw new Unexpected("a trial that has begun", "trial " + number);
    }
    return trial;
  }

  private Attempt attempt(AttemptRef ref) {
    Attempt attempt = begun(ref.trial()).attempt(ref.attempt());
    if (attempt == null) {
      throw new Unexpected("an attempt that has begun", text(ref));
    }
    return attempt;
  }

  private Attempt live(AttemptRef ref) {
    Attempt attempt = attempt(ref);
    expect(attempt.isLive(), "an attempt that runs", text(ref) + ", which is over");
    return attempt;
  }

  private static String text(AttemptRef ref) {
    return "attempt %d of trial %d".formatted(ref.attempt(), ref.trial());
  }

  private static void expect(boolean holds, String expected, String came) {
    if (!holds) {
      throw new Unexpected(expected, came);
    }
  }

  private static final class Unexpected extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unexpected(String expected, String came) {
      super("expected %s, but came %s".formatted(expected, came));
    }
  }
}
