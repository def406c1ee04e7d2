package dev.rung.dl4j;

/**
 * How well classes were told.
 *
 * @param accuracy share of rows whose likeliest class is the right one; NaN if a probability is
 * @param loss mean cross entropy in nats; NaN if a probability is
 */
record Classification(double accuracy, double loss) {

  /** As small as a probability counts, so that one sure mistake does not make the loss infinite. */
  private static final double SMALLEST = 1e-10;

  /**
   * @param probabilities of the classes, row by row
   * @param targets one-hot, row by row
   */
  static Classification of(float[][] probabilities, float[][] targets) {
    int right = 0;
    double loss = 0;
    for (int r = 0; r < targets.length; r++) {
      int said = largest(probabilities[r]);
      int wanted = largest(targets[r]);
      if (Float.isNaN(probabilities[r][said])) {
        return new Classification(Double.NaN, Double.NaN);
      }
      right += said == wanted ? 1 : 0;
      loss -= Math.log(Math.max(probabilities[r][wanted], SMALLEST));
    }
    return new Classification((double) right / targets.length, loss / targets.length);
  }

  /** The first largest number's place; that of a NaN where there is one. */
  private static int largest(float[] numbers) {
    int place = 0;
    for (int i = 1; i < numbers.length; i++) {
      if (Float.compare(numbers[i], numbers[place]) > 0) {
        place = i;
      }
    }
    return place;
  }
}
