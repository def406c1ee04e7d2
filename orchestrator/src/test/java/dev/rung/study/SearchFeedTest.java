package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.searcher.Searcher;
import dev.rung.space.KeyedRandom;
import dev.rung.space.Parameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.study.RandomFleet.Step;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

/**
 * Searchers of studies on bad fleets, asked as soon as they can be and again after crashes. A
 * failure names its seed; {@code -Drung.seed=N} runs that one alone.
 */
class SearchFeedTest {
  private static final int STUDIES = 60;

  /** What a suggestion may know is in the ask, so whoever computes it comes to the same. */
  @Test
  void shouldSuggestTheSameWhereverTheStudyCrashed() {
    Long only = Long.getLong("rung.seed");
    Map<String, Integer> compared = new TreeMap<>();
    for (long seed = only == null ? 0 : only; seed < (only == null ? STUDIES : only + 1); seed++) {
      new Crashing(seed, compared).run();
    }
    if (only == null) {
      assertThat(compared).containsOnlyKeys("auto", "grid", "random", "tpe", "exhausted");
      assertThat(compared.values()).allSatisfy(count -> assertThat(count).isGreaterThan(5));
    }
  }

  /** One study, whose server crashes at one step in eight. */
  private static final class Crashing {
    private static final String[] SEARCHERS = {"tpe", "auto", "random", "grid"};

    private final long seed;
    private final Map<String, Integer> compared;
    private final KeyedRandom random;
    private final RandomFleet fleet;
    private final Map<Integer, StudyCommand> answers = new HashMap<>();
    private StudyState state = new StudyState();
    private Searcher searcher;
    private SearchFeed feed;

    Crashing(long seed, Map<String, Integer> compared) {
      this.seed = seed;
      this.compared = compared;
      this.random = KeyedRandom.stream(seed, "crashes", 0);
      String search = SEARCHERS[(int) (seed % SEARCHERS.length)];
      Parameter width = new IntParameter("width", 1, 6, false, 1);
      Parameter rate =
          new FloatParameter("rate", 0, 1, false, search.equals("grid") || seed % 3 == 0 ? 0.5 : 0);
      this.fleet = new RandomFleet(seed, plans -> plans.search(search).space(width, rate));
      this.searcher = fleet.plan().searcher();
      this.feed = new SearchFeed(state);
    }

    void run() {
      for (Step step = fleet.next(); step != null; step = fleet.next()) {
        if (random.nextInt(8) == 0) {
          crash();
        }
        StudyKernel.Outcome outcome =
            StudyKernel.handle(state, answered(step.command()), step.now());
        answer(outcome.effects(), answers::put);
        fleet.took(outcome);
      }
      if (state.endReason() == EndReason.EXHAUSTED) {
        compared.merge("exhausted", 1, Integer::sum);
      }
    }

    private StudyCommand answered(StudyCommand command) {
      return command instanceof StudyCommand.Suggest suggest
          ? answers.getOrDefault(suggest.trial(), suggest)
          : command;
    }

    /** All is lost but the journal; what was asked is asked again. */
    private void crash() {
      state = StudySnapshot.of(state).restore();
      searcher = fleet.plan().searcher();
      feed = new SearchFeed(state);
      answer(
          StudyKernel.unfinished(state),
          (trial, again) -> {
            assertThat(again)
                .as("seed %d, trial %d (again with -Drung.seed=%d)", seed, trial, seed)
                .isEqualTo(answers.get(trial));
            compared.merge(state.plan().algorithm().search(), 1, Integer::sum);
          });
    }

    private void answer(List<StudyEffect> effects, BiConsumer<Integer, StudyCommand> sink) {
      for (StudyEffect effect : effects) {
        if (effect instanceof StudyEffect.Ask(int trial, long basis)) {
          sink.accept(trial, Suggesting.answer(searcher, trial, feed.before(trial, basis)));
        }
      }
    }
  }
}
