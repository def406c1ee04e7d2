package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RungTest {
  private final Terminal terminal = new Terminal();

  @Test
  void shouldListEveryCommandInTheHelp() {
    assertThat(terminal.run("--help")).isZero();

    assertThat(terminal.out())
        .contains("Usage: rung [-hV] [COMMAND]")
        .contains("quickstart")
        .contains("serve")
        .contains("trainer")
        .contains("study")
        .contains("trial")
        .contains("fleet");
  }

  @Test
  void shouldShowAnExampleInTheHelpOfEachVerb() {
    for (Command command : Commands.all()) {
      switch (command) {
        case Command.Verb verb -> {
          assertThat(terminal.run(verb.name(), "--help")).isZero();
          assertThat(terminal.out()).contains("Example:\n  " + verb.example() + "\n");
        }
        case Command.Noun noun -> {
          assertThat(terminal.run(noun.name(), "--help")).isZero();
          for (Command.Verb verb : noun.verbs()) {
            assertThat(terminal.out()).contains(verb.name() + " ");
          }
          for (Command.Verb verb : noun.verbs()) {
            assertThat(terminal.run(noun.name(), verb.name(), "--help")).isZero();
            assertThat(terminal.out())
                .contains("Usage: rung " + noun.name() + " " + verb.name())
                .contains("Example:\n  " + verb.example() + "\n");
          }
        }
      }
    }
  }

  @Test
  void shouldRefuseAnUnknownCommandAndNameTheNearest() {
    assertThat(terminal.run("stduy")).isEqualTo(2);
    assertThat(terminal.err())
        .isEqualTo(
            """
            rung: Unmatched argument at index 0: 'stduy'
            Did you mean study?
            See rung --help
            """);

    assertThat(terminal.run("study", "shwo", "x")).isEqualTo(2);
    assertThat(terminal.err()).contains("See rung study --help");
  }

  @Test
  void shouldRefuseWrongOptions() {
    assertThat(terminal.run("study", "show")).isEqualTo(2);
    assertThat(terminal.err()).contains("STUDY").contains("See rung study show --help");
    assertThat(terminal.run("study", "show", "x", "-o", "xml")).isEqualTo(2);
    assertThat(terminal.run("study", "wait", "x", "--timeout", "1 day")).isEqualTo(2);
    assertThat(terminal.err()).contains("expected a time such as 500ms");
    assertThat(terminal.run("trial", "show", "x", "0")).isEqualTo(2);
    assertThat(terminal.err()).contains("TRIAL: expected a number from 1, or best");
    assertThat(terminal.run("trainer", "--name", "x")).isEqualTo(2);
  }

  @Test
  void shouldShowTheUsageWhenNothingIsTyped() {
    assertThat(terminal.run()).isEqualTo(2);
    assertThat(terminal.err()).contains("quickstart");
  }

  @Test
  void shouldNeedTheLauncherForAQuickStart() {
    assertThat(terminal.run("quickstart")).isEqualTo(2);
    assertThat(terminal.err()).contains("as ./rung quickstart");
  }

  @Test
  void shouldValidateAGoodFile(@TempDir Path folder) throws IOException {
    Path file = write(folder, 0.1);

    assertThat(terminal.run("study", "validate", file.toString())).isZero();
    assertThat(terminal.out()).isEqualTo(file + ": valid\n");

    assertThat(terminal.run("study", "validate", file.toString(), "-o", "json")).isZero();
    assertThat(terminal.out()).isEqualTo("{\"valid\":true,\"errors\":[],\"warnings\":[]}\n");
  }

  @Test
  void shouldNameEveryErrorOfABadFile(@TempDir Path folder) throws IOException {
    Path file = write(folder, -1);
    Files.writeString(file, Files.readString(file).replace("goal", "gaol"));

    assertThat(terminal.run("study", "validate", file.toString())).isEqualTo(2);
    assertThat(terminal.out()).isEmpty();
    assertThat(terminal.err().lines())
        .hasSizeGreaterThan(1)
        .allMatch(line -> line.matches(".*a\\.yaml:\\d+:\\d+: .*"));

    assertThat(terminal.run("study", "validate", file.toString(), "-o", "json")).isEqualTo(2);
    assertThat(terminal.out())
        .startsWith("{\"valid\":false,\"errors\":[{\"line\":2,\"column\":")
        .contains("\"path\":\"metric.gaol\"");
    assertThat(terminal.err()).isEmpty();
  }

  @Test
  void shouldRefuseAFileThatIsNone(@TempDir Path folder) throws IOException {
    assertThat(terminal.run("study", "validate", "nothing.yaml")).isEqualTo(2);
    assertThat(terminal.err()).isEqualTo("rung: nothing.yaml: there is no such file\n");

    assertThat(terminal.run("study", "validate", folder.toString())).isEqualTo(2);
    assertThat(terminal.err()).contains("expected a file, but it is a folder");

    Path large = Files.writeString(folder.resolve("large"), "#".repeat(300_000));
    assertThat(terminal.run("study", "validate", large.toString())).isEqualTo(2);
    assertThat(terminal.err()).contains("expected at most 256 KiB, but came 300,000 bytes");

    Path latin = Files.write(folder.resolve("latin"), new byte[] {'a', (byte) 0xe9});
    assertThat(terminal.run("study", "validate", latin.toString())).isEqualTo(2);
    assertThat(terminal.err()).contains("expected text in UTF-8");
  }

  private static Path write(Path folder, double min) throws IOException {
    return Files.writeString(
        folder.resolve("a.yaml"),
        """
        name: digits
        metric: {name: val_accuracy, goal: maximize}
        resource: {unit: epoch, max: 9}
        budget: {trials: 4}
        space:
          learning_rate: {min: %s, max: 1.0, log: true}
        trainer: {kind: dl4j-image}
        """
            .formatted(min));
  }
}
