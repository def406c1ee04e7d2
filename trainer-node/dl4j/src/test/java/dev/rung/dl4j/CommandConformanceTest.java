package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.conformance.Kit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose trainer is a command keeps every rule of the protocol. */
class CommandConformanceTest {
  @TempDir Path folder;

  @BeforeAll
  static void hasPython() throws Exception {
    CommandTest.hasPython();
  }

  @Test
  void shouldKeepEveryRule() throws Exception {
    List<String> command =
        new ArrayList<>(
            Site.command(
                Dl4jTrainerMain.class.getName(),
                "--exec",
                "--kind",
                "conformance",
                "--server",
                "{server}",
                "--name",
                "{name}",
                "--data",
                "{data}",
                "--slots",
                "{slots}",
                "--parent-pid",
                Long.toString(ProcessHandle.current().pid())));
    command.addAll(List.of("--", "python3", "../exec/src/test/resources/conformance.py"));
    List<Kit.Result> results =
        Kit.check(
            command,
            Set.of(),
            folder,
            result ->
                System.out.printf("%s %s%n", result.rule(), result.violation().orElse("is kept")));
    assertThat(results).hasSameSizeAs(Kit.rules()).allMatch(Kit.Result::kept);
  }
}
