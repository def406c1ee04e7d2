package dev.rung.dl4j;

import dev.rung.trainer.InfeasibleException;
import dev.rung.trainer.Schedule;
import dev.rung.trainer.Trainer;
import dev.rung.trainer.TrialContext;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Classifies images by a perceptron or a small convolutional network. A step is an epoch.
 *
 * <p>{@code trainer.config}: {@code data} (default {@code digits}; or {@code fashion-mnist}, whose
 * files lie on the node), {@code train} (how many of the training images, from the first on; all).
 *
 * <p>Hyper-parameters, with their defaults: {@code model} (mlp; or cnn), {@code layers} (1; of a
 * cnn: convolutions, each halving the image), {@code hidden} (64), {@code activation} (relu),
 * {@code dropout} (0), {@code optimizer} (adam), {@code learning_rate} (0.003; or a schedule),
 * {@code momentum} (of sgd and nesterovs only), {@code batch_size} (64), {@code l2} (0).
 *
 * <p>Metrics: {@code val_accuracy} (share of validation images classified right), {@code val_loss}
 * (mean cross entropy in nats), {@code train_loss} (mean over the epoch while it was trained, with
 * dropout and l2), and {@code test_accuracy} where the data set has test images: to report in the
 * end, not to search by.
 *
 * <p>Where the study ranks by them or bounds them, also {@code parameters} (how many numbers the
 * network learns) and {@code memory_mb} (what its weights, their gradients and the optimizer's
 * state take, in units of 2^20 bytes).
 *
 * <p>Where the learning rate is a schedule, the one that the epoch was trained with is reported as
 * {@code learning_rate} too.
 */
public final class ImageTrainer implements Trainer {

  /** The name in a study file's {@code trainer.kind}. */
  public static final String KIND = "dl4j-image";

  private static final Hyperparameters DEFAULTS =
      new Hyperparameters(
          1,
          64,
          Activation.RELU,
          0,
          Optimizer.ADAM,
          OptionalDouble.empty(),
          Schedule.constant(0.003),
          64,
          0);

  private final ImageSets sets;

  /** Data sets are where they are by default. */
  public ImageTrainer() {
    this(new ImageSets(Map.of()));
  }

  ImageTrainer(ImageSets sets) {
    this.sets = sets;
  }

  private enum Architecture {
    MLP,
    CNN
  }

  @Override
  public void train(TrialContext trial) throws Exception {
    HyperparameterReader.refuseUnknown(
        "name in trainer.config", trial.config(), Set.of("data", "train"));
    ImageData all = sets.load(trial.config().getString("data", ImageSets.DIGITS));
    ImageData images = all.training(trial.config().getLong("train", all.split().train().rows()));
    Examples train = images.split().train();
    Examples validation = images.split().validation();
    Set<String> known = new HashSet<>(Hyperparameters.NAMES);
    known.add("model");
    HyperparameterReader reader = new HyperparameterReader(trial.assignment(), known);
    Architecture architecture =
        reader.choice("model", Architecture.MLP, EnumSet.allOf(Architecture.class));
    Hyperparameters choice =
        Hyperparameters.read(reader, DEFAULTS, train.rows(), trial.maxResource());

    MultiLayerNetwork network = build(architecture, choice, EpochLoop.weightSeed(trial), images);
    INDArray features = validation.featureMatrix();
    Optional<INDArray> testFeatures = images.test().map(Examples::featureMatrix);
    EpochLoop.run(
        trial,
        network,
        train,
        choice.batchSize(),
        (model, trainLoss) -> {
          Classification score =
              Classification.of(EpochLoop.predictions(network, features), validation.targets());
          Map<String, Double> metrics = new HashMap<>();
          metrics.put("val_accuracy", score.accuracy());
          metrics.put("val_loss", score.loss());
          metrics.put("train_loss", trainLoss);
          metrics.putAll(NetworkSize.measure(trial, network));
          if (testFeatures.isPresent()) {
            float[][] said = EpochLoop.predictions(network, testFeatures.get());
            float[][] right = images.test().orElseThrow().targets();
            metrics.put("test_accuracy", Classification.of(said, right).accuracy());
          }
          return metrics;
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
