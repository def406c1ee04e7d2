package dev.rung.session;

import dev.rung.proto.v1.ListValue;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.SearcherHello;
import dev.rung.proto.v1.Suggestion;
import dev.rung.space.Value;
import dev.rung.space.Value.BoolValue;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import dev.rung.space.Value.ScheduleValue;
import dev.rung.space.Value.StringValue;
import dev.rung.space.Value.WeightsValue;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what a program says, and holds it to its limits. */
final class SuggestionReader {
  static final int PROTOCOL = 1;
  private static final int LONGEST_STUDY = 128;
  private static final int MOST_VALUES = 256;

  /** More than a parameter's name or a choice may have. */
  private static final int LONGEST_TEXT = 512;

  private static final int LONGEST_REASON = 1_000;

  private SuggestionReader() {}

  /**
   * Checks a program's first message.
   *
   * @throws ProtocolException FAILED_PRECONDITION: it is of another version of the protocol;
   *     INVALID_ARGUMENT: it breaks a rule
   */
  static void check(SearcherHello hello) {
    if (hello.getProtocol() != PROTOCOL) {
      throw new ProtocolException(
          Status.Code.FAILED_PRECONDITION,
          "this server speaks version %d of the searcher protocol, but the program speaks %s"
              .formatted(PROTOCOL, Integer.toUnsignedString(hello.getProtocol())));
    }
    int length = hello.getStudy().length();
    if (length < 1 || length > LONGEST_STUDY) {
      throw new ProtocolException(
          "expected a study of 1 to %d characters, but came %d".formatted(LONGEST_STUDY, length));
    }
    HelloReader.text("software", hello.getSoftware());
  }

  /**
   * The trial that a suggestion is for.
   *
   * @throws IllegalArgumentException it cannot be one
   */
  static int trial(Suggestion suggestion) {
    long trial = suggestion.getTrial();
    if (trial < 1 || trial > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "expected the number of a trial that was asked for, but came " + trial);
    }
    return (int) trial;
  }

  /**
   * The values of a suggestion by name; none where it says that none is left.
   *
   * @throws IllegalArgumentException it is none
   */
  static Map<String, Value> values(Suggestion suggestion) {
    Map<String, Value> values = new LinkedHashMap<>();
    switch (suggestion.getAnswerCase()) {
      case ASSIGNMENT -> {
        atMost("parameters", suggestion.getAssignment().getParametersCount());
        for (Parameter parameter : suggestion.getAssignment().getParametersList()) {
          String name = text(parameter.getName());
          if (values.put(name, value(name, parameter.getValue())) != null) {
            throw new IllegalArgumentException(
                "expected one value of %s, but came several".formatted(name));
          }
        }
      }
      case NONE_LEFT -> {
        // It has no values.
      }
      case ANSWER_NOT_SET ->
          throw new IllegalArgumentException(
              "expected an assignment or that none is left, but came neither");
    }
    return values;
  }

  /** The begin of a reason that is told. */
  static String cut(String reason) {
    return reason.length() > LONGEST_REASON ? reason.substring(0, LONGEST_REASON) + "..." : reason;
  }

  private static Value value(String name, dev.rung.proto.v1.Value value) {
    return switch (value.getKindCase()) {
      case INT_VALUE -> new IntValue(value.getIntValue());
      case DOUBLE_VALUE -> number(name, value.getDoubleValue());
      case STRING_VALUE -> new StringValue(text(value.getStringValue()));
      case BOOL_VALUE -> new BoolValue(value.getBoolValue());
      case LIST_VALUE -> list(name, value.getListValue());
      case SCHEDULE_VALUE -> {
        Map<String, Double> coefficients = new HashMap<>();
        atMost("coefficients of " + name, value.getScheduleValue().getCoefficientsCount());
        value
            .getScheduleValue()
            .getCoefficientsMap()
            .forEach((key, number) ->
                coefficients.put(text(key), number(name + "." + text(key), number).value()));
        yield new ScheduleValue(text(value.getScheduleValue().getForm()), coefficients);
      }
      case KIND_NOT_SET ->
          throw new IllegalArgumentException(
              "expected a value of %s, but it has none".formatted(name));
    };
  }

  private static Value list(String name, ListValue list) {
    atMost("values of " + name, list.getValuesCount());
    atMost("names of " + name, list.getNamesCount());
    if (list.getNamesCount() == 0) {
      return new Value.ListValue(list.getValuesList().stream().map(v -> single(name, v)).toList());
    }
    if (list.getNamesCount() != list.getValuesCount()) {
      throw new IllegalArgumentException(
          "expected as many names as values of %s, but came %d and %d"
              .formatted(name, list.getNamesCount(), list.getValuesCount()));
    }
    List<Double> weights = new ArrayList<>();
    for (dev.rung.proto.v1.Value value : list.getValuesList()) {
      Value weight = single(name, value);
      weights.add(
          weight
              .number()
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "expected numbers beside the names of %s, but came %s"
                          .formatted(name, weight.text()))));
    }
    return new WeightsValue(
        list.getNamesList().stream().map(SuggestionReader::text).toList(), weights);
  }

  private static Value single(String name, dev.rung.proto.v1.Value value) {
    if (value.hasListValue() || value.hasScheduleValue()) {
      throw new IllegalArgumentException(
          "expected single values in the list of %s, but came another list".formatted(name));
    }
    return value(name, value);
  }

  /** Of 0 and -0, which are two values to Java, the first. */
  private static DoubleValue number(String name, double number) {
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException(
          "expected a finite number of %s, but came %s".formatted(name, number));
    }
    return new DoubleValue(number + 0.0);
  }

  private static String text(String text) {
    if (text.length() > LONGEST_TEXT) {
      throw new IllegalArgumentException(
          "expected texts of at most %d characters, but came one of %d"
              .formatted(LONGEST_TEXT, text.length()));
    }
    return text;
  }

  private static void atMost(String what, int count) {
    if (count > MOST_VALUES) {
      throw new IllegalArgumentException(
          "expected at most %d %s, but came %d".formatted(MOST_VALUES, what, count));
    }
  }
}
