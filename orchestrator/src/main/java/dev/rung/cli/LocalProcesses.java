package dev.rung.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The processes of one command. None of them outlives {@link #close}: each is told to end, and
 * killed where it does not. Threads may close it at the same time.
 */
final class LocalProcesses implements AutoCloseable {
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private final Path logs;
  private final Duration grace;
  private final List<LocalProcess> started = new CopyOnWriteArrayList<>();
  private volatile boolean closing;

  /**
   * No process yet.
   *
   * @param logs folder for what they print
   * @param grace how long one that was told to end may take
   */
  LocalProcesses(Path logs, Duration grace) {
    this.logs = logs;
    this.grace = grace;
  }

  /** Starts one; its input is empty and its output goes to a file of its name. */
  synchronized LocalProcess start(String role, String name, List<String> command)
      throws IOException {
    if (closing) {
      throw new IOException("everything is being ended");
    }
    Files.createDirectories(logs);
    Path log = logs.resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(apart(command))
            .redirectInput(ProcessBuilder.Redirect.from(nothing()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    // They speak to a server of this command's own, which asks for neither.
    builder
        .environment()
        .keySet()
        .removeAll(List.of("RUNG_CA", "RUNG_CERT", "RUNG_CERT_KEY", "RUNG_TOKEN"));
    LocalProcess process = new LocalProcess(role, name, builder.start(), log);
    started.add(process);
    return process;
  }

  /** Every one that was started. */
  List<LocalProcess> all() {
    return List.copyOf(started);
  }

  /** Whether they are being ended, so that their ends are no news. */
  boolean isClosing() {
    return closing;
  }

  /** Ends all, trainers first, so that they find their server until their end. */
  @Override
  public void close() {
    synchronized (this) {
      closing = true;
    }
    List<LocalProcess> trainers = new ArrayList<>();
    List<LocalProcess> servers = new ArrayList<>();
    for (LocalProcess process : started) {
      (process.role().equals("server") ? servers : trainers).add(process);
    }
    long deadline = System.nanoTime() + grace.toNanos();
    end(trainers, deadline);
    end(servers, deadline);
  }

  private static void end(List<LocalProcess> processes, long deadline) {
    processes.forEach(process -> process.process().destroy());
    for (LocalProcess process : processes) {
      if (!hasEnded(process, deadline)) {
        process.process().destroyForcibly().onExit().join();
      }
    }
  }

  private static boolean hasEnded(LocalProcess process, long deadline) {
    try {
      long left = Math.max(0, deadline - System.nanoTime());
      return process.process().waitFor(left, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Where it can be had, a session of its own: Ctrl-C then reaches this process alone, and trainers
   * are told to end while their server is still there to hear of it. The process id is the same.
   */
  private static List<String> apart(List<String> command) {
    List<String> all = new ArrayList<>(command);
    if (Files.isExecutable(SETSID)) {
      all.add(0, SETSID.toString());
    }
    return all;
  }

  private static File nothing() {
    return new File(System.getProperty("os.name", "").startsWith("Windows") ? "NUL" : "/dev/null");
  }
}
