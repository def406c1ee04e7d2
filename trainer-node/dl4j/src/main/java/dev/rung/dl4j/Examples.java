package dev.rung.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Rows of numbers and what is to be said about each. The arrays are shared: nobody writes to them.
 */
final class Examples {
  private final float[][] features;
  private final float[][] targets;

  /**
   * @param features inputs, row by row
   * @param targets wanted outputs, row by row: one-hot classes or real numbers
   */
  Examples(float[][] features, float[][] targets) {
    if (features.length == 0 || features.length != targets.length) {
      throw new IllegalArgumentException(
          "expected as many targets as rows of features, at least 1, but there are "
              + targets.length
              + " and "
              + features.length);
    }
    this.features = features;
    this.targets = targets;
  }

  /** Inputs, row by row. */
  float[][] features() {
    return features;
  }

  /** Wanted outputs, row by row. */
  float[][] targets() {
    return targets;
  }

  int rows() {
    return features.length;
  }

  /** Inputs a row. */
  int inputs() {
    return features[0].length;
  }

  /** Outputs a row. */
  int outputs() {
    return targets[0].length;
  }

  /** All inputs, shape [rows, inputs]. */
  INDArray featureMatrix() {
    return Nd4j.create(features);
  }

  /** The rows with these numbers, in this order. */
  Examples select(int[] rows, int from, int to) {
    float[][] chosenFeatures = new float[to - from][];
    float[][] chosenTargets = new float[to - from][];
    for (int i = from; i < to; i++) {
      chosenFeatures[i - from] = features[rows[i]];
      chosenTargets[i - from] = targets[rows[i]];
    }
    return new Examples(chosenFeatures, chosenTargets);
  }

  /** The rows from one number to before another. */
  Examples range(int from, int to) {
    return new Examples(
        Arrays.copyOfRange(features, from, to), Arrays.copyOfRange(targets, from, to));
  }

  /** The rows in an order that the seed fixes, cut into batches; the last one may be smaller. */
  List<DataSet> shuffledBatches(int batchSize, long seed) {
    int[] order = new SplitMix64(seed).permutation(rows());
    List<DataSet> batches = new ArrayList<>();
    for (int from = 0; from < rows(); from += batchSize) {
      Examples batch = select(order, from, Math.min(from + batchSize, rows()));
      batches.add(new DataSet(Nd4j.create(batch.features), Nd4j.create(batch.targets)));
    }
    return batches;
  }
}
