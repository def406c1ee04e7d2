package dev.rung.dl4j;

import dev.rung.trainer.InfeasibleException;
import dev.rung.trainer.Schedule;
import java.util.EnumSet;
import java.util.OptionalDouble;
import java.util.Set;
import org.nd4j.linalg.activations.Activation;

/**
 * What both trainers take from an assignment; every one may be left out.
 *
 * @param layers how many hidden layers, 1 to 8
 * @param hidden units of a hidden layer, 1 to 4,096
 * @param activation of the hidden layers
 * @param dropout share of a hidden layer's outputs that is dropped in training, from 0 to below 1
 * @param optimizer how gradients become steps
 * @param momentum from 0 to below 1; empty: as the optimizer has it
 * @param learningRate a number above 0 to below 100, or a schedule of such, where a step is an
 *     epoch
 * @param batchSize examples a step, 1 to as many as there are
 * @param l2 weight of the squared weights in the loss, from 0 to below 1
 */
record Hyperparameters(
    int layers,
    int hidden,
    Activation activation,
    double dropout,
    Optimizer optimizer,
    OptionalDouble momentum,
    Schedule learningRate,
    int batchSize,
    double l2) {

  static final String LEARNING_RATE = "learning_rate";

  /** The names in an assignment. */
  static final Set<String> NAMES =
      Set.of(
          "layers",
          "hidden",
          "activation",
          "dropout",
          "optimizer",
          "momentum",
          LEARNING_RATE,
          "batch_size",
          "l2");

  /** Without GELU, Mish and softplus: their derivatives in ND4J are NaN for large inputs. */
  private static final Set<Activation> ACTIVATIONS =
      EnumSet.of(
          Activation.RELU,
          Activation.LEAKYRELU,
          Activation.ELU,
          Activation.SELU,
          Activation.SWISH,
          Activation.TANH,
          Activation.SIGMOID);

  /**
   * Reads them, each with a fallback.
   *
   * @param fallback for what the assignment leaves out
   * @param examples how many there are to train on
   * @param epochs how many are trained at most
   * @throws InfeasibleException a number is out of range
   */
  static Hyperparameters read(
      HyperparameterReader from, Hyperparameters fallback, int examples, long epochs)
      throws InfeasibleException {
    Optimizer optimizer =
        from.choice("optimizer", fallback.optimizer, EnumSet.allOf(Optimizer.class));
    OptionalDouble momentum = from.findReal("momentum", 0, 1);
    if (momentum.isPresent() && !optimizer.hasMomentum()) {
      throw new IllegalArgumentException(
          "expected momentum beside optimizer sgd or nesterovs only, but it is " + optimizer);
    }
    return new Hyperparameters(
        from.whole("layers", fallback.layers, 1, 8),
        from.whole("hidden", fallback.hidden, 1, 4096),
        from.choice("activation", fallback.activation, ACTIVATIONS),
        from.real("dropout", fallback.dropout, 0, 1),
        optimizer,
        momentum,
        from.schedule(LEARNING_RATE, fallback.learningRate, 100, epochs),
        from.whole("batch_size", Math.min(fallback.batchSize, examples), 1, examples),
        from.real("l2", fallback.l2, 0, 1));
  }
}
