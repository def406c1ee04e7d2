package dev.rung.searcher;

import dev.rung.space.SearchSpace;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

/** Every searcher by the name that a study file gives. */
public final class Searchers {
  private static final Map<String, BiFunction<SearchSpace, Settings, Searcher>> BY_NAME =
      new TreeMap<>(
          Map.of(
              "auto",
              (space, settings) ->
                  distinct(
                      new MeritProposer(space, settings.seed(), settings.eta()), space, settings),
              External.NAME,
              (space, settings) -> new External(space, settings.seed()),
              "grid",
              (space, settings) ->
                  new DistinctSearcher(
                      new GridProposer(),
                      Optional.of(Lattice.grid(space, settings.points())),
                      settings.seed()),
              "random",
              (space, settings) ->
                  distinct(new RandomProposer(space, settings.seed()), space, settings),
              "sobol",
              (space, settings) ->
                  distinct(new SobolProposer(space, settings.seed()), space, settings),
              "tpe",
              (space, settings) ->
                  distinct(new TpeProposer(space, settings.seed()), space, settings)));

  private static final Set<String> LEARNING = Set.of("auto", External.NAME, "tpe");

  private Searchers() {}

  /**
   * What a searcher is made with.
   *
   * @param seed the study's seed
   * @param eta the reduction factor of its halving
   * @param points coordinates that a grid has of a parameter with more values; empty: all values
   */
  public record Settings(long seed, int eta, OptionalInt points) {}

  /** The known names in alphabetical order. */
  public static Iterable<String> names() {
    return BY_NAME.keySet();
  }

  /** Whether a searcher of this name wants to know more than what trials began with. */
  public static boolean learns(String name) {
    return LEARNING.contains(name);
  }

  /**
   * The searcher of a name.
   *
   * @throws IllegalArgumentException the name is unknown, or the space is none for it
   */
  public static Searcher of(String name, SearchSpace space, Settings settings) {
    BiFunction<SearchSpace, Settings, Searcher> make = BY_NAME.get(name);
    if (make == null) {
      throw new IllegalArgumentException(
          "expected a searcher of " + BY_NAME.keySet() + ", but came " + name);
    }
    return make.apply(space, settings);
  }

  private static Searcher distinct(Proposer proposer, SearchSpace space, Settings settings) {
    return new DistinctSearcher(proposer, Lattice.of(space), settings.seed());
  }
}
