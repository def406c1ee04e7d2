package dev.rung.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The figures of peers/race_figures.py, which needs no package. */
class RaceFiguresTest {
  /**
   * R = 10, so T = 100. Random search has 0.5, 0.25 and 0.5 at T: the target is 0.5, which it
   * reaches at 100, 50 and 60. The peer reaches it at 25, at 10, and never, which counts as 200.
   */
  private static final String RUNS =
      """
      {"settings": {"tables": {"t": {"length": 10, "optimum": 0.0, "scale": 2.0}}},
       "runs": [
        {"peer": "random", "table": "t", "min": null, "trajectory": [[1, 1.0], [100, 0.5]]},
        {"peer": "random", "table": "t", "min": null, "trajectory": [[9, 0.75], [50, 0.25]]},
        {"peer": "random", "table": "t", "min": null, "trajectory": [[2, 1.0], [60, 0.5], [101, 0.1]]},
        {"peer": "asha", "table": "t", "min": 3, "trajectory": [[20, 1.0], [25, 0.5]]},
        {"peer": "asha", "table": "t", "min": 3, "trajectory": [[10, 0.5], [70, 0.0]]},
        {"peer": "asha", "table": "t", "min": 3, "trajectory": [[1, 0.75]]}]}
      """;

  @TempDir Path folder;

  @Test
  void shouldMatchArithmeticByHand() throws Exception {
    Path file = Files.writeString(folder.resolve("runs.json"), RUNS);

    List<String> lines = PeerScripts.python("race_figures.py", file.toString());

    // 100 / 25; (1 + 0.5 + 0.75) / 3 / 2 at 20; (0.5 + 0 + 0.75) / 3 / 2 at 100; median of 25, 10,
    // 200.
    assertThat(lines.get(1).trim().split(" +"))
        .containsExactly("asha", "3", "4.00", "0.375", "0.208", "25.0");
    // 100 / 60; (1 + 0.75 + 1) / 3 / 2; (0.5 + 0.25 + 0.5) / 3 / 2; median of 100, 50, 60.
    assertThat(lines.get(2).trim().split(" +"))
        .containsExactly("random", "-", "1.67", "0.458", "0.208", "60.0");
  }
}
