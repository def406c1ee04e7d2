package dev.rung.searcher;

import dev.rung.space.Assignment;
import dev.rung.space.KeyedRandom;
import dev.rung.space.SearchSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.hipparchus.random.SobolSequenceGenerator;

/**
 * Fills the space more evenly than chance does: the points of a Sobol sequence with the direction
 * numbers of Joe and Kuo (Constructing Sobol Sequences with Better Two-Dimensional Projections,
 * SIAM J. Sci. Comput. 30, 2008), scrambled as by Owen (Randomly Permuted (t, m, s)-Nets and (t,
 * s)-Sequences, 1995): at each depth of its binary expansion a coordinate's digit is turned or not,
 * by chance that depends on the digits above it. Scrambling keeps what makes the points even, and
 * each seed has points of its own.
 *
 * <p>Trial k has the k-th point that is allowed, so without forbidden ones the first 2^m trials are
 * a net. Not for use by several threads.
 */
final class SobolProposer implements Proposer {
  /** Coordinates for which there are direction numbers. */
  static final int MOST_DIMENSIONS = 1_000;

  /** Binary digits of a coordinate, as the generator makes them. */
  private static final int DIGITS = 52;

  /** A space that a study file may have allows one point in some thousands. */
  private static final int MOST_TRIES = 100_000;

  private final SearchSpace space;
  private final long seed;
  private final SobolSequenceGenerator sequence;

  /** Of the scrambling, one a coordinate. */
  private final long[] keys;

  /**
   * Numbers of the points that are allowed, as far as they were looked at; of spaces that forbid
   * some.
   */
  private final List<Integer> allowed = new ArrayList<>();

  /**
   * A proposer.
   *
   * @param space of at most {@link #MOST_DIMENSIONS} coordinates
   * @param seed the study's seed; the assignment of trial k is a function of (seed, k)
   * @throws IllegalArgumentException the space has more coordinates
   */
  SobolProposer(SearchSpace space, long seed) {
    int dimensions = space.dimensions().size();
    if (dimensions > MOST_DIMENSIONS) {
      throw new IllegalArgumentException(
          "expected at most %d coordinates, but came %d".formatted(MOST_DIMENSIONS, dimensions));
    }
    this.space = space;
    this.seed = seed;
    this.sequence = new SobolSequenceGenerator(Math.max(1, dimensions));
    this.keys = new long[dimensions];
    for (int i = 0; i < dimensions; i++) {
      keys[i] = KeyedRandom.stream(seed, "sobol", i).nextLong();
    }
  }

  @Override
  public String name() {
    return "sobol";
  }

  /** The point of the sequence; where it falls on a value that was used, random ones after it. */
  @Override
  public Stream<Assignment> proposals(int trial) {
    return Stream.concat(
        allowed(trial), RandomPoints.of(space, KeyedRandom.stream(seed, "sobol used", trial)));
  }

  private Stream<Assignment> allowed(int trial) {
    if (space.forbidden().isEmpty()) {
      return Stream.of(space.decode(point(trial)));
    }
    int next = allowed.isEmpty() ? 1 : allowed.getLast() + 1;
    for (int end = next + MOST_TRIES; allowed.size() < trial && next < end; next++) {
      if (space.isAllowed(space.decode(point(next)))) {
        allowed.add(next);
        end = next + MOST_TRIES;
      }
    }
    return allowed.size() < trial
        ? Stream.empty()
        : Stream.of(space.decode(point(allowed.get(trial - 1))));
  }

  /** The scrambled point of a number from 1 on, each coordinate in [0, 1). */
  double[] point(int number) {
    double[] point = sequence.skipTo(number - 1);
    for (int i = 0; i < keys.length; i++) {
      long digits = (long) Math.scalb(point[i], DIGITS);
      point[i] = Math.scalb((double) scramble(digits, keys[i]), -DIGITS);
    }
    return point;
  }

  private static long scramble(long digits, long key) {
    long turned = 0;
    for (int depth = 0; depth < DIGITS; depth++) {
      // The digits above this one, with a 1 before them that tells depths apart.
      long above = 1L << depth | digits >>> (DIGITS - depth);
      long turn = KeyedRandom.mix(key ^ KeyedRandom.mix(above)) & 1;
      turned |= turn << (DIGITS - 1 - depth);
    }
    return digits ^ turned;
  }
}
