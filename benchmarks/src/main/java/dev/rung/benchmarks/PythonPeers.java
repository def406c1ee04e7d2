package dev.rung.benchmarks;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The peers that are written in Python: an environment with the versions of {@code
 * peers/requirements.txt}, and the scripts beside that file.
 */
public final class PythonPeers {
  private final Path scripts;
  private final Path environment;

  private PythonPeers(Path scripts, Path environment) {
    this.scripts = scripts;
    this.environment = environment;
  }

  /**
   * The peers, with their environment in {@code target/peers-env}: made by the Python of
   * RUNG_PYTHON or else {@code python3}, unless it is there already.
   *
   * @throws IOException if there is no such Python, or a package cannot be installed
   */
  public static PythonPeers ready() throws IOException, InterruptedException {
    String python = System.getenv().getOrDefault("RUNG_PYTHON", "python3");
    return ready(python, Path.of("peers"), Path.of("target", "peers-env"));
  }

  static PythonPeers ready(String python, Path scripts, Path environment)
      throws IOException, InterruptedException {
    Path wanted = scripts.resolve("requirements.txt");
    Path installed = environment.resolve("installed.txt");
    PythonPeers peers = new PythonPeers(scripts, environment);
    if (!Files.exists(installed) || Files.mismatch(wanted, installed) != -1) {
      System.out.printf("installing %s into %s%n", wanted, environment);
      check(start(Redirect.INHERIT, python, "-m", "venv", environment.toString()));
      check(
          start(
              Redirect.INHERIT, peers.python(), "-m", "pip", "install", "-qr", wanted.toString()));
      Files.write(installed, Files.readAllBytes(wanted));
    }
    return peers;
  }

  /**
   * Runs a script that prints for itself.
   *
   * @throws IOException it ended with something else than 0
   */
  public void run(String script, String... arguments) throws IOException, InterruptedException {
    check(start(Redirect.INHERIT, command(script, arguments)));
  }

  /**
   * Runs a script that prints figures, each on a line of its own.
   *
   * @return at least one, in the order of the lines
   * @throws IOException it printed something else, or ended with something else than 0
   */
  public List<Double> figures(String script, String... arguments)
      throws IOException, InterruptedException {
    Process process = start(Redirect.PIPE, command(script, arguments));
    List<String> lines;
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      lines = output.lines().toList();
    }
    check(process);
    return parse(lines);
  }

  static List<Double> parse(List<String> lines) throws IOException {
    List<Double> figures = new ArrayList<>();
    for (String line : lines) {
      try {
        figures.add(Double.parseDouble(line));
      } catch (NumberFormatException e) {
        throw new IOException("expected a figure, but a peer printed: " + line, e);
      }
    }
    if (figures.isEmpty()) {
      throw new IOException("expected figures, one a line, but a peer printed none");
    }
    return figures;
  }

  private String python() {
    return environment.resolve("bin").resolve("python").toString();
  }

  private String[] command(String script, String... arguments) {
    List<String> command = new ArrayList<>(List.of(python(), scripts.resolve(script).toString()));
    command.addAll(List.of(arguments));
    return command.toArray(String[]::new);
  }

  private static Process start(Redirect output, String... command) throws IOException {
    ProcessBuilder process = new ProcessBuilder(command).redirectError(Redirect.INHERIT);
    try {
      return process.redirectOutput(output).start();
    } catch (IOException e) {
      throw new IOException(
          "expected a Python, 3.11 or newer, as python3 or as RUNG_PYTHON names it, but "
              + command[0]
              + " cannot be started",
          e);
    }
  }

  private static void check(Process process) throws IOException, InterruptedException {
    int code = process.waitFor();
    if (code != 0) {
      throw new IOException("expected Python to end with 0, but it ended with " + code);
    }
  }
}
