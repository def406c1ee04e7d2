package dev.rung.dl4j;

import dev.rung.trainer.ResumePoint;
import dev.rung.trainer.TrialContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Networks as checkpoints: Deeplearning4j's own zip, which {@link ModelSerializer} reads anywhere,
 * with weights, updater state, and iteration and epoch counters.
 */
public final class Checkpoints {
  private Checkpoints() {}

  /**
   * Writes a network as it is after a number of epochs.
   *
   * @param epochs how many epochs it has been trained for
   * @throws IOException the stream refused it
   */
  public static void write(Model network, long epochs, OutputStream out) throws IOException {
    // Listeners run before Deeplearning4j counts the epoch that they see the end of.
    int counted = epochCount(network);
    setEpochCount(network, Math.toIntExact(epochs));
    try {
      ModelSerializer.writeModel(network, out, true);
    } finally {
      setEpochCount(network, counted);
    }
  }

  /**
   * Takes a fresh network to where the attempt goes on from; without a checkpoint it stays as it
   * is. The hyper-parameters stay those of the fresh network.
   *
   * @return the same network
   * @throws IOException the checkpoint cannot be read
   * @throws IllegalArgumentException the checkpoint is of a network with other weights
   */
  public static MultiLayerNetwork resume(MultiLayerNetwork fresh, TrialContext trial)
      throws IOException {
    Optional<ResumePoint> point = trial.resumeFrom();
    if (point.isPresent()) {
      MultiLayerNetwork saved = read(point.get(), trial);
      copyState(saved, fresh, trial);
      fresh.setIterationCount(saved.getIterationCount());
      fresh.setEpochCount(Math.toIntExact(point.get().step()));
      saved.close();
    }
    return fresh;
  }

  private static MultiLayerNetwork read(ResumePoint point, TrialContext trial) throws IOException {
    try (InputStream in = point.open()) {
      return ModelSerializer.restoreMultiLayerNetwork(in, true);
    } catch (RuntimeException e) {
      throw new IOException(
          "expected a network of Deeplearning4j in the checkpoint of trial "
              + trial.trial()
              + " at step "
              + point.step()
              + ", but it cannot be read: "
              + e.getMessage(),
          e);
    }
  }

  private static void copyState(
      MultiLayerNetwork saved, MultiLayerNetwork fresh, TrialContext trial) {
    long weights = saved.numParams();
    long state = length(saved.getUpdater().getStateViewArray());
    if (weights != fresh.numParams() || state != length(fresh.getUpdater().getStateViewArray())) {
      throw new IllegalArgumentException(
          "expected the checkpoint of trial "
              + trial.trial()
              + " to have "
              + fresh.numParams()
              + " weights and "
              + length(fresh.getUpdater().getStateViewArray())
              + " numbers of updater state as its assignment says, but it has "
              + weights
              + " and "
              + state);
    }
    fresh.setParams(saved.params());
    if (state > 0) {
      fresh.getUpdater().setStateViewArray(fresh, saved.getUpdater().getStateViewArray(), false);
    }
  }

  private static long length(@Nullable INDArray array) {
    return array == null ? 0 : array.length();
  }

  private static int epochCount(Model network) {
    if (network instanceof MultiLayerNetwork layers) {
      return layers.getEpochCount();
    }
    if (network instanceof ComputationGraph graph) {
      return graph.getConfiguration().getEpochCount();
    }
    throw unknown(network);
  }

  private static void setEpochCount(Model network, int epochs) {
    if (network instanceof MultiLayerNetwork layers) {
      layers.setEpochCount(epochs);
    } else if (network instanceof ComputationGraph graph) {
      graph.getConfiguration().setEpochCount(epochs);
    } else {
      throw unknown(network);
    }
  }

  private static IllegalArgumentException unknown(Model network) {
    return new IllegalArgumentException(
        "expected a MultiLayerNetwork or a ComputationGraph, but it is a "
            + network.getClass().getName());
  }
}
