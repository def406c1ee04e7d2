package dev.rung.conformance;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** The trainer node that is examined, a process. */
final class Subject implements AutoCloseable {
  private static final int TAIL = 2_000;

  private final Process process;
  private final Path log;

  private Subject(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts one.
   *
   * @param command with {@code {server}}, {@code {name}}, {@code {data}} and {@code {slots}}
   * @param facts what stands for these
   * @param log where its output goes
   */
  static Subject start(List<String> command, Map<String, String> facts, Path log)
      throws IOException {
    List<String> filled = command.stream().map(argument -> filled(argument, facts)).toList();
    Process process =
        new ProcessBuilder(filled)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    return new Subject(process, log);
  }

  private static String filled(String argument, Map<String, String> facts) {
    String filled = argument;
    for (Map.Entry<String, String> fact : facts.entrySet()) {
      filled = filled.replace("{" + fact.getKey() + "}", fact.getValue());
    }
    return filled;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Tells it to end (SIGTERM). */
  void terminate() {
    boolean unused = process.toHandle().destroy();
  }

  /** Kills it and all of its processes. */
  void kill() {
    process
        .descendants()
        .forEach(child -> {
          boolean unused = child.destroyForcibly();
        });
    process.destroyForcibly().onExit().join();
  }

  /** Its exit code; empty: it has not ended within the time. */
  OptionalInt exit(Duration most) throws InterruptedException {
    return process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)
        ? OptionalInt.of(process.exitValue())
        : OptionalInt.empty();
  }

  /** The end of what it printed. */
  String tail() {
    try {
      String all = Files.readString(log, StandardCharsets.ISO_8859_1);
      return all.substring(Math.max(0, all.length() - TAIL)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
