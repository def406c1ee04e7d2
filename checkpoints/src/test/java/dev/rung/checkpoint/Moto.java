package dev.rung.checkpoint;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * An S3 server: moto, from the Python package index, in an environment of its own below the build's
 * folder. Where it cannot be had, tests that need it are skipped and say why, unless {@code
 * RUNG_TEST_S3=required}.
 */
final class Moto implements AutoCloseable {
  private static final String VERSION = "moto[server,s3]==5.2.5";

  private static final String SERVE =
      """
      import sys
      from moto.server import ThreadedMotoServer
      server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
      server.start()
      print("port", server.get_host_and_port()[1], flush=True)
      sys.stdin.read()
      """;

  private final Process process;
  private final URI endpoint;

  private Moto(Process process, URI endpoint) {
    this.process = process;
    this.endpoint = endpoint;
  }

  /** Starts one; it ends with this JVM at the latest. */
  static Moto start() throws Exception {
    Process process =
        new ProcessBuilder(python().toString(), "-c", SERVE)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    BufferedReader said = process.inputReader();
    for (String line = said.readLine(); line != null; line = said.readLine()) {
      if (line.startsWith("port ")) {
        return new Moto(process, URI.create("http://127.0.0.1:" + line.substring(5)));
      }
    }
    throw new IllegalStateException("expected moto to name its port, but it ended");
  }

  /** The interpreter that has moto, which is installed the first time. */
  private static Path python() throws Exception {
    Path target = Path.of("target").toAbsolutePath();
    Path environment = target.resolve("moto");
    Path python = environment.resolve("bin/python");
    Path installed = environment.resolve("installed");
    if (!Files.exists(installed) || !Files.readString(installed).equals(VERSION)) {
      Files.createDirectories(target);
      Path log = target.resolve("moto.log");
      run(log, "python3", "-m", "venv", environment.toString());
      run(
          log,
          python.toString(),
          "-m",
          "pip",
          "install",
          "--quiet",
          "--no-compile",
          "--disable-pip-version-check",
          VERSION);
      Files.writeString(installed, VERSION);
    }
    return python;
  }

  private static void run(Path log, String... command) throws Exception {
    String failure = "it did not end within 3 minutes";
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      if (process.waitFor(3, TimeUnit.MINUTES)) {
        if (process.exitValue() == 0) {
          return;
        }
        failure = "it ended with " + process.exitValue();
      }
      process.destroyForcibly();
    } catch (IOException e) {
      failure = e.getMessage();
    }
    String reason =
        "no S3 server to test with: expected to run %s, but %s; see %s"
            .formatted(String.join(" ", List.of(command)), failure, log);
    if ("required".equals(System.getenv("RUNG_TEST_S3"))) {
      throw new AssertionError(reason);
    }
    System.out.println("SKIPPED: " + reason);
    Assumptions.abort(reason);
  }

  URI endpoint() {
    return endpoint;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
