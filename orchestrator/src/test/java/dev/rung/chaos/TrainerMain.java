package dev.rung.chaos;

import dev.rung.chaos.History.Kind;
import dev.rung.trainer.Outcome;
import dev.rung.trainer.Trainer;
import dev.rung.trainer.TrainerNode;
import dev.rung.trainer.TrialContext;
import io.grpc.ManagedChannelBuilder;
import java.io.DataOutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * A trainer node as a process of its own: NAME SERVER SLOTS FOLDER PARENT. Its training is a
 * function of the assignment, the trial and the step, and all that it does is in its history.
 */
final class TrainerMain {
  /** Where nodes keep their logs. */
  static final String NODES = "nodes";

  private static final int FAILED = 1;

  /** One trial in so many measures something that is no number. */
  private static final int RARE = 61;

  private TrainerMain() {}

  /** Runs until it is told to end. */
  public static void main(String[] args) throws Exception {
    String name = args[0];
    String server = args[1];
    Path folder = Path.of(args[3]);
    History history = History.append(folder.resolve(name + Oracle.HISTORY));
    history.write(Kind.STARTED, "", 0, 0, Long.toString(ProcessHandle.current().pid()));
    Recorder recorder = new Recorder(history);
    TrainerNode node =
        TrainerNode.builder()
            .name(name)
            .dataFolder(folder.resolve(NODES))
            .server(server)
            .slots(Integer.parseInt(args[2]))
            .kind("chaos", new FakeTraining(history))
            .channels(() ->
                ManagedChannelBuilder.forTarget(server).usePlaintext().intercept(recorder).build())
            .build();
    Runtime.getRuntime().addShutdownHook(new Thread(node::close, "end-node"));
    var unused =
        ProcessHandle.of(Long.parseLong(args[4]))
            .orElseThrow()
            .onExit()
            .thenRun(() -> Runtime.getRuntime().halt(FAILED));
    node.start();
    Outcome outcome = node.awaitTermination();
    System.out.println("ended " + outcome);
    history.write(Kind.ENDED, "", 0, 0, outcome.kind().name());
    if (outcome.kind() != Outcome.Kind.CLOSED) {
      // A hook is waiting for a node that has ended: nothing is left to do.
      Runtime.getRuntime().halt(outcome.exitCode());
    }
  }

  /** Learns nothing, but reports as if. */
  private static final class FakeTraining implements Trainer {
    private final History history;

    FakeTraining(History history) {
      this.history = history;
    }

    @Override
    public void train(TrialContext trial) throws Exception {
      long stepMillis = trial.config().getLong("step_millis", 5);
      long every = trial.config().getLong("checkpoint_every", 3);
      String id = trial.trial();
      double x = trial.assignment().getDouble("x");
      long seq = 0;
      for (long step = trial.startStep() + 1; step <= trial.maxResource(); step++) {
        TimeUnit.MILLISECONDS.sleep(stepMillis);
        long done = step;
        if (trial.checkpointDue(step) || step % every == 0) {
          history.write(Kind.MADE, id, trial.attempt(), ++seq, Contents.saved(step));
          trial.checkpoint(step, out -> new DataOutputStream(out).writeLong(done));
          if (trial.directive().mustEnd()) {
            return;
          }
        }
        Map<String, Double> metrics = measure(trial.seed(), x, step);
        history.write(Kind.MADE, id, trial.attempt(), ++seq, Contents.point(step, metrics));
        if (trial.report(step, metrics).mustEnd()) {
          return;
        }
      }
    }

    /** Every kind of number that there is, most often an ordinary one. */
    private static Map<String, Double> measure(long seed, double x, long step) {
      SplittableRandom random = new SplittableRandom(seed ^ (step * 0x9E3779B97F4A7C15L));
      double noise = 0.05 * random.nextDouble();
      boolean odd = Math.floorMod(seed, RARE) == 0 && step % 7 == 6;
      double[] special = {Double.NaN, Double.POSITIVE_INFINITY, -0.0, Double.MIN_VALUE, -1e308};
      double loss = odd ? special[random.nextInt(2)] : x + Math.exp(-0.1 * step) + noise;
      return Map.of("loss", loss, "extra", special[random.nextInt(special.length)]);
    }
  }
}
