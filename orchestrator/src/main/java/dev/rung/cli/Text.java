package dev.rung.cli;

import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.ListValue;
import dev.rung.proto.v1.Value;
import dev.rung.study.StudyPlan;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Values as a person reads them. */
final class Text {
  private static final MathContext DIGITS = new MathContext(4);

  private Text() {}

  /**
   * The text with every character made visible that could steer a terminal or turn the direction of
   * writing; what is already safe stays as it is.
   */
  static String safe(String text) {
    if (text.codePoints().allMatch(Text::isSafe)) {
      return text;
    }
    StringBuilder safe = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(c -> {
          switch (c) {
            case '\n' -> safe.append("\\n");
            case '\t' -> safe.append("\\t");
            case '\r' -> safe.append("\\r");
            default -> {
              if (isSafe(c)) {
                safe.appendCodePoint(c);
              } else {
                safe.append("\\u%04x".formatted(c));
              }
            }
          }
        });
    return safe.toString();
  }

  /** What a study is called at the beginning of a sentence. */
  static String name(StudyPlan plan) {
    return plan.name().isEmpty() ? "The study" : plan.name();
  }

  private static boolean isSafe(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }

  /** The first line of a message; a stack trace and the end of a log may follow it. */
  static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  /** All lines of a message, set in, where it has more than one. */
  static List<String> wholeIfLong(String title, String message) {
    List<String> lines = new ArrayList<>();
    if (message.strip().lines().count() > 1) {
      lines.add("");
      lines.add(title);
      message.strip().lines().forEach(line -> lines.add("  " + line.replace("\t", "    ")));
    }
    return lines;
  }

  /** A number with four significant digits. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    if (value == 0) {
      return "0";
    }
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    int magnitude = rounded.precision() - rounded.scale();
    return magnitude < -4 || magnitude > 9 ? rounded.toString() : rounded.toPlainString();
  }

  /** A time span, for instance 0:41 or 1:02:03. */
  static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds < 3600
        ? "%d:%02d".formatted(seconds / 60, seconds % 60)
        : "%d:%02d:%02d".formatted(seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  /** A count with its unit, for instance 1 epoch, 27 epochs. */
  static String count(long count, String unit) {
    return "%,d %s%s".formatted(count, unit, count == 1 ? "" : "s");
  }

  /** One value. */
  static String value(Value value) {
    return switch (value.getKindCase()) {
      case INT_VALUE -> Long.toString(value.getIntValue());
      case DOUBLE_VALUE -> number(value.getDoubleValue());
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> Boolean.toString(value.getBoolValue());
      case LIST_VALUE -> list(value.getListValue());
      case SCHEDULE_VALUE ->
          value.getScheduleValue().getForm()
              + new TreeMap<>(value.getScheduleValue().getCoefficientsMap())
                  .entrySet().stream()
                      .map(e -> e.getKey() + "=" + number(e.getValue()))
                      .collect(Collectors.joining(", ", "(", ")"));
      case KIND_NOT_SET -> "";
    };
  }

  private static String list(ListValue list) {
    boolean isNamed = list.getNamesCount() == list.getValuesCount();
    return IntStream.range(0, list.getValuesCount())
        .mapToObj(i -> (isNamed ? list.getNames(i) + "=" : "") + value(list.getValues(i)))
        .collect(Collectors.joining(", ", "[", "]"));
  }

  /** An assignment in one line, for instance {@code lr=0.01 layers=3}. */
  static String assignment(Assignment assignment) {
    return assignment.getParametersList().stream()
        .map(p -> p.getName() + "=" + value(p.getValue()))
        .collect(Collectors.joining(" "));
  }

  /** Metrics in one line, by name. */
  static String metrics(Map<String, Double> metrics) {
    return new TreeMap<>(metrics)
        .entrySet().stream()
            .map(e -> e.getKey() + " " + number(e.getValue()))
            .collect(Collectors.joining(", "));
  }
}
