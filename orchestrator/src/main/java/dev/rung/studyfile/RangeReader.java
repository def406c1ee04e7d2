package dev.rung.studyfile;

import dev.rung.space.Parameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.Value;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads a parameter with bounds. It is a whole number if both bounds, and the step where there is
 * one, are written as whole numbers, and a real one otherwise: 1 is whole, 1.0 is real. A type
 * overrides.
 */
final class RangeReader {
  /** Bounds of whole numbers: up to here a double holds every one of them. */
  static final long LARGEST_WHOLE = 1L << 53;

  /** Most values of a real grid; with more a step has no meaning. */
  private static final double MOST_STEPS = 1e6;

  /** A step this small beside the bounds leaves six digits of a double to tell its values apart. */
  private static final double LEAST_RELATIVE_STEP = 1e-9;

  private final String name;
  private final Fields fields;

  RangeReader(String name, Fields fields) {
    this.name = name;
    this.fields = fields;
  }

  /**
   * The parameter.
   *
   * @param type float, int, or empty where the way that the numbers are written decides
   */
  Optional<Parameter> read(String type) {
    Optional<Value> min = bound("min");
    Optional<Value> max = bound("max");
    Optional<Value> step = fields.number("step");
    boolean log = fields.flag("log").orElse(false);
    if (min.isEmpty() || max.isEmpty() || (fields.has("step") && step.isEmpty())) {
      return Optional.empty();
    }
    boolean isWhole =
        type.isEmpty()
            ? Stream.of(min, max, step)
                .flatMap(Optional::stream)
                .allMatch(IntValue.class::isInstance)
            : type.equals("int");
    if (!isWhole) {
      return real(Fields.real(min.get()), Fields.real(max.get()), step.map(Fields::real), log);
    }
    Optional<Long> low = whole("min", min.get());
    Optional<Long> high = whole("max", max.get());
    Optional<Long> distance = step.flatMap(s -> whole("step", s));
    if (low.isEmpty() || high.isEmpty() || step.isPresent() != distance.isPresent()) {
      return Optional.empty();
    }
    if (type.isEmpty() && low.get() == 0 && high.get() == 1) {
      fields.warn(
          "max", "0 and 1 are the only whole numbers from 0 to 1; write 1.0 for those between");
    }
    return whole(low.get(), high.get(), distance, log);
  }

  private Optional<Value> bound(String key) {
    if (!fields.has(key)) {
      fields.error("", "expected both min and max, but %s is missing".formatted(key));
    }
    return fields.number(key);
  }

  private Optional<Long> whole(String key, Value value) {
    return switch (value) {
      case IntValue(long x) when Math.abs(x) <= LARGEST_WHOLE && x != Long.MIN_VALUE ->
          Optional.of(x);
      case Value other -> {
        fields.error(key, "expected a whole number from -2^53 to 2^53, but came " + other.text());
        yield Optional.empty();
      }
    };
  }

  private Optional<Parameter> whole(long min, long max, Optional<Long> step, boolean log) {
    boolean fine = areBoundsFine(min <= max, min > 0, log);
    if (step.isPresent() && step.get() < 1) {
      fields.error("step", "expected a step of at least 1, but came " + step.get());
      fine = false;
    } else if (step.isPresent() && step.get() > 1 && log) {
      fine = refuseStepBesideLog();
    }
    if (!fine) {
      return Optional.empty();
    }
    long distance = step.orElse(1L);
    long last = min + (max - min) / distance * distance;
    if (last != max) {
      warnOfLast(Long.toString(last));
    }
    return Optional.of(new IntParameter(name, min, last, log, distance));
  }

  private Optional<Parameter> real(double min, double max, Optional<Double> step, boolean log) {
    boolean fine = areBoundsFine(min <= max, min > 0, log);
    if (!Double.isFinite(max - min)) {
      fields.error("max", "expected max - min within 64 bits, but it is beyond them");
      fine = false;
    }
    if (step.isPresent() && log) {
      fine = refuseStepBesideLog();
    } else if (fine && step.isPresent()) {
      return grid(min, max, step.get());
    }
    return fine ? Optional.of(new FloatParameter(name, min, max, log, 0)) : Optional.empty();
  }

  private Optional<Parameter> grid(double min, double max, double step) {
    double least =
        Math.max(
            (max - min) / MOST_STEPS, Math.max(Math.abs(min), Math.abs(max)) * LEAST_RELATIVE_STEP);
    if (step <= 0 || step < least) {
      String expected = step > 0 ? "of at least " + least : "above 0";
      fields.error("step", "expected a step %s, but came %s".formatted(expected, written("step")));
      return Optional.empty();
    }
    FloatParameter parameter = new FloatParameter(name, min, max, false, step);
    Value last = parameter.decode(1);
    if (last.equals(new DoubleValue(max))) {
      return Optional.of(parameter);
    }
    warnOfLast(last.text());
    return Optional.of(new FloatParameter(name, min, Fields.real(last), false, step));
  }

  private boolean areBoundsFine(boolean isOrdered, boolean isMinPositive, boolean log) {
    if (!isOrdered) {
      fields.error(
          "min",
          "expected a number of at most max (%s), but came %s"
              .formatted(written("max"), written("min")));
    }
    if (log && !isMinPositive) {
      fields.error("min", "expected a number above 0 beside log: true, but came " + written("min"));
    }
    return isOrdered && (isMinPositive || !log);
  }

  private boolean refuseStepBesideLog() {
    fields.error("step", "expected no step beside log: true, but came " + written("step"));
    return false;
  }

  private void warnOfLast(String last) {
    fields.warn(
        "max",
        "the steps from %s end at %s, not at %s".formatted(written("min"), last, written("max")));
  }

  private String written(String key) {
    return fields.word(key).orElse("");
  }
}
