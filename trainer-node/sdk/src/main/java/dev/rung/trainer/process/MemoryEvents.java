package dev.rung.trainer.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * How often the kernel has killed for want of memory, by {@code /proc/vmstat} and by the memory
 * events of this process's control group (Linux: cgroup-v2, "memory.events").
 */
public final class MemoryEvents {
  private static final List<Path> FILES =
      List.of(Path.of("/proc/vmstat"), Path.of("/sys/fs/cgroup/memory.events"));

  private MemoryEvents() {}

  /** The kills so far; 0 where nothing counts them. */
  public static long kills() {
    return FILES.stream().mapToLong(MemoryEvents::kills).sum();
  }

  private static long kills(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1)
          .lines()
          .filter(line -> line.startsWith("oom_kill "))
          .mapToLong(line -> Long.parseLong(line.substring("oom_kill ".length()).strip()))
          .sum();
    } catch (IOException | NumberFormatException e) {
      return 0;
    }
  }
}
