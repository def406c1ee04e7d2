package dev.rung.halving;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The rungs of a bracket.
 *
 * @param version grows with every change of a study's ladder, from 1
 * @param levels in the study's unit, rising, at least one
 * @param start index of the rung that new trials head for; levels below it are only recorded
 * @param probing empty: the start is settled
 */
public record Ladder(int version, List<Long> levels, int start, Optional<Probing> probing) {

  /** A ladder whose trials start at its first rung. */
  public Ladder(int version, List<Long> levels) {
    this(version, levels, 0, Optional.empty());
  }

  /** Checks that the levels rise. */
  public Ladder {
    levels = List.copyOf(levels);
    if (levels.isEmpty()) {
      throw new IllegalArgumentException("expected at least one level, but came none");
    }
    for (int i = 1; i < levels.size(); i++) {
      if (levels.get(i) <= levels.get(i - 1)) {
        throw new IllegalArgumentException("expected rising levels, but came " + levels);
      }
    }
    if (start < 0 || start >= levels.size()) {
      throw new IllegalArgumentException(
          "expected to start at one of %d rungs, but came %d".formatted(levels.size(), start));
    }
  }

  /**
   * The ladder of the ASHA paper (Li et al., A System for Massively Parallel Hyperparameter Tuning,
   * MLSys 2020, section 3.2): min * eta^k below max, then max. By multiplication alone, since a
   * logarithm in floating point loses the top rung for min 1, max 243, eta 3 and many others.
   *
   * @param min the first level, from 1
   * @param max the last level, at least min
   * @param eta the reduction factor, at least 2
   */
  public static Ladder geometric(long min, long max, int eta) {
    check(min, max, eta);
    List<Long> levels = new ArrayList<>();
    for (long level = min; level < max; level = Math.multiplyExact(level, (long) eta)) {
      levels.add(level);
      if (level > max / eta) {
        break;
      }
    }
    levels.add(max);
    return new Ladder(1, levels);
  }

  /**
   * Levels that are evenly spaced in the logarithm, about eta apart, from min to max: 1 + log(max /
   * min) / log(eta) of them, rounded to the nearest number, half up. Its number is found by
   * comparing whole numbers, since a logarithm in floating point is off by one for some.
   *
   * @param min the first level, from 1
   * @param max the last level, at least min
   * @param eta the factor, at least 2
   */
  public static Ladder even(long min, long max, int eta) {
    check(min, max, eta);
    // The largest number of steps with eta^(steps - 1/2) <= max / min, squared to stay whole.
    BigInteger square = BigInteger.valueOf(max).pow(2);
    BigInteger bound = BigInteger.valueOf(min).pow(2).multiply(BigInteger.valueOf(eta));
    int steps = 0;
    while (bound.compareTo(square) <= 0) {
      steps++;
      bound = bound.multiply(BigInteger.valueOf(eta).pow(2));
    }
    List<Long> levels = new ArrayList<>();
    for (int k = 0; k < steps; k++) {
      long level = Math.round(min * Math.pow((double) max / min, (double) k / steps));
      if (level < max && (levels.isEmpty() || level > levels.get(levels.size() - 1))) {
        levels.add(level);
      }
    }
    levels.add(max);
    return new Ladder(1, levels);
  }

  private static void check(long min, long max, int eta) {
    if (min < 1 || max < min || eta < 2) {
      throw new IllegalArgumentException(
          "expected 1 <= min <= max and eta >= 2, but came min %d, max %d, eta %d"
              .formatted(min, max, eta));
    }
  }

  /** This ladder with levels at its end, each eta times the one before it, up to a largest. */
  public Ladder upTo(long max, int eta) {
    List<Long> longer = new ArrayList<>(levels);
    for (long level = level(top()); level <= max / eta; ) {
      level *= eta;
      longer.add(level);
    }
    if (longer.get(longer.size() - 1) < max) {
      longer.add(max);
    }
    return new Ladder(version + 1, longer, start, probing);
  }

  /** This ladder with the next version. */
  public Ladder renewed() {
    return new Ladder(version + 1, levels, start, probing);
  }

  /** Number of rungs. */
  public int size() {
    return levels.size();
  }

  /** Level of a rung, in the study's unit. */
  public long level(int rung) {
    return levels.get(rung);
  }

  /** Level of a rung over that of the next one: what a geometric ladder keeps. 1 at the top. */
  public double share(int rung) {
    return rung == top() ? 1 : (double) level(rung) / level(rung + 1);
  }

  /** Index of the highest rung. */
  public int top() {
    return levels.size() - 1;
  }

  /** The highest rung whose level a step has reached; -1 below the first. */
  public int reached(long step) {
    int rung = -1;
    while (rung < top() && levels.get(rung + 1) <= step) {
      rung++;
    }
    return rung;
  }
}
