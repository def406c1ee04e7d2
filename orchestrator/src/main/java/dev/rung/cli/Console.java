package dev.rung.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Where a command writes, and what it knows of its surroundings.
 *
 * @param out for results
 * @param err for errors, and for progress where the result is for programs
 * @param outIsTerminal whether a person sees {@code out} as it is written
 * @param errIsTerminal the same of {@code err}
 * @param environment variables of the process
 * @param home Rung's own folder; empty where the launcher did not say it
 */
record Console(
    PrintStream out,
    PrintStream err,
    boolean outIsTerminal,
    boolean errIsTerminal,
    Map<String, String> environment,
    String home) {

  /** The process's own. */
  static Console system() {
    return new Console(
        System.out,
        System.err,
        isTerminal(1),
        isTerminal(2),
        System.getenv(),
        System.getProperty("rung.home", ""));
  }

  /** Prints lines, with what could steer a terminal made visible. */
  void print(List<String> lines) {
    print(out, lines);
  }

  /** Prints an object for programs. */
  void printJson(Object json) {
    out.println(Json.text(json));
  }

  /** Prints a message that may have several lines. */
  void error(String message) {
    print(err, message.lines().toList());
  }

  private static void print(PrintStream stream, List<String> lines) {
    lines.forEach(line -> stream.println(Text.safe(line)));
    stream.flush();
  }

  /** Java tells it of all streams together; Linux shows each, and elsewhere test(1) looks. */
  private static boolean isTerminal(int descriptor) {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      if (Files.isSymbolicLink(link)) {
        String target = Files.readSymbolicLink(link).toString();
        return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
      }
      return new ProcessBuilder("test", "-t", Integer.toString(descriptor))
              .inheritIO()
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
