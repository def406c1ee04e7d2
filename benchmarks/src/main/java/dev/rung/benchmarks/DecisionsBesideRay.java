package dev.rung.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The cost of one decision with n trials recorded, beside that of Ray Tune's scheduler for
 * asynchronous successive halving, in turns. Rung's decision has its evidence and is applied;
 * neither writes anything.
 */
final class DecisionsBesideRay {
  private static final int[] SIZES = {1_000, 4_000, 16_000};

  private DecisionsBesideRay() {}

  /** Needs the environment variable RUNG_PYTHON: a Python in which Ray Tune is installed. */
  static void run() throws RunnerException, IOException, InterruptedException {
    String python = System.getenv("RUNG_PYTHON");
    if (python == null) {
      throw new IllegalArgumentException(
          "expected RUNG_PYTHON, the path of a Python with ray[tune], but it is not set");
    }
    System.out.println(Machine.describe() + ", " + Machine.load());
    for (int n : SIZES) {
      Spread rung = rung(n);
      Spread ray = ray(python, n);
      System.out.println(
          "n = %,d: Rung %s us, Ray %s us, ratio of the medians %.0f"
              .formatted(n, rung.text("%.1f"), ray.text("%.1f"), ray.median() / rung.median()));
    }
  }

  private static Spread rung(int n) throws RunnerException {
    var options =
        new OptionsBuilder()
            .include(DecisionBenchmark.class.getSimpleName())
            .param("n", Integer.toString(n))
            .build();
    List<Double> figures = new ArrayList<>();
    for (RunResult result : new Runner(options).run()) {
      result.getAggregatedResult().getIterationResults().stream()
          .flatMap(iteration -> iteration.getRawPrimaryResults().stream())
          .forEach(figure -> figures.add(figure.getScore() / DecisionBenchmark.REPORTS));
    }
    return Spread.of(figures);
  }

  private static Spread ray(String python, int n) throws IOException, InterruptedException {
    Path script = Path.of("peers", "ray_decisions.py");
    Process process =
        new ProcessBuilder(python, script.toString(), Integer.toString(n))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    List<Double> figures = new ArrayList<>();
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        figures.add(Double.parseDouble(line.substring(line.indexOf(' ') + 1)));
      }
    }
    int code = process.waitFor();
    if (code != 0 || figures.isEmpty()) {
      throw new IOException("expected figures of " + script + ", but it ended with " + code);
    }
    return Spread.of(figures);
  }
}
