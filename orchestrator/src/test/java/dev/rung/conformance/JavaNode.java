package dev.rung.conformance;

import dev.rung.trainer.Directive;
import dev.rung.trainer.ResumePoint;
import dev.rung.trainer.Trainer;
import dev.rung.trainer.TrialContext;
import dev.rung.trainer.command.NodeCommand;
import dev.rung.trainer.command.NodeOptions;
import dev.rung.trainer.command.NodeProgram;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A node of the Java SDK that trains as {@link Task} describes. */
final class JavaNode implements NodeProgram, Trainer {
  private JavaNode() {}

  public static void main(String[] arguments) throws InterruptedException {
    System.exit(NodeCommand.run(List.of(arguments), new JavaNode()));
  }

  @Override
  public String usage() {
    return "A node for the kit.\n";
  }

  @Override
  public Map<String, Trainer> kinds(NodeOptions node) {
    return Map.of("conformance", this);
  }

  @Override
  public void train(TrialContext trial) throws Exception {
    double x = trial.assignment().getDouble("x");
    long total = total(trial.resumeFrom());
    for (long step = trial.startStep() + 1; step <= trial.maxResource(); step++) {
      TimeUnit.MILLISECONDS.sleep(trial.config().getLong("step_millis", 0));
      if (step == trial.config().getLong("fail_at", 0)) {
        throw new IllegalStateException("failed as told at step " + step);
      }
      total += step;
      trial.log("step " + step);
      long sum = total;
      if (trial.checkpointDue(step)) {
        trial.checkpoint(step, out -> new DataOutputStream(out).writeLong(sum));
      }
      boolean odd = step == trial.config().getLong("nan_at", 0);
      Directive directive =
          trial.report(step, Map.of("loss", odd ? Double.NaN : x / step, "total", (double) total));
      if (directive.mustEnd()) {
        return;
      }
    }
  }

  private static long total(Optional<ResumePoint> resume) throws IOException {
    if (resume.isEmpty()) {
      return 0;
    }
    try (DataInputStream in = new DataInputStream(resume.get().open())) {
      return in.readLong();
    }
  }
}
