package dev.rung.dl4j;

import dev.rung.trainer.Directive;
import dev.rung.trainer.DivergedException;
import dev.rung.trainer.TrialContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Makes a training loop on Deeplearning4j an attempt of a trial: a step is an epoch; after each it
 * measures, checkpoints where one is due, and reports.
 *
 * <pre>{@code
 * MultiLayerNetwork network = Checkpoints.resume(build(trial.assignment()), trial);
 * RungListener listener = new RungListener(trial, (model, loss) -> Map.of("val_loss", ...));
 * network.setListeners(listener);
 * while (listener.goesOn()) {
 *   network.fit(trainingData);
 * }
 * }</pre>
 *
 * <p>A hand-written loop over batches calls {@link #onEpochStart} before the first batch, and
 * {@link #onEpochEnd} and {@code incrementEpochCount()} after the last.
 *
 * <p>At each epoch's start the thread's generator of ND4J is seeded afresh from the trial's seed
 * and the epoch, so dropout draws the same numbers in a resumed attempt as in one that never
 * stopped. What shuffles the data must do the same: see {@link #epochSeed()}.
 *
 * <p>Used from the thread that trains.
 */
public final class RungListener extends BaseTrainingListener {

  /** A crash costs no more training than this, if an epoch is shorter. */
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(30);

  private static final int DROPOUT = 1;
  private static final int SHUFFLE = 2;

  /** Measures a network after an epoch. */
  @FunctionalInterface
  public interface Evaluation {

    /**
     * The metrics to report.
     *
     * @param model the network that was trained
     * @param trainLoss mean loss over the epoch's examples, each taken before the step that its
     *     batch led to, with regularisation
     */
    Map<String, Double> measure(Model model, double trainLoss);
  }

  private final TrialContext trial;
  private final Evaluation evaluation;
  private long epochsDone;
  private double lossSum;
  private long examples;
  private double lastLoss;
  private @Nullable Model model;
  private long checkpointStep;
  private long checkpointNanos = System.nanoTime();

  /**
   * @param trial the attempt to report to
   * @param evaluation measures what the study asks for
   */
  public RungListener(TrialContext trial, Evaluation evaluation) {
    this.trial = trial;
    this.evaluation = evaluation;
    this.epochsDone = trial.startStep();
    this.checkpointStep = epochsDone;
  }

  /**
   * Whether another epoch is to be trained. If the trial is paused, what was trained since the last
   * checkpoint is saved first.
   *
   * @throws DivergedException the last epoch's loss was not a finite number
   * @throws IOException the checkpoint could not be stored
   */
  public boolean goesOn() throws DivergedException, IOException {
    Directive directive = trial.directive();
    if (directive == Directive.PAUSE && checkpointStep < epochsDone && model != null) {
      checkpoint(model);
    }
    if (directive.mustEnd()) {
      return false;
    }
    if (!Double.isFinite(lastLoss)) {
      throw new DivergedException(
          "the training loss is " + lastLoss + " after epoch " + epochsDone);
    }
    return epochsDone < trial.maxResource();
  }

  /** A seed for the coming epoch's order of examples: the same in every attempt of the trial. */
  public long epochSeed() {
    return seed(SHUFFLE);
  }

  @Override
  public void onEpochStart(Model model) {
    Nd4j.getRandom().setSeed(seed(DROPOUT));
    lossSum = 0;
    examples = 0;
  }

  @Override
  public void iterationDone(Model model, int iteration, int epoch) {
    lossSum += model.score() * model.batchSize();
    examples += model.batchSize();
  }

  @Override
  public void onEpochEnd(Model model) {
    this.model = model;
    epochsDone++;
    lastLoss = lossSum / examples;
    Map<String, Double> metrics = evaluation.measure(model, lastLoss);
    trial.log("epoch " + epochsDone + ": " + new TreeMap<>(metrics));
    if (trial.checkpointDue(epochsDone) || lastCheckpointIsOld()) {
      try {
        checkpoint(model);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    trial.report(epochsDone, metrics);
  }

  private boolean lastCheckpointIsOld() {
    return System.nanoTime() - checkpointNanos > CHECKPOINT_INTERVAL.toNanos();
  }

  private void checkpoint(Model model) throws IOException {
    trial.checkpoint(epochsDone, out -> Checkpoints.write(model, epochsDone, out));
    checkpointStep = epochsDone;
    checkpointNanos = System.nanoTime();
  }

  /** Keyed by purpose and by the number of the epoch that comes next, from 1. */
  private long seed(int purpose) {
    return SplitMix64.mix(SplitMix64.mix(trial.seed(), purpose), epochsDone + 1);
  }
}
