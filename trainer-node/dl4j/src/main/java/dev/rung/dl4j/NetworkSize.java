package dev.rung.dl4j;

import dev.rung.trainer.TrialContext;
import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How large a network is, measured where a study asks for it. */
final class NetworkSize {
  private static final String PARAMETERS = "parameters";
  private static final String MEMORY = "memory_mb";
  private static final double BYTES_PER_MB = 1 << 20;

  private NetworkSize() {}

  /** Those of the sizes that the trial is judged by. */
  static Map<String, Double> measure(TrialContext trial, MultiLayerNetwork network) {
    Map<String, Double> sizes = new HashMap<>();
    if (trial.objectives().contains(PARAMETERS)) {
      sizes.put(PARAMETERS, (double) network.numParams());
    }
    if (trial.objectives().contains(MEMORY)) {
      // As many gradients as weights; sgd has no state.
      INDArray state = network.getUpdater().getStateViewArray();
      long numbers = 2 * network.numParams() + (state == null ? 0 : state.length());
      sizes.put(MEMORY, numbers * Float.BYTES / BYTES_PER_MB);
    }
    return sizes;
  }
}
