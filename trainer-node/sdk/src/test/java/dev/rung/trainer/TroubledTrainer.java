package dev.rung.trainer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Sums its steps, and gets into the trouble that its configuration names after the first. */
final class TroubledTrainer implements Trainer {

  @Override
  public void train(TrialContext trial) throws Exception {
    long sum = 0;
    if (trial.resumeFrom().isPresent()) {
      // As often as one likes.
      trial.resumeFrom().get().open().close();
      try (DataInputStream in = new DataInputStream(trial.resumeFrom().get().open())) {
        sum = in.readLong();
      }
    }
    String visible = System.getenv().getOrDefault("CUDA_VISIBLE_DEVICES", "-1");
    for (long step = trial.startStep() + 1; step <= trial.maxResource(); step++) {
      sum += step;
      long saved = sum;
      if (trial.checkpointDue(step)) {
        trial.checkpoint(step, out -> new DataOutputStream(out).writeLong(saved));
      }
      Map<String, Double> metrics =
          Map.of(
              "loss",
              trial.assignment().getDouble("lr", 1) / step,
              "sum",
              (double) sum,
              "process",
              (double) ProcessHandle.current().pid(),
              "gpu",
              Double.parseDouble(visible));
      if (trial.report(step, metrics).mustEnd()) {
        return;
      }
      suffer(trial, trial.config().getString("trouble", "none"));
    }
  }

  private static void suffer(TrialContext trial, String trouble) throws Exception {
    switch (trouble) {
      case "none" -> {}
      case "exit" -> {
        System.out.println("said before the exit");
        System.exit(3);
      }
      case "leave" -> System.exit(0);
      case "memory" -> {
        List<byte[]> all = new ArrayList<>();
        while (!all.isEmpty() || trial.attempt() > 0) {
          all.add(new byte[1 << 20]);
        }
      }
      case "kill" -> signal("KILL");
      case "crash" -> signal("SEGV");
      case "diverge" -> throw new DivergedException("it diverged");
      case "infeasible" -> throw new InfeasibleException("it cannot be trained");
      case "throw" -> throw new IllegalStateException("it failed");
      case "backwards" -> trial.report(-1, Map.of("loss", 1.0));
      case "hang" -> new CountDownLatch(1).await();
      default -> throw new IllegalArgumentException(trouble);
    }
  }

  private static void signal(String name) throws Exception {
    long pid = ProcessHandle.current().pid();
    new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    boolean unused = new CountDownLatch(1).await(1, TimeUnit.MINUTES);
  }
}
