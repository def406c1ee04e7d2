package dev.rung.dl4j;

import dev.rung.trainer.Schedule;
import dev.rung.trainer.Trainer;
import dev.rung.trainer.TrialContext;
import dev.rung.trainer.Values;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Predicts a number from a table's columns by a perceptron. A step is an epoch.
 *
 * <p>{@code trainer.config}: {@code data} (default {@code diabetes}).
 *
 * <p>Hyper-parameters, with their defaults: {@code layers} (1), {@code hidden} (32), {@code
 * activation} (relu), {@code dropout} (0), {@code optimizer} (adam), {@code learning_rate} (0.003;
 * or a schedule), {@code momentum} (of sgd and nesterovs only), {@code batch_size} (32), {@code l2}
 * (0).
 *
 * <p>The loss is the mean squared error, or with a simplex {@code losses} the weighted sum of the
 * terms that it names: {@code squared}, {@code absolute} and {@code quantile}, of the scaled
 * target; see {@link WeightedLoss}.
 *
 * <p>Metrics, all to be minimised and in the target's unit: {@code val_rmse}, {@code val_mae},
 * {@code train_rmse} (measured after the epoch, without dropout).
 *
 * <p>Where the learning rate is a schedule, the one that the epoch was trained with is reported as
 * {@code learning_rate} too.
 */
public final class TabularTrainer implements Trainer {

  /** The name in a study file's {@code trainer.kind}. */
  public static final String KIND = "dl4j-tabular";

  private static final String LOSSES = "losses";

  private static final Hyperparameters DEFAULTS =
      new Hyperparameters(
          1,
          32,
          Activation.RELU,
          0,
          Optimizer.ADAM,
          OptionalDouble.empty(),
          Schedule.constant(0.003),
          32,
          0);

  @Override
  public void train(TrialContext trial) throws Exception {
    HyperparameterReader.refuseUnknown("name in trainer.config", trial.config(), Set.of("data"));
    TabularData data = TabularData.load(trial.config().getString("data", "diabetes"));
    Examples train = data.split().train();
    Examples validation = data.split().validation();
    HyperparameterReader reader = new HyperparameterReader(trial.assignment(), known());
    Hyperparameters choice =
        Hyperparameters.read(reader, DEFAULTS, train.rows(), trial.maxResource());

    MultiLayerNetwork network =
        Networks.mlp(
            choice,
            EpochLoop.weightSeed(trial),
            train.inputs(),
            train.outputs(),
            loss(trial.assignment()));
    INDArray trainFeatures = train.featureMatrix();
    INDArray features = validation.featureMatrix();
    EpochLoop.run(
        trial,
        network,
        train,
        choice.batchSize(),
        (model, trainLoss) -> {
          Regression seen = score(network, trainFeatures, train, data);
          Regression unseen = score(network, features, validation, data);
          return Map.of(
              "val_rmse", unseen.rmse(), "val_mae", unseen.mae(), "train_rmse", seen.rmse());
        });
  }

  private static Set<String> known() {
    Set<String> known = new HashSet<>(Hyperparameters.NAMES);
    known.add(LOSSES);
    return known;
  }

  private static Networks.Output loss(Values assignment) {
    if (!assignment.has(LOSSES)) {
      return Networks.Output.NUMBERS;
    }
    Map<String, Double> weights = assignment.getWeightsByName(LOSSES);
    HyperparameterReader.refuseUnknown(
        "weight of " + LOSSES, Values.of(weights), Set.copyOf(WeightedLoss.NAMES));
    return Networks.Output.numbers(
        new WeightedLoss(
            weights.getOrDefault("squared", 0.0),
            weights.getOrDefault("absolute", 0.0),
            weights.getOrDefault("quantile", 0.0)));
  }

  private static Regression score(
      MultiLayerNetwork network, INDArray features, Examples examples, TabularData data) {
    return Regression.of(EpochLoop.predictions(network, features), examples.targets())
        .times(data.targetDeviation());
  }
}
