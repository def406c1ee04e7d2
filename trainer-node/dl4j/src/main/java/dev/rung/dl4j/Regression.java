package dev.rung.dl4j;

/**
 * How well numbers were told, in the unit of the numbers.
 *
 * @param rmse root of the mean squared error
 * @param mae mean absolute error
 */
record Regression(double rmse, double mae) {

  /** Compares the first column of predictions and targets, row by row. */
  static Regression of(float[][] predictions, float[][] targets) {
    double squares = 0;
    double distances = 0;
    for (int r = 0; r < targets.length; r++) {
      double error = (double) predictions[r][0] - targets[r][0];
      squares += error * error;
      distances += Math.abs(error);
    }
    return new Regression(Math.sqrt(squares / targets.length), distances / targets.length);
  }

  /** The same errors in a unit of which one of the present is {@code factor}. */
  Regression times(double factor) {
    return new Regression(rmse * factor, mae * factor);
  }
}
