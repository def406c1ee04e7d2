package dev.rung.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {
  @Test
  void shouldShowTheExampleTrainerAsItIsCompiled() throws Exception {
    String source = Files.readString(Path.of("src/test/java/dev/rung/trainer/ExampleTrainer.java"));
    String example = source.substring(source.indexOf("public final class"));
    assertThat(Files.readString(Path.of("../../README.md"))).contains(example);
  }
}
