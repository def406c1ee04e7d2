package dev.rung.studyfile;

import dev.rung.space.Parameter;
import dev.rung.space.ScheduleForm;
import dev.rung.space.ScheduleParameter;
import dev.rung.space.Value.DoubleValue;
import dev.rung.studyfile.Coefficients.Bounds;
import dev.rung.studyfile.YamlNode.Items;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads a schedule: its form, and the form's coefficients, each a number or a range. What the
 * formula of a form needs must hold of every combination of coefficients.
 */
final class ScheduleReader {
  /** Most values of a piecewise schedule. */
  static final int MAX_PIECES = 32;

  private static final double PEAK_AT = 0.3;

  private final String name;
  private final Fields fields;
  private final long maxResource;
  private final Coefficients coefficients;

  ScheduleReader(String name, Fields fields, long maxResource, Problems problems) {
    this.name = name;
    this.fields = fields;
    this.maxResource = maxResource;
    this.coefficients = new Coefficients(fields, problems);
  }

  /** The parameter. */
  Optional<Parameter> read() {
    List<String> forms = Arrays.stream(ScheduleForm.values()).map(ScheduleForm::written).toList();
    Optional<ScheduleForm> form = fields.oneOf("schedule", forms).flatMap(ScheduleForm::of);
    if (form.isEmpty()) {
      return Optional.empty();
    }
    List<String> keys = new ArrayList<>(List.of("type", "schedule", "when"));
    keys.addAll(
        form.get() == ScheduleForm.PIECEWISE ? List.of("values", "at") : form.get().coefficients());
    fields.refuseBeside("schedule: " + form.get().written(), keys);
    boolean isFine =
        switch (form.get()) {
          case CONSTANT -> coefficients.number("value").isPresent();
          case EXPONENTIAL -> exponential();
          case COSINE -> cosine();
          case ONE_CYCLE -> oneCycle();
          case PIECEWISE -> piecewise();
        };
    return isFine
        ? Optional.of(new ScheduleParameter(name, form.get(), coefficients.all()))
        : Optional.empty();
  }

  // Each reads all of its coefficients before it answers, so that all errors are found.

  private boolean exponential() {
    boolean isInitialFine = isPositive("initial", coefficients.number("initial"));
    boolean isFinalFine = isPositive("final", coefficients.number("final"));
    boolean isDurationFine = duration();
    return isInitialFine && isFinalFine && isDurationFine;
  }

  private boolean isPositive(String key, Optional<Bounds> bounds) {
    if (bounds.isPresent() && bounds.get().min() <= 0) {
      fields.error(
          key,
          "expected numbers above 0 in an exponential schedule, but it begins at "
              + bounds.get().min());
    }
    return bounds.isPresent() && bounds.get().min() > 0;
  }

  private boolean cosine() {
    Optional<Bounds> initial = coefficients.number("initial");
    Optional<Bounds> end = coefficients.number("final", new DoubleValue(0));
    boolean isFalling = isBelow("final", end, "initial", initial);
    boolean isDurationFine = duration();
    return isFalling && isDurationFine;
  }

  private boolean oneCycle() {
    Optional<Bounds> initial = coefficients.number("initial");
    Optional<Bounds> peak = coefficients.number("peak");
    Optional<Bounds> end = coefficients.number("final");
    Optional<Bounds> turn = coefficients.number("peak_at", new DoubleValue(PEAK_AT));
    boolean isTurnFine = turn.isPresent() && turn.get().min() >= 0 && turn.get().max() < 1;
    if (turn.isPresent() && !isTurnFine) {
      fields.error(
          "peak_at",
          "expected a share of total from 0 to below 1, but it goes from %s to %s"
              .formatted(turn.get().min(), turn.get().max()));
    }
    boolean isRising = isBelow("initial", initial, "peak", peak);
    boolean isFalling = isBelow("final", end, "peak", peak);
    boolean isTotalFine = coefficients.steps("total", 1, maxResource).isPresent();
    return isRising && isFalling && isTurnFine && isTotalFine;
  }

  /** Whether one coefficient is never above another; false also where one is not known. */
  private boolean isBelow(String low, Optional<Bounds> below, String high, Optional<Bounds> above) {
    if (below.isEmpty() || above.isEmpty()) {
      return false;
    }
    boolean isFine = below.get().max() <= above.get().min();
    if (!isFine) {
      fields.error(
          low,
          "expected numbers of at most %s (from %s on), but it goes up to %s"
              .formatted(high, above.get().min(), below.get().max()));
    }
    return isFine;
  }

  /** Total and warm-up. */
  private boolean duration() {
    Optional<Bounds> total = coefficients.steps("total", 1, maxResource);
    Optional<Bounds> warmup = coefficients.steps("warmup", 0, 0);
    if (total.isEmpty() || warmup.isEmpty()) {
      return false;
    }
    boolean isFine = warmup.get().max() < total.get().min();
    if (!isFine) {
      fields.error(
          "warmup",
          "expected fewer steps than total (from %.0f on), but it goes up to %.0f"
              .formatted(total.get().min(), warmup.get().max()));
    }
    return isFine;
  }

  private boolean piecewise() {
    Optional<Items> values = items("values");
    Optional<Items> steps = items("at");
    if (values.isEmpty() || steps.isEmpty()) {
      return false;
    }
    int pieces = values.get().nodes().size();
    if (pieces < 2 || pieces > MAX_PIECES) {
      fields.error("values", "expected 2 to %d values, but came %d".formatted(MAX_PIECES, pieces));
      return false;
    }
    if (steps.get().nodes().size() != pieces - 1) {
      fields.error(
          "at",
          "expected %d steps, one less than values, but came %d"
              .formatted(pieces - 1, steps.get().nodes().size()));
      return false;
    }
    boolean isFine = coefficients.numberAt("values", values.get(), 0, "value_0").isPresent();
    double last = 0;
    for (int i = 1; i < pieces; i++) {
      Optional<Bounds> at = coefficients.stepsAt("at", steps.get(), i - 1, "at_" + i, last + 1);
      isFine &= at.isPresent();
      last = at.map(Bounds::max).orElse(last);
      isFine &= coefficients.numberAt("values", values.get(), i, "value_" + i).isPresent();
    }
    if (isFine && last > maxResource) {
      fields.error(
          "at",
          "expected steps up to the study's max of %d, but they go up to %.0f"
              .formatted(maxResource, last));
      return false;
    }
    return isFine;
  }

  private Optional<Items> items(String key) {
    if (!fields.has(key)) {
      fields.error("", "expected %s in a piecewise schedule, but it is missing".formatted(key));
      return Optional.empty();
    }
    Optional<YamlNode> node = fields.node(key);
    if (node.isPresent() && node.get() instanceof Items items) {
      return Optional.of(items);
    }
    fields.mismatch(key, "a list");
    return Optional.empty();
  }
}
