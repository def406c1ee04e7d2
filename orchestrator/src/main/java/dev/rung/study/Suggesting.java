package dev.rung.study;

import dev.rung.searcher.Observation;
import dev.rung.searcher.Observation.Begun;
import dev.rung.searcher.Searcher;
import dev.rung.space.Assignment;
import java.util.List;
import java.util.Optional;

/** How a searcher answers a study. */
public final class Suggesting {
  private Suggesting() {}

  /**
   * The answer of a searcher to an ask. What comes next is computed knowing the answer, which need
   * not have come back by then.
   *
   * @param news what is to be known before, beyond what the searcher knows
   */
  public static StudyCommand answer(Searcher searcher, int trial, List<Observation> news) {
    news.forEach(searcher::observe);
    return answer(searcher, trial, searcher.name());
  }

  /**
   * The answer of a searcher that knows what it is to know.
   *
   * @param source that it is recorded with
   */
  static StudyCommand answer(Searcher searcher, int trial, String source) {
    Optional<Assignment> found = searcher.suggest(trial);
    if (found.isEmpty()) {
      return new StudyCommand.Exhaust(trial);
    }
    searcher.observe(new Begun(trial, found.get()));
    return new StudyCommand.Suggest(trial, found.get(), source);
  }
}
