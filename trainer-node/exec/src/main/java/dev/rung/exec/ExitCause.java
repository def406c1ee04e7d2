package dev.rung.exec;

import dev.rung.trainer.DivergedException;
import dev.rung.trainer.InfeasibleException;
import dev.rung.trainer.TrialEndException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What an operator may have an exit code mean. */
enum ExitCause {
  COMPLETED,
  ERROR,
  OUT_OF_MEMORY,
  DIVERGED,
  INFEASIBLE,
  PREEMPTED;

  /**
   * By its name as options have it, for instance {@code out-of-memory}.
   *
   * @throws IllegalArgumentException there is none
   */
  static ExitCause of(String name) {
    return Arrays.stream(values())
        .filter(cause -> cause.option().equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException("expected one of " + options() + ", got '" + name + "'"));
  }

  private static List<String> options() {
    return Arrays.stream(values()).map(ExitCause::option).toList();
  }

  private String option() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Ends the attempt. */
  void end(String message) throws TrialEndException, DivergedException, InfeasibleException {
    switch (this) {
      case COMPLETED -> {}
      case ERROR -> throw TrialEndException.failed(message);
      case OUT_OF_MEMORY -> throw TrialEndException.outOfMemory(message);
      case DIVERGED -> throw new DivergedException(message);
      case INFEASIBLE -> throw new InfeasibleException(message);
      case PREEMPTED -> throw TrialEndException.preempted(message);
    }
  }
}
