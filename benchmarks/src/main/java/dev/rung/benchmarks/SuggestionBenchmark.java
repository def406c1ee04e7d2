package dev.rung.benchmarks;

import dev.rung.searcher.Observation;
import dev.rung.searcher.Searcher;
import dev.rung.searcher.Searchers;
import dev.rung.space.Assignment;
import dev.rung.space.KeyedRandom;
import dev.rung.space.Parameter;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value.StringValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The cost of one suggestion after n trials have been observed on four rungs, 25 more of which run,
 * in a space of 10 parameters: six real, two whole, two of three choices. Each call first observes
 * one more entry, so that nothing can be kept from the call before. The score is that of {@value
 * #SUGGESTIONS} suggestions.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 20, batchSize = SuggestionBenchmark.SUGGESTIONS)
@Measurement(iterations = 20, batchSize = SuggestionBenchmark.SUGGESTIONS)
public class SuggestionBenchmark {
  /** Suggestions an iteration: few, so that n stays about what it says. */
  static final int SUGGESTIONS = 20;

  private static final long[] LEVELS = {1, 3, 9, 27};
  private static final int RUNNING = 25;

  /** Which searcher. */
  @Param({"auto", "tpe", "random"})
  public String search = "";

  /** Trials observed before. */
  @Param({"100", "1000", "10000"})
  public int n;

  private Searcher searcher = searcher("random");
  private KeyedRandom random = KeyedRandom.stream(1, "benchmark", 0);
  private final List<Assignment> begun = new ArrayList<>();
  private int next;

  /** Observes n trials, a third of which went on from each rung. */
  @Setup(Level.Iteration)
  public void observe() {
    searcher = searcher(search);
    Searcher draws = searcher("random");
    random = KeyedRandom.stream(1, "benchmark", 0);
    next = 0;
    begun.clear();
    searcher.observe(new Observation.LadderKnown(0, List.of(1L, 3L, 9L, 27L), 1));
    for (int trial = 1; trial <= n + RUNNING; trial++) {
      begun.add(draws.suggest(trial).orElseThrow());
      searcher.observe(new Observation.Begun(trial, begun.getLast()));
      int part = 1;
      for (int k = 0; k < LEVELS.length && trial <= n && trial % part == 0; k++) {
        enter(trial, LEVELS[k]);
        if (k > 0) {
          searcher.observe(new Observation.Earned(trial, LEVELS[k - 1]));
        }
        part *= 3;
      }
    }
  }

  /** One suggestion after one more entry. */
  @Benchmark
  public Optional<Assignment> suggest() {
    int trial = n + RUNNING + ++next;
    searcher.observe(new Observation.Begun(trial, begun.get(next % begun.size())));
    enter(trial, LEVELS[0]);
    return searcher.suggest(trial + 1);
  }

  private void enter(int trial, long level) {
    searcher.observe(new Observation.Entered(trial, level, List.of(random.nextDouble()), 0));
  }

  private static Searcher searcher(String name) {
    List<Parameter> parameters = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      parameters.add(new FloatParameter("real" + i, 1e-4, 1, i % 2 == 0, 0));
    }
    for (int i = 0; i < 2; i++) {
      parameters.add(new IntParameter("whole" + i, 16, 256, false, 16));
      parameters.add(
          new CategoricalParameter(
              "choice" + i,
              List.of(new StringValue("a"), new StringValue("b"), new StringValue("c"))));
    }
    return Searchers.of(
        name, new SearchSpace(parameters), new Searchers.Settings(1, 3, OptionalInt.empty()));
  }
}
