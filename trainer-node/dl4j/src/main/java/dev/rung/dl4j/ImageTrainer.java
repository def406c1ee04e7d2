package dev.rung.dl4j;

import dev.rung.trainer.InfeasibleException;
import dev.rung.trainer.Trainer;
import dev.rung.trainer.TrialContext;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Classifies images by a perceptron or a small convolutional network. A step is an epoch.
 *
 * <p>{@code trainer.config}: {@code data} (default {@code digits}).
 *
 * <p>Hyper-parameters, with their defaults: {@code model} (mlp; or cnn), {@code layers} (1; of a
 * cnn: convolutions, each halving the image), {@code hidden} (64), {@code activation} (relu),
 * {@code dropout} (0), {@code optimizer} (adam), {@code learning_rate} (0.003), {@code batch_size}
 * (64), {@code l2} (0).
 *
 * <p>Metrics: {@code val_accuracy} (share of validation images classified right), {@code val_loss}
 * (mean cross entropy in nats), {@code train_loss} (mean over the epoch while it was trained, with
 * dropout and l2).
 */
public final class ImageTrainer implements Trainer {

  /** The name in a study file's {@code trainer.kind}. */
  public static final String KIND = "dl4j-image";

  private static final Hyperparameters DEFAULTS =
      new Hyperparameters(1, 64, Activation.RELU, 0, Optimizer.ADAM, 0.003, 64, 0);

  private enum Architecture {
    MLP,
    CNN
  }

  @Override
  public void train(TrialContext trial) throws Exception {
    HyperparameterReader.refuseUnknown("name in trainer.config", trial.config(), Set.of("data"));
    ImageData images = ImageData.load(trial.config().getString("data", "digits"));
    Examples train = images.split().train();
    Examples validation = images.split().validation();
    Set<String> known = new HashSet<>(Hyperparameters.NAMES);
    known.add("model");
    HyperparameterReader reader = new HyperparameterReader(trial.assignment(), known);
    Architecture architecture =
        reader.choice("model", Architecture.MLP, EnumSet.allOf(Architecture.class));
    Hyperparameters choice = Hyperparameters.read(reader, DEFAULTS, train.rows());

    MultiLayerNetwork network = build(architecture, choice, EpochLoop.weightSeed(trial), images);
    INDArray features = validation.featureMatrix();
    EpochLoop.run(
        trial,
        network,
        train,
        choice.batchSize(),
        (model, trainLoss) -> {
          Classification score =
              Classification.of(EpochLoop.predictions(network, features), validation.targets());
          return Map.of(
              "val_accuracy", score.accuracy(),
              "val_loss", score.loss(),
              "train_loss", trainLoss);
        });
  }

  private static MultiLayerNetwork build(
      Architecture architecture, Hyperparameters choice, long seed, ImageData images)
      throws InfeasibleException {
    return switch (architecture) {
      case MLP ->
          Networks.mlp(
              choice,
              seed,
              images.split().train().inputs(),
              images.classes(),
              Networks.Output.CLASSES);
      case CNN -> {
        int side = Math.min(images.height(), images.width());
        int most = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(side);
        if (choice.layers() > most) {
          throw new InfeasibleException(
              "expected layers from 1 to "
                  + most
                  + " for a cnn, because each halves an image of "
                  + side
                  + " pixels, but it is "
                  + choice.layers());
        }
        yield Networks.cnn(choice, seed, images);
      }
    };
  }
}
