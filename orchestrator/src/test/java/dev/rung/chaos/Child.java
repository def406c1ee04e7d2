package dev.rung.chaos;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A process that a run started; whatever state it is in, {@link #close} ends it. */
final class Child implements AutoCloseable {
  private final Process process;
  private final Path log;
  private final long logStart;
  final long started = System.currentTimeMillis();

  private Child(Process process, Path log, long logStart) {
    this.process = process;
    this.log = log;
    this.logStart = logStart;
  }

  /**
   * Starts a process.
   *
   * @param log that its output is added to
   */
  static Child start(List<String> command, Path log) throws IOException {
    long size = Files.exists(log) ? Files.size(log) : 0;
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    Child child = new Child(process, log, size);
    // Also where this JVM is told to end in the middle of a test.
    Runtime.getRuntime().addShutdownHook(new Thread(child::kill));
    return child;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL, which a stopped process hears as well. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** SIGSTOP. */
  void stop() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** SIGCONT. */
  void goOn() throws IOException, InterruptedException {
    signal("CONT");
  }

  /** SIGTERM, and waits for the end. */
  int end(long seconds) throws InterruptedException {
    process.destroy();
    return awaitEnd(seconds);
  }

  int awaitEnd(long seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError(
          "expected process %d to end within %d s; see %s".formatted(pid(), seconds, log));
    }
    return process.exitValue();
  }

  /** What it printed so far. */
  String output() throws IOException {
    byte[] all = Files.readAllBytes(log);
    return new String(all, (int) logStart, (int) (all.length - logStart), StandardCharsets.UTF_8);
  }

  /** The rest of the first line of its output that begins so. */
  Optional<String> said(String beginning) throws IOException {
    return output()
        .lines()
        .filter(line -> line.startsWith(beginning))
        .map(line -> line.substring(beginning.length()))
        .findFirst();
  }

  private void signal(String name) throws IOException, InterruptedException {
    int exit = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
    if (exit != 0) {
      throw new IOException(
          "expected to send SIG%s to %d, but kill said %d".formatted(name, pid(), exit));
    }
  }

  @Override
  public void close() {
    kill();
  }
}
