package dev.rung.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A trainer node in a process of its own, started as its operator starts it. */
final class NodeProcess implements AutoCloseable {
  /** The launcher of the checkout that the benchmarks are part of. */
  static final Path LAUNCHER = Path.of("..", "rung").toAbsolutePath().normalize();

  private static final long PATIENCE_SECONDS = 60;

  private final Process process;

  private NodeProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts a node.
   *
   * @param command as on a command line; what it prints goes to a file
   */
  static NodeProcess start(Path log, List<String> command) throws IOException {
    return new NodeProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start());
  }

  /** The command line of a node that trains by a command, with the launcher. */
  static List<String> commands(int server, Path data, String name, int slots, String... command) {
    List<String> line = new ArrayList<>(List.of(LAUNCHER.toString(), "trainer"));
    line.addAll(List.of("--server", "127.0.0.1:" + server, "--data", data.toString()));
    line.addAll(List.of("--name", name, "--slots", Integer.toString(slots)));
    line.addAll(List.of("--exec", "--kind", "benchmark", "--"));
    line.addAll(List.of(command));
    return line;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Processes that it has started, and theirs. */
  Stream<ProcessHandle> descendants() {
    return process.descendants();
  }

  /** Time on a core so far, without that of the processes that it has started. */
  Duration cpuTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Memory that it has from the system, in bytes. */
  long residentBytes() throws IOException {
    return ServerProcess.residentBytes(process.pid());
  }

  /**
   * SIGTERM, and waits for the end.
   *
   * @return the exit code
   */
  int end() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new IllegalStateException("expected node " + process.pid() + " to end");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
  }
}
