package dev.rung.trainer.process;

import dev.rung.trainer.TrialEndException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Tells a process that ran out of memory from one with another error, by its last words. */
public final class OutOfMemory {
  /** A process that a signal ended has this and the signal's number as exit code. */
  private static final int SIGNALLED = 128;

  private static final int KILLED = SIGNALLED + 9;

  /** How widely used frameworks say it: PyTorch, CUDA, TensorFlow and JAX, Python, C++, the JVM. */
  private static final List<Pattern> WORDS =
      List.of(
          Pattern.compile(
              "\\bCUDA(_ERROR_| error: |: )?out[_ ]of[_ ]memory", Pattern.CASE_INSENSITIVE),
          Pattern.compile("\\bOutOfMemoryError\\b"),
          Pattern.compile("\\binsufficient memory for the Java Runtime Environment\\b"),
          Pattern.compile("\\bMemoryError\\b"),
          Pattern.compile("\\bRESOURCE_EXHAUSTED: .*memory", Pattern.CASE_INSENSITIVE),
          Pattern.compile("\\bResourceExhaustedError\\b"),
          Pattern.compile("\\bstd::bad_alloc\\b"),
          Pattern.compile("\\bCannot allocate memory\\b"),
          Pattern.compile("\\bhipErrorOutOfMemory\\b"));

  private OutOfMemory() {}

  /**
   * How a process ended that failed.
   *
   * @param child has ended, and all that it printed was read
   * @param killsBefore what {@link MemoryEvents#kills} said before it was started
   */
  public static TrialEndException failure(Child child, long killsBefore) {
    int code = child.exitCode();
    return reason(code, MemoryEvents.kills() > killsBefore, child.lastLines())
        .map(reason -> TrialEndException.outOfMemory("exit code " + code + ": " + reason))
        .orElseGet(() ->
            TrialEndException.failed(
                code > SIGNALLED
                    ? "ended by signal %d (exit code %d)".formatted(code - SIGNALLED, code)
                    : "exit code " + code));
  }

  /**
   * Why it counts as out of memory; empty: it does not.
   *
   * @param exitCode not 0
   * @param kernelKilled whether the kernel killed something for want of memory meanwhile
   * @param lastLines what the process printed last
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
