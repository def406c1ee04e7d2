package dev.rung.searcher;

import dev.rung.space.Assignment;
import dev.rung.space.KeyedRandom;
import dev.rung.space.SearchSpace;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Draws candidates and orders them by a score. */
final class Candidates {
  /** Candidates of one proposal. */
  static final int COUNT = 24;

  private Candidates() {}

  /**
   * Candidates by falling score, then random points. What is scored is the assignment that would be
   * trained, so a drawn point first goes to the nearest that stands for one.
   *
   * @param draw gives a point of the unit cube
   * @param score of a point, NaN where it is not active
   */
  static Stream<Assignment> of(
      SearchSpace space,
      KeyedRandom random,
      Function<KeyedRandom, double[]> draw,
      ToDoubleFunction<double[]> score) {
    List<Candidate> candidates = new ArrayList<>(COUNT);
    for (int i = 0; i < COUNT; i++) {
      Assignment assignment = space.decode(draw.apply(random));
      if (space.isAllowed(assignment)) {
        candidates.add(new Candidate(assignment, score.applyAsDouble(space.encode(assignment))));
      }
    }
    candidates.sort(Comparator.comparingDouble(Candidate::score).reversed());
    return Stream.concat(
        candidates.stream().map(Candidate::assignment), RandomPoints.of(space, random));
  }

  private record Candidate(Assignment assignment, double score) {}
}
