package dev.rung.halving;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * Progressive ASHA (Bohdal et al., PASHA: Efficient HPO and NAS with Progressive Resource
 * Allocation, ICLR 2023): promotion as in {@link PromotionAsha}, on a ladder that begins with two
 * rungs. It grows by the next level only while its top rung orders trials otherwise than the rung
 * below, for then more resource may still change who is best. Trials whose values are within the
 * noise of each other may change places.
 *
 * <p>The noise is the 90th percentile of the differences between curves that cross to and fro: at a
 * step where one of two trials is the better, was the worse at an earlier step, and the better
 * before that. It is taken over the steps from the second rung from the top to the top, or, where
 * no curves cross there, over those between the rungs below; of more than {@value #MOST_CURVES}
 * trials it is that of the best. Of several objectives the first tells.
 *
 * @param eta the reduction factor, at least 2
 * @param max the largest resource, in the study's unit
 */
public record Pasha(int eta, long max) implements HalvingRule {
  /** Pairs grow with the square. */
  static final int MOST_CURVES = 100;

  private static final double PERCENTILE = 0.9;
  private static final int FIRST_RUNGS = 2;

  @Override
  public String name() {
    return "pasha";
  }

  @Override
  public Ladder ladder(long min, long max) {
    List<Long> levels = Ladder.geometric(min, max, eta).levels();
    return new Ladder(1, levels.subList(0, Math.min(FIRST_RUNGS, levels.size())));
  }

  @Override
  public int quota(RungView rung, double share) {
    return rung.size() / eta;
  }

  @Override
  public boolean readsCurves() {
    return true;
  }

  @Override
  public Optional<Revision> revise(BracketView bracket) {
    Ladder ladder = bracket.ladder();
    int top = ladder.top();
    if (top == 0 || ladder.level(top) >= max) {
      return Optional.empty();
    }
    RungView upper = bracket.rungs().get(top);
    RungView lower = bracket.rungs().get(top - 1);
    int[] trials = IntStream.range(0, upper.size()).map(upper::trialAt).toArray();
    double[] above = IntStream.of(trials).mapToDouble(upper::loss).toArray();
    double[] below = IntStream.of(trials).mapToDouble(lower::loss).toArray();
    // Curves cost time: where the order is the same, noise cannot change it.
    if (isStable(above, below, 0)) {
      return Optional.empty();
    }
    double noise = noise(bracket);
    if (isStable(above, below, noise)) {
      return Optional.empty();
    }
    List<Long> levels = new ArrayList<>(ladder.levels());
    levels.add(Ladder.geometric(ladder.level(0), max, eta).level(ladder.size()));
    return Optional.of(
        new Revision(
            new Ladder(ladder.version() + 1, levels),
            String.format(
                Locale.ROOT,
                "%d is added, since %d trials stand otherwise at %d than at %d, beyond noise of %.4g",
                levels.get(levels.size() - 1),
                trials.length,
                ladder.level(top),
                ladder.level(top - 1),
                noise)));
  }

  /**
   * Whether each place of one order is held by a trial that stands at that place in the other, or
   * is within the noise of the one that does.
   *
   * @param above losses in the top rung, by trial
   * @param below losses of the same trials in the rung below
   */
  public static boolean isStable(double[] above, double[] below, double noise) {
    int[] upper = order(above);
    int[] lower = order(below);
    return IntStream.range(0, upper.length)
        .allMatch(place -> isWithin(below[upper[place]], below[lower[place]], noise));
  }

  /** Equal values may be infinite. */
  private static boolean isWithin(double a, double b, double noise) {
    return a == b || Math.abs(a - b) <= noise;
  }

  private static int[] order(double[] losses) {
    return IntStream.range(0, losses.length)
        .boxed()
        .sorted((a, b) -> Double.compare(losses[a], losses[b]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** The difference between trials that is noise; 0 where no curves cross to and fro. */
  private static double noise(BracketView bracket) {
    for (int rung = bracket.ladder().top(); rung > 0; rung--) {
      OptionalDouble noise =
          noise(
              curves(bracket, rung),
              bracket.ladder().level(rung - 1),
              bracket.ladder().level(rung));
      if (noise.isPresent()) {
        return noise.getAsDouble();
      }
    }
    return 0;
  }

  private static List<Curve> curves(BracketView bracket, int rung) {
    RungView entries = bracket.rungs().get(rung);
    List<Curve> curves = new ArrayList<>();
    for (int rank = 0; rank < entries.size() && curves.size() < MOST_CURVES; rank++) {
      Curve curve = bracket.trials().curve(entries.trialAt(rank));
      if (curve != null) {
        curves.add(curve);
      }
    }
    return curves;
  }

  /**
   * The 90th percentile, as NumPy interpolates it, of the differences of pairs of curves at steps
   * at which they have crossed to and fro.
   *
   * @param after steps above this one count
   * @param last steps up to this one count
   */
  static OptionalDouble noise(List<Curve> curves, long after, long last) {
    List<Double> differences = new ArrayList<>();
    for (int i = 0; i < curves.size(); i++) {
      for (int j = i + 1; j < curves.size(); j++) {
        addDifferences(curves.get(i), curves.get(j), after, last, differences);
      }
    }
    if (differences.isEmpty()) {
      return OptionalDouble.empty();
    }
    double[] sorted = differences.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double place = PERCENTILE * (sorted.length - 1);
    int low = (int) place;
    int high = Math.min(low + 1, sorted.length - 1);
    return OptionalDouble.of(sorted[low] + (place - low) * (sorted[high] - sorted[low]));
  }

  private static void addDifferences(
      Curve one, Curve other, long after, long last, List<Double> differences) {
    boolean[] wasBetter = new boolean[2];
    boolean[] wasBetterBeforeTheOther = new boolean[2];
    for (int point = 0; point < one.size() && one.step(point) <= last; point++) {
      double difference = one.loss(point) - other.at(one.step(point));
      if (!Double.isFinite(difference) || difference == 0) {
        continue;
      }
      int better = difference < 0 ? 0 : 1;
      int worse = 1 - better;
      if (wasBetterBeforeTheOther[better] && one.step(point) > after) {
        differences.add(Math.abs(difference));
      }
      wasBetterBeforeTheOther[worse] |= wasBetter[worse];
      wasBetter[better] = true;
    }
  }
}
