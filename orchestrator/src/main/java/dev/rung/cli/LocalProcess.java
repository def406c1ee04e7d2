package dev.rung.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A process that this one started.
 *
 * @param role server or trainer
 * @param name for people, and of its log
 * @param log where its output goes
 */
record LocalProcess(String role, String name, Process process, Path log) {
  private static final int TAIL_BYTES = 4_000;
  private static final int TAIL_LINES = 15;

  /** Exit codes of a process that a signal ended are 128 and the signal's number. */
  private static final Map<Integer, String> SIGNALS =
      Map.of(137, "was killed", 143, "was told to end", 134, "crashed", 139, "crashed");

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** For instance {@code trainer-2 (pid 123) was killed}; only after its end. */
  String end() {
    int code = process.exitValue();
    return "%s (pid %d) %s"
        .formatted(name, pid(), SIGNALS.getOrDefault(code, "ended with exit code " + code));
  }

  /** The rest of the first line of its output that begins so; empty where there is none yet. */
  Optional<String> said(String beginning) throws IOException {
    try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith(beginning))
          .map(line -> line.substring(beginning.length()))
          .findFirst();
    }
  }

  /** The last lines of its output. */
  List<String> tail() {
    if (!Files.exists(log)) {
      return List.of();
    }
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      file.seek(Math.max(0, file.length() - TAIL_BYTES));
      byte[] bytes = new byte[(int) Math.min(TAIL_BYTES, file.length())];
      file.readFully(bytes);
      List<String> lines = new String(bytes, StandardCharsets.UTF_8).lines().toList();
      return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size());
    } catch (IOException e) {
      return List.of(log + " cannot be read: " + e);
    }
  }
}
