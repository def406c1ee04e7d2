package dev.rung.dl4j;

import dev.rung.dl4j.RungListener.Evaluation;
import dev.rung.trainer.DivergedException;
import dev.rung.trainer.TrialContext;
import dev.rung.trainer.Values;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The training that both trainers share. */
final class EpochLoop {
  private static final int WEIGHTS = 0;

  private EpochLoop() {}

  /** Seed of a trial's first weights: the same in every attempt of it. */
  static long weightSeed(TrialContext trial) {
    return SplitMix64.mix(trial.seed(), WEIGHTS);
  }

  /**
   * What a network says to each row. In one copy: ND4J's own way asks the native code once a
   * number, which costs more than the prediction.
   */
  static float[][] predictions(MultiLayerNetwork network, INDArray features) {
    INDArray output = network.output(features);
    float[] numbers = output.dup('c').data().asFloat();
    float[][] rows = new float[output.rows()][];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = Arrays.copyOfRange(numbers, r * output.columns(), (r + 1) * output.columns());
    }
    return rows;
  }

  private static boolean isScheduled(TrialContext trial) {
    return trial.assignment().has(Hyperparameters.LEARNING_RATE)
        && trial.assignment().kind(Hyperparameters.LEARNING_RATE) == Values.Kind.SCHEDULE;
  }

  /** Measures also the rate that the epoch was trained with, as the network itself says it. */
  private static Evaluation withRate(MultiLayerNetwork network, Evaluation evaluation) {
    return (model, trainLoss) -> {
      Map<String, Double> metrics = new HashMap<>(evaluation.measure(model, trainLoss));
      metrics.put(Hyperparameters.LEARNING_RATE, network.getLearningRate(0));
      return metrics;
    };
  }

  /**
   * Trains a fresh network from where the attempt goes on, until the study or the resource ends it.
   *
   * @throws DivergedException the loss is no longer a number
   * @throws IOException a checkpoint cannot be read or stored
   */
  static void run(
      TrialContext trial,
      MultiLayerNetwork network,
      Examples train,
      int batchSize,
      Evaluation evaluation)
      throws DivergedException, IOException {
    try {
      Checkpoints.resume(network, trial);
      trial.log(
          "trains %d parameters on %d examples from epoch %d, batches of %d"
              .formatted(network.numParams(), train.rows(), trial.startStep() + 1, batchSize));
      RungListener listener =
          new RungListener(trial, isScheduled(trial) ? withRate(network, evaluation) : evaluation);
      network.setListeners(listener);
      while (listener.goesOn()) {
        listener.onEpochStart(network);
        for (DataSet batch : train.shuffledBatches(batchSize, listener.epochSeed())) {
          network.fit(batch);
        }
        listener.onEpochEnd(network);
        network.incrementEpochCount();
      }
    } finally {
      network.close();
      // Each attempt has a thread of its own, and ND4J keeps a thread's memory after its end.
      Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
    }
  }
}
