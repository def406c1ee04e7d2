package dev.rung.dl4j;

import dev.rung.trainer.InfeasibleException;
import dev.rung.trainer.Schedule;
import dev.rung.trainer.Values;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;

/** Reads a trial's assignment: unknown names are errors, numbers out of range are infeasible. */
final class HyperparameterReader {
  private static final long MOST_EPOCHS = 10_000;

  private final Values assignment;

  /**
   * @param known every name that the trainer reads
   * @throws IllegalArgumentException the assignment has another name
   */
  HyperparameterReader(Values assignment, Set<String> known) {
    this.assignment = assignment;
    refuseUnknown("hyper-parameter", assignment, known);
  }

  /**
   * Refuses names that nobody reads, so that a slip of the pen in a study file does not pass.
   *
   * @param what the names are, in words
   */
  static void refuseUnknown(String what, Values values, Set<String> known) {
    List<String> unknown =
        values.names().stream().filter(name -> !known.contains(name)).sorted().toList();
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "expected each "
              + what
              + " to be one of "
              + known.stream().sorted().toList()
              + ", but there is "
              + unknown);
    }
  }

  int whole(String name, int fallback, int min, int max) throws InfeasibleException {
    long value = assignment.getLong(name, fallback);
    if (value < min || value > max) {
      throw new InfeasibleException(
          "expected " + name + " from " + min + " to " + max + ", but it is " + value);
    }
    return (int) value;
  }

  /** A number with {@code min <= value < end}. */
  double real(String name, double fallback, double min, double end) throws InfeasibleException {
    double value = assignment.getDouble(name, fallback);
    if (!(value >= min && value < end)) {
      throw new InfeasibleException(
          "expected " + name + " from " + min + " to below " + end + ", but it is " + value);
    }
    return value;
  }

  /** A number with {@code min <= value < end}; empty where it is absent. */
  OptionalDouble findReal(String name, double min, double end) throws InfeasibleException {
    return assignment.has(name)
        ? OptionalDouble.of(real(name, min, min, end))
        : OptionalDouble.empty();
  }

  /**
   * A schedule with {@code 0 < value < end} in every epoch.
   *
   * @param epochs of which the values matter; of very many the first
   */
  Schedule schedule(String name, Schedule fallback, double end, long epochs)
      throws InfeasibleException {
    Schedule schedule = assignment.has(name) ? assignment.getSchedule(name) : fallback;
    for (long epoch = 0; epoch < Math.min(epochs, MOST_EPOCHS); epoch++) {
      double value = schedule.at((double) epoch);
      if (!(value > 0 && value < end)) {
        boolean isNumber = schedule.form().equals("constant");
        throw new InfeasibleException(
            "expected "
                + name
                + " above 0.0 to below "
                + end
                + ", but it is "
                + value
                + (isNumber ? "" : " after " + epoch + " epochs"));
      }
    }
    return schedule;
  }

  /** One of a set of names, in lower case. */
  <E extends Enum<E>> E choice(String name, E fallback, Set<E> choices) {
    String value = assignment.getString(name, lower(fallback));
    for (E choice : choices) {
      if (lower(choice).equals(value)) {
        return choice;
      }
    }
    throw new IllegalArgumentException(
        "expected "
            + name
            + " to be one of "
            + choices.stream().map(HyperparameterReader::lower).toList()
            + ", but it is '"
            + value
            + "'");
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
