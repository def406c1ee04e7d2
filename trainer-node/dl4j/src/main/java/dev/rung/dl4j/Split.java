package dev.rung.dl4j;

/**
 * A data set in two parts that never change: every fifth row, rounded up, validates.
 *
 * @param train what is trained on
 * @param validation what is measured on, never trained on
 */
record Split(Examples train, Examples validation) {

  /** Fixes the split; changing it makes results incomparable with earlier ones. */
  private static final long SEED = 20_041_998L;

  /** Splits 80 : 20 by a seeded permutation. */
  static Split of(Examples all) {
    int[] order = new SplitMix64(SEED).permutation(all.rows());
    int trained = all.rows() - (all.rows() + 4) / 5;
    return new Split(all.select(order, 0, trained), all.select(order, trained, all.rows()));
  }

  /** The same split with inputs of mean 0 and deviation 1 over the training part. */
  Split withScaledFeatures() {
    Scaling scaling = Scaling.of(train.features());
    return new Split(
        new Examples(scaling.apply(train.features()), train.targets()),
        new Examples(scaling.apply(validation.features()), validation.targets()));
  }
}
