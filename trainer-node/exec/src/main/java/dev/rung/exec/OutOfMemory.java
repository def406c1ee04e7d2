package dev.rung.exec;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells a command that ran out of memory from one with another error, by its last words. */
final class OutOfMemory {
  private static final int KILLED = 128 + 9;

  /** How widely used frameworks say it: PyTorch, CUDA, TensorFlow and JAX, Python, C++, the JVM. */
  private static final List<Pattern> WORDS =
      List.of(
          Pattern.compile(
              "\\bCUDA(_ERROR_| error: |: )?out[_ ]of[_ ]memory", Pattern.CASE_INSENSITIVE),
          Pattern.compile("\\bOutOfMemoryError\\b"),
          Pattern.compile("\\bMemoryError\\b"),
          Pattern.compile("\\bRESOURCE_EXHAUSTED: .*memory", Pattern.CASE_INSENSITIVE),
          Pattern.compile("\\bResourceExhaustedError\\b"),
          Pattern.compile("\\bstd::bad_alloc\\b"),
          Pattern.compile("\\bCannot allocate memory\\b"),
          Pattern.compile("\\bhipErrorOutOfMemory\\b"));

  private OutOfMemory() {}

  /**
   * Why it counts as out of memory; empty: it does not.
   *
   * @param exitCode not 0
   * @param kernelKilled whether the kernel killed something for want of memory meanwhile
   * @param lastLines what the command printed last
   */
  static Optional<String> reason(int exitCode, boolean kernelKilled, List<String> lastLines) {
    if (exitCode == KILLED && kernelKilled) {
      return Optional.of("the kernel killed it for want of memory");
    }
    return lastLines.stream()
        .filter(line -> WORDS.stream().anyMatch(word -> word.matcher(line).find()))
        .findFirst();
  }
}
