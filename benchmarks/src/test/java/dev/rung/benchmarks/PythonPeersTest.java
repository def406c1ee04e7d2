package dev.rung.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PythonPeersTest {
  /** Makes an environment of itself, notes what it is told, and runs scripts as a shell. */
  private static final String PYTHON =
      """
      #!/bin/sh
      case "$1 $2" in
        "-m venv") mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; echo venv >> "$3/told" ;;
        "-m pip") echo "$3 $4 $(cat "$5")" >> "$(dirname "$0")/../told" ;;
        *) exec /bin/sh "$@" ;;
      esac
      """;

  @TempDir Path folder;
  private Path environment;
  private Path python;

  @BeforeEach
  void setUp() throws IOException {
    environment = folder.resolve("target").resolve("env");
    python = folder.resolve("python");
    write("python", PYTHON);
    assertThat(python.toFile().setExecutable(true)).isTrue();
    write("requirements.txt", "peer==1");
  }

  @Test
  void shouldMakeTheEnvironmentOnce() throws Exception {
    ready();
    ready();

    assertThat(told()).containsExactly("venv", "install -qr peer==1");
  }

  @Test
  void shouldInstallAgainWhenAnotherVersionIsWanted() throws Exception {
    ready();
    write("requirements.txt", "peer==2");
    ready();

    assertThat(told())
        .containsExactly("venv", "install -qr peer==1", "venv", "install -qr peer==2");
  }

  @Test
  void shouldSayWhatIsMissingWithoutPython() {
    Path nowhere = folder.resolve("no-python");

    assertThatThrownBy(() -> PythonPeers.ready(nowhere.toString(), folder, environment))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "expected a Python, 3.11 or newer, as python3 or as RUNG_PYTHON names it, but "
                + nowhere
                + " cannot be started");
  }

  @Test
  void shouldReadFiguresOfScript() throws Exception {
    write("costs.py", "echo 12.5; echo 1e3; echo noise >&2; echo $1");

    assertThat(ready().figures("costs.py", "7")).containsExactly(12.5, 1000.0, 7.0);
  }

  @Test
  void shouldFailWhereScriptFails() throws Exception {
    write("costs.py", "echo 12.5; exit 3");

    assertThatThrownBy(() -> ready().figures("costs.py"))
        .isInstanceOf(IOException.class)
        .hasMessage("expected Python to end with 0, but it ended with 3");
  }

  @Test
  void shouldRefuseWhatIsNoFigure() {
    assertThatThrownBy(() -> PythonPeers.parse(List.of("1.5", "ready")))
        .hasMessage("expected a figure, but a peer printed: ready");
    assertThatThrownBy(() -> PythonPeers.parse(List.of()))
        .hasMessage("expected figures, one a line, but a peer printed none");
  }

  private PythonPeers ready() throws Exception {
    return PythonPeers.ready(python.toString(), folder, environment);
  }

  private List<String> told() throws IOException {
    return Files.readAllLines(environment.resolve("told"));
  }

  private void write(String name, String text) throws IOException {
    Files.writeString(folder.resolve(name), text);
  }
}
