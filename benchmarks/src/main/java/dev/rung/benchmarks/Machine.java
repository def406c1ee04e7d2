package dev.rung.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says what the figures were measured on. */
public final class Machine {
  private Machine() {}

  /** One line: cores, memory, load, system, Java. */
  public static String describe() {
    return "%d cores (%s), %s, load %s, %s %s, Java %s"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            line("/proc/cpuinfo", "model name"),
            line("/proc/meminfo", "MemTotal"),
            load(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("java.vm.version"));
  }

  /** How many processes wanted to run in the last 1, 5 and 15 minutes. */
  static String load() {
    return firstLine("/proc/loadavg").replaceFirst("( \\S+){2}$", "");
  }

  private static String firstLine(String file) {
    try {
      return Files.readString(Path.of(file)).strip();
    } catch (IOException e) {
      return "unknown";
    }
  }

  private static String line(String file, String key) {
    return firstLine(file)
        .lines()
        .filter(line -> line.startsWith(key))
        .findFirst()
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .orElse("unknown");
  }
}
