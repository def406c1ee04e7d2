package dev.rung.study;

import java.util.ArrayList;
import java.util.List;

/** Checks a study's whole journal with everything that knows what a study has to decide. */
public final class Verdicts {
  private Verdicts() {}

  /**
   * What is wrong with a study's events: verdicts that the referees do not give, broken promises,
   * and decisions that a study without a crash does not take. Empty: nothing.
   *
   * @param journal all events of the study, the oldest first
   * @param ended whether the study has to be at its end
   */
  public static List<String> problems(List<StudyEvent> journal, boolean ended) {
    List<String> problems = new ArrayList<>();
    if (!(journal.get(0) instanceof StudyEvent.StudyCreated created)) {
      return List.of("expected a journal that begins with the study, but came " + journal.get(0));
    }
    StudyPlan plan = created.plan();
    Promises promises = new Promises(plan.seed(), plan);
    Referee referee = new Referee(plan);
    PlainReferee plain = new PlainReferee(plan);
    StudyState state = new StudyState();
    try {
      for (StudyEvent event : journal) {
        state.evolve(event);
        referee.accept(event);
        plain.accept(event);
        promises.check(
            state, new StudyKernel.Outcome(List.of(event), new StudyReply.Done(), List.of()));
      }
      if (ended) {
        promises.checkEnd(state);
      }
      StudyState unused = Rerun.check(journal);
    } catch (AssertionError e) {
      problems.add(e.getMessage());
    } catch (IllegalStateException e) {
      problems.add("no study takes the journal: " + e.getMessage());
    }
    if (plan.budget().resource().isEmpty()) {
      plain.wrong.forEach(event -> problems.add("the plain referee does not give " + event));
    }
    if (plan.algorithm().mode().isEmpty()) {
      compare(referee, problems);
    }
    return problems;
  }

  /** That referee knows promotion alone. */
  private static void compare(Referee referee, List<String> problems) {
    int same = 0;
    while (same < Math.min(referee.expected.size(), referee.actual.size())
        && referee.expected.get(same).equals(referee.actual.get(same))) {
      same++;
    }
    if (same < Math.max(referee.expected.size(), referee.actual.size())) {
      problems.add(
          "decision %d: the referee gives %s, but the study gave %s"
              .formatted(same, at(referee.expected, same), at(referee.actual, same)));
    }
  }

  private static Object at(List<Object> decisions, int index) {
    return index < decisions.size() ? decisions.get(index) : "nothing";
  }
}
