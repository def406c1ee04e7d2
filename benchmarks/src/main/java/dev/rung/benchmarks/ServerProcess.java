package dev.rung.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server in a JVM of its own, with the options that the launcher {@code rung} gives it. */
final class ServerProcess implements AutoCloseable {
  private static final String READY = "ready 127.0.0.1:";

  private final Process process;
  private final int port;
  private final Duration untilReady;

  private ServerProcess(Process process, int port, Duration untilReady) {
    this.process = process;
    this.port = port;
    this.untilReady = untilReady;
  }

  /** The product. */
  static ServerProcess product(Path data) throws IOException {
    return start("dev.rung.cli.Rung", "serve", "--data", data.toString(), "--port", "0");
  }

  /**
   * Starts a main class and waits until it says that it is ready.
   *
   * @param main prints {@code ready 127.0.0.1:PORT}
   */
  static ServerProcess start(String main, String... arguments) throws IOException {
    long begin = System.nanoTime();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Xmx512m",
                "-XX:NewRatio=1",
                "--enable-native-access=ALL-UNNAMED"));
    if (Runtime.version().feature() >= 23) {
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    String more = System.getProperty("rung.server-options", "");
    if (!more.isBlank()) {
      command.addAll(List.of(more.split(" ")));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      if (line.startsWith(READY)) {
        int port = Integer.parseInt(line.substring(READY.length()).strip());
        return new ServerProcess(process, port, Duration.ofNanos(System.nanoTime() - begin));
      }
    }
    throw new IOException("expected a server, but it ended: " + command);
  }

  int port() {
    return port;
  }

  /** From the start of the process. */
  Duration untilReady() {
    return untilReady;
  }

  /** Time on a core so far, all threads together. */
  Duration cpuTime() {
    return process.info().totalCpuDuration().orElse(Duration.ZERO);
  }

  /** Live objects on its heap, in bytes. */
  long heapAfterCollection() throws IOException {
    long pid = process.pid();
    jcmd(pid, "GC.run");
    long used = 0;
    // Of the serial collector: one line for each generation.
    Matcher found = Pattern.compile("used (\\d+)K").matcher(jcmd(pid, "GC.heap_info"));
    Matcher generation =
        Pattern.compile("(?:DefNew|def new generation|Tenured|tenured generation).*? used (\\d+)K")
            .matcher(jcmd(pid, "GC.heap_info"));
    while (generation.find()) {
      used += Long.parseLong(generation.group(1)) << 10;
    }
    if (used == 0 && found.find()) {
      used = Long.parseLong(found.group(1)) << 10;
    }
    return used;
  }

  private static String jcmd(long pid, String command) throws IOException {
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(pid),
                command)
            .redirectErrorStream(true)
            .start();
    return new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** As by {@code kill -9}. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
