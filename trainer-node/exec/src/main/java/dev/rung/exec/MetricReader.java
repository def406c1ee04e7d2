package dev.rung.exec;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the metrics of one attempt, line by line. A JSON line is an object with the step, numbers
 * by their names, and perhaps {@code checkpoint}, a path, and {@code cost}; Python's NaN and
 * Infinity are numbers, everything that is no number is left aside. Any other line says nothing.
 */
final class MetricReader {
  private static final String CHECKPOINT = "checkpoint";
  private static final String COST = "cost";

  /** As the protocol bounds a point. */
  private static final int MOST_METRICS = 64;

  private static final int LONGEST_NAME = 128;

  /** Patterns see no more of a line: one that backtracks must not take for ever. */
  private static final int LONGEST_FOR_PATTERNS = 4_096;

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final MetricOptions options;
  private final List<String> objectives;

  /** The step of the metrics that patterns find. */
  private long patternStep;

  private long broken;
  private @Nullable String firstBroken;
  private long withoutStep;
  private @Nullable String firstWithoutStep;

  /**
   * @param objectives what is kept where a line has more metrics than a point can hold
   * @param startStep the step that training goes on after
   */
  MetricReader(MetricOptions options, List<String> objectives, long startStep) {
    this.options = options;
    this.objectives = objectives;
    this.patternStep = startStep;
  }

  /**
   * Reads one line.
   *
   * @throws IllegalArgumentException its step is no whole number from 1
   */
  Optional<Report> read(String line) {
    String text = line.strip();
    if (text.startsWith("{")) {
      return fromJson(text);
    }
    return options.patterns().isEmpty() ? Optional.empty() : byPatterns(text);
  }

  private Optional<Report> fromJson(String text) {
    JsonNode object;
    try {
      object = JSON.readTree(text);
    } catch (JacksonException e) {
      broken++;
      firstBroken = firstBroken == null ? text : firstBroken;
      return Optional.empty();
    }
    @Nullable JsonNode step = object.get(options.stepKey());
    if (step == null) {
      withoutStep++;
      firstWithoutStep = firstWithoutStep == null ? text : firstWithoutStep;
      return Optional.empty();
    }
    Map<String, Double> metrics = new LinkedHashMap<>();
    OptionalDouble cost = OptionalDouble.empty();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      String name = field.getKey();
      if (!field.getValue().isNumber() || name.equals(options.stepKey())) {
        continue;
      }
      if (name.equals(COST) && !objectives.contains(COST)) {
        cost = OptionalDouble.of(field.getValue().doubleValue());
      } else if (!name.isEmpty() && name.length() <= LONGEST_NAME) {
        metrics.put(name, field.getValue().doubleValue());
      }
    }
    @Nullable JsonNode checkpoint = object.get(CHECKPOINT);
    Optional<String> path =
        checkpoint != null && checkpoint.isTextual()
            ? Optional.of(checkpoint.textValue())
            : Optional.empty();
    return Optional.of(new Report(step(step, text), bounded(metrics), cost, path));
  }

  private long step(JsonNode step, String text) {
    double number = step.isNumber() ? step.doubleValue() : Double.NaN;
    return counted(number, options.stepKey(), step.toString(), text);
  }

  private long counted(double number, String name, String said, String line) {
    long step = (long) number + options.stepOffset();
    if (number != Math.rint(number) || Double.isInfinite(number) || step < 1) {
      throw new IllegalArgumentException(
          "expected '%s' to be a whole number from %d, got %s in the line: %s%s"
              .formatted(
                  name,
                  1 - options.stepOffset(),
                  said,
                  shortened(line),
                  number == 0 ? " (--step-offset 1 is for commands that count from 0)" : ""));
    }
    return step;
  }

  private Optional<Report> byPatterns(String line) {
    String text =
        line.length() <= LONGEST_FOR_PATTERNS ? line : line.substring(0, LONGEST_FOR_PATTERNS);
    options
        .stepPattern()
        .flatMap(pattern -> found(pattern, text))
        .ifPresent(said -> patternStep = counted(number(said, text), "the step", said, text));
    Map<String, Double> metrics = new LinkedHashMap<>();
    boolean isFirst = true;
    for (Map.Entry<String, Pattern> metric : options.patterns().entrySet()) {
      Optional<String> said = found(metric.getValue(), text);
      if (said.isPresent()) {
        metrics.put(metric.getKey(), number(said.get(), text));
        if (isFirst && options.stepPattern().isEmpty()) {
          patternStep++;
        }
      }
      isFirst = false;
    }
    if (metrics.isEmpty()) {
      return Optional.empty();
    }
    // What comes before the first step belongs to it.
    return Optional.of(
        new Report(Math.max(1, patternStep), metrics, OptionalDouble.empty(), Optional.empty()));
  }

  private static Optional<String> found(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? Optional.ofNullable(matcher.group(1)) : Optional.empty();
  }

  private static double number(String said, String line) {
    String plain = said.strip();
    if (plain.equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    if (plain.matches("[+-]?(?i:inf|infinity)")) {
      return plain.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    try {
      return Double.parseDouble(plain);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "expected the pattern's first group to be a number, got '%s' in the line: %s"
              .formatted(shortened(plain), shortened(line)),
          e);
    }
  }

  private Map<String, Double> bounded(Map<String, Double> metrics) {
    if (metrics.size() <= MOST_METRICS) {
      return metrics;
    }
    Map<String, Double> kept = new LinkedHashMap<>();
    for (String objective : objectives) {
      @Nullable Double value = metrics.get(objective);
      if (value != null) {
        kept.put(objective, value);
      }
    }
    metrics.forEach((name, value) -> {
      if (kept.size() < MOST_METRICS) {
        kept.put(name, value);
      }
    });
    return kept;
  }

  /** What may have been meant as metrics, for one who finds none; empty: nothing. */
  Optional<String> doubts() {
    if (broken > 0) {
      return Optional.of(
          "%,d lines begin like JSON and are none, the first: %s"
              .formatted(broken, shortened(String.valueOf(firstBroken))));
    }
    if (withoutStep > 0) {
      return Optional.of(
          "%,d JSON lines have no field '%s', the first: %s"
              .formatted(
                  withoutStep, options.stepKey(), shortened(String.valueOf(firstWithoutStep))));
    }
    return Optional.empty();
  }

  private static String shortened(String line) {
    return line.length() <= 200 ? line : line.substring(0, 200) + "…";
  }
}
