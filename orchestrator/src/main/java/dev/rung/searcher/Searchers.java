package dev.rung.searcher;

import dev.rung.space.SearchSpace;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Every searcher by the name that a study file gives. */
public final class Searchers {
  private static final Map<String, BiFunction<SearchSpace, Long, Searcher>> BY_NAME =
      new TreeMap<>(
          Map.of(
              "auto", RandomSearcher::new,
              "random", RandomSearcher::new,
              "sobol", SobolSearcher::new));

  private Searchers() {}

  /** The known names in alphabetical order. */
  public static Iterable<String> names() {
    return BY_NAME.keySet();
  }

  /**
   * The searcher of a name.
   *
   * @throws IllegalArgumentException the name is unknown
   */
  public static Searcher of(String name, SearchSpace space, long seed) {
    BiFunction<SearchSpace, Long, Searcher> make = BY_NAME.get(name);
    if (make == null) {
      throw new IllegalArgumentException(
          "expected a searcher of " + BY_NAME.keySet() + ", but came " + name);
    }
    return make.apply(space, seed);
  }
}
