package dev.rung.trainer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.Map;

/** Fits y = w x to y = 3 x by gradient descent: a whole trainer, with checkpoints and resuming. */
public final class ExampleTrainer implements Trainer {
  @Override
  public void train(TrialContext trial) throws Exception {
    double learningRate = trial.assignment().getDouble("learning_rate");
    double[] w = {0};
    if (trial.resumeFrom().isPresent()) {
      try (DataInputStream in = new DataInputStream(trial.resumeFrom().get().open())) {
        w[0] = in.readDouble();
      }
    }
    for (long step = trial.startStep() + 1; step <= trial.maxResource(); step++) {
      w[0] -= learningRate * 2 * (w[0] - 3);
      if (trial.checkpointDue(step)) {
        trial.checkpoint(step, out -> new DataOutputStream(out).writeDouble(w[0]));
      }
      double loss = (w[0] - 3) * (w[0] - 3);
      if (trial.report(step, Map.of("loss", loss)).mustEnd()) {
        return;
      }
    }
  }
}
