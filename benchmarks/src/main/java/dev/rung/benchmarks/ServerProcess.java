package dev.rung.benchmarks;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
    return product(data, List.of());
  }

  /** The product with further options for its JVM. */
  static ServerProcess product(Path data, List<String> options) throws IOException {
    return product(data, options, List.of());
  }

  /** The product that is told more at its start. */
  static ServerProcess product(Path data, List<String> options, List<String> more)
      throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("serve", "--data", data.toString(), "--port", "0"));
    arguments.addAll(more);
    return start(options, jars(), "dev.rung.cli.Rung", arguments.toArray(String[]::new));
  }

  /**
   * Writes an archive of the product's classes, as the launcher does when it is first called.
   *
   * @param data a folder for the server that starts and ends for it
   * @return the option by which a server uses the archive
   */
  static String archive(Path data, Path archive) throws IOException {
    try (ServerProcess server =
        product(
            data,
            List.of(
                "-XX:ArchiveClassesAtExit=" + archive,
                "-Drung.exit-when-ready=true",
                "-Drung.warm-up=true"))) {
      server.process.onExit().join();
    }
    return "-XX:SharedArchiveFile=" + archive;
  }

  /**
   * Starts a main class and waits until it says that it is ready.
   *
   * @param main prints {@code ready 127.0.0.1:PORT}
   */
  static ServerProcess start(String main, String... arguments) throws IOException {
    return start(List.of(), System.getProperty("java.class.path"), main, arguments);
  }

  /** The class path without folders, beside which no archive of classes is used. */
  private static String jars() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(path -> path.endsWith(".jar"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static ServerProcess start(
      List<String> options, String classPath, String main, String... arguments) throws IOException {
    long begin = System.nanoTime();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseParallelGC",
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
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, main));
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

  /**
   * Memory that it has from the system, in bytes.
   *
   * @throws IOException this is not Linux, or it has ended
   */
  long residentBytes() throws IOException {
    return residentBytes(process.pid());
  }

  /**
   * Memory that a process has from the system, in bytes.
   *
   * @throws IOException this is not Linux, or it has ended
   */
  static long residentBytes(long pid) throws IOException {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    Matcher resident = Pattern.compile("VmRSS:\\s+(\\d+) kB").matcher(Files.readString(status));
    if (!resident.find()) {
      throw new IOException("expected VmRSS in " + status);
    }
    return Long.parseLong(resident.group(1)) << 10;
  }

  /** Live objects on its heap, in bytes. */
  long heapAfterCollection() throws IOException {
    long pid = process.pid();
    jcmd(pid, "GC.run");
    long used = 0;
    Matcher generation =
        Pattern.compile("(?:PSYoungGen|ParOldGen).*? used (\\d+)K")
            .matcher(jcmd(pid, "GC.heap_info"));
    while (generation.find()) {
      used += Long.parseLong(generation.group(1)) << 10;
    }
    if (used == 0) {
      throw new IOException("expected the generations of the parallel collector");
    }
    return used;
  }

  /**
   * Live objects at the moment of a collection, in bytes: without what is made until a second
   * command looks, and without the gaps that the collector leaves between them.
   */
  long liveBytes() throws IOException {
    String histogram = jcmd(process.pid(), "GC.class_histogram");
    return bytes(histogram, "Total +\\d+ +(\\d+)")
            .orElseThrow(
                () -> new IOException("expected a total of the histogram, but came " + histogram))
        - bytes(histogram, "\\d+: +\\d+ +(\\d+) +\\S*jdk\\.internal\\.vm\\.FillerElement")
            .orElse(0);
  }

  private static OptionalLong bytes(String histogram, String line) {
    Matcher found = Pattern.compile(line).matcher(histogram);
    return found.find() ? OptionalLong.of(Long.parseLong(found.group(1))) : OptionalLong.empty();
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
