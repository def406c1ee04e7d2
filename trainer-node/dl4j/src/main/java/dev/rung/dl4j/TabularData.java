package dev.rung.dl4j;

import java.util.List;

/**
 * A table with one real number to predict. Features and target are scaled over the training part.
 *
 * @param split rows of scaled features and one scaled target
 * @param targetDeviation how many of the target's units are 1 in the scaled target
 */
record TabularData(Split split, double targetDeviation) {

  /** The data sets that {@link #load} knows. */
  static final List<String> NAMES = List.of("diabetes");

  /**
   * A data set by name.
   *
   * @throws IllegalArgumentException there is none of that name
   */
  static TabularData load(String name) {
    if (name.equals("diabetes")) {
      return Diabetes.DATA;
    }
    throw DataSets.unknown(name, NAMES, TabularTrainer.KIND);
  }

  /**
   * 442 patients, 10 measurements, the progression of the disease a year later; source in NOTICE.
   */
  private static final class Diabetes {
    /** Read once, when first asked for. */
    private static final TabularData DATA = read();

    private static TabularData read() {
      Split split =
          Split.of(
                  new Examples(
                      CsvResource.read("diabetes_data_raw.csv.gz", " "),
                      CsvResource.read("diabetes_target.csv.gz", " ")))
              .withScaledFeatures();
      Scaling target = Scaling.of(split.train().targets());
      return new TabularData(
          new Split(scaled(split.train(), target), scaled(split.validation(), target)),
          target.columns().get(0).deviation());
    }

    private static Examples scaled(Examples examples, Scaling target) {
      return new Examples(examples.features(), target.apply(examples.targets()));
    }
  }
}
