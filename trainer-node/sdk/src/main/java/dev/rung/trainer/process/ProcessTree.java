package dev.rung.trainer.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All processes that a command has started, those too that left its process group or whose parent
 * is gone: each inherits a variable that names the attempt. Where there is no {@code /proc}, only
 * those that still descend from it are found.
 */
public final class ProcessTree {
  /** The variable that marks them: the node's folder, its process, and a random number. */
  public static final String MARK = "RUNG_PROCESSES";

  private static final Logger log = LoggerFactory.getLogger(ProcessTree.class);
  private static final Path PROC = Path.of("/proc");

  /** New ones may be born while others are killed. */
  private static final int MOST_ROUNDS = 50;

  private static final Duration PAUSE = Duration.ofMillis(20);

  private ProcessTree() {}

  /**
   * Kills the processes with a mark, and what descends from a process.
   *
   * @param root the command's own process
   */
  static void kill(ProcessHandle root, String mark) {
    kill(() -> {
      Set<ProcessHandle> found = new HashSet<>(marked(mark::equals));
      if (root.isAlive()) {
        found.add(root);
      }
      root.descendants().forEach(found::add);
      return found;
    });
  }

  /** Kills what nodes that worked in a folder and were killed themselves have left running. */
  public static void killLeftOver(Path work) {
    String prefix = prefix(work);
    Predicate<String> leftOver =
        mark -> {
          if (!mark.startsWith(prefix)) {
            return false;
          }
          String pid = mark.substring(prefix.length()).split(":", 2)[0];
          return pid.matches("\\d{1,18}")
              && !ProcessHandle.of(Long.parseLong(pid)).map(ProcessHandle::isAlive).orElse(false);
        };
    int killed = kill(() -> marked(leftOver));
    if (killed > 0) {
      log.info("{} processes of an earlier node of {} were killed", killed, work);
    }
  }

  /** A mark for an attempt of this process. */
  public static String mark(Path work) {
    return prefix(work)
        + ProcessHandle.current().pid()
        + ":"
        + java.util.UUID.randomUUID().toString();
  }

  private static String prefix(Path work) {
    return work.toAbsolutePath() + ":";
  }

  private interface Finder {
    Set<ProcessHandle> find();
  }

  private static int kill(Finder finder) {
    Set<Long> killed = new HashSet<>();
    for (int round = 0; round < MOST_ROUNDS; round++) {
      Set<ProcessHandle> found = finder.find();
      if (found.isEmpty()) {
        break;
      }
      found.forEach(process -> {
        killed.add(process.pid());
        boolean unused = process.destroyForcibly();
      });
      try {
        Thread.sleep(PAUSE.toMillis());
      } catch (InterruptedException e) {
        // What is left is killed first: nobody else does.
        Thread.currentThread().interrupt();
        finder
            .find()
            .forEach(process -> {
              boolean unused = process.destroyForcibly();
            });
        break;
      }
    }
    return killed.size();
  }

  /** Living processes whose mark a test takes. */
  private static Set<ProcessHandle> marked(Predicate<String> test) {
    Set<ProcessHandle> found = new HashSet<>();
    List<Path> folders = new ArrayList<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      processes.forEach(folders::add);
    } catch (IOException e) {
      return found;
    }
    for (Path folder : folders) {
      if (mark(folder.resolve("environ"), test) && !isZombie(folder)) {
        ProcessHandle.of(Long.parseLong(folder.getFileName().toString())).ifPresent(found::add);
      }
    }
    return found;
  }

  private static boolean mark(Path environment, Predicate<String> test) {
    try {
      String variables = Files.readString(environment, StandardCharsets.ISO_8859_1);
      try (Stream<String> each = Stream.of(variables.split("\0"))) {
        return each.anyMatch(variable ->
            variable.startsWith(MARK + "=") && test.test(variable.substring(MARK.length() + 1)));
      }
    } catch (IOException e) {
      // Another user's, or it has ended.
      return false;
    }
  }

  /** One that has ended, but whose parent has not asked for its exit code. */
  private static boolean isZombie(Path folder) {
    try {
      String status = Files.readString(folder.resolve("stat"), StandardCharsets.ISO_8859_1);
      // "PID (NAME) STATE ...", where the name may hold anything.
      int end = status.lastIndexOf(')');
      return end >= 0 && status.startsWith(" Z", end + 1);
    } catch (IOException e) {
      return true;
    }
  }
}
