package dev.rung.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Runs those of the peers' scripts that need no package, by whatever python3 is there. */
final class PeerScripts {
  private PeerScripts() {}

  /** The lines that Python prints, in the folder of the scripts. */
  static List<String> python(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("python3", "-B"));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process = new ProcessBuilder(command).directory(new File("peers")).start();
    } catch (IOException e) {
      assumeTrue(false, "no python3");
      throw e;
    }
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = output.lines().toList();
      assertThat(process.waitFor()).isZero();
      return lines;
    }
  }
}
