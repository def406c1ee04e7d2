package dev.rung.studyfile;

import dev.rung.space.Parameter;
import dev.rung.space.Parameter.BooleanParameter;
import dev.rung.space.Parameter.ConstantParameter;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one parameter, whose kind is told by a key that only this kind has, or by its type. */
final class ParameterReader {
  private static final List<String> TYPES =
      List.of(
          "float", "int", "categorical", "ordinal", "boolean", "constant", "simplex", "schedule");

  /** Types that go with the key that tells a kind; the first is what it is without a type. */
  private static final Map<String, List<String>> TYPES_OF =
      Map.of(
          "schedule", List.of("schedule"),
          "simplex", List.of("simplex"),
          "values", List.of("categorical", "ordinal"),
          "value", List.of("constant"));

  private final String name;
  private final Fields fields;
  private final long maxResource;
  private final Problems problems;

  ParameterReader(String name, Fields fields, long maxResource, Problems problems) {
    this.name = name;
    this.fields = fields;
    this.maxResource = maxResource;
    this.problems = problems;
  }

  /** The parameter. */
  Optional<Parameter> read() {
    Optional<String> type = fields.oneOf("type", TYPES);
    if (fields.has("type") && type.isEmpty()) {
      return Optional.empty();
    }
    String known = type.orElse("");
    for (String key : List.of("schedule", "simplex", "values", "value")) {
      if (fields.has(key) && (!key.startsWith("value") || !known.equals("schedule"))) {
        return read(key, known);
      }
    }
    return switch (known) {
      case "boolean" -> {
        fields.refuseBeside("type: boolean", List.of("type", "when"));
        yield Optional.of(new BooleanParameter(name));
      }
      case "categorical", "ordinal" -> read("values", known);
      case "constant", "simplex", "schedule" -> {
        String key = known.equals("constant") ? "value" : known;
        fields.error("", "expected %s beside type: %s, but it is missing".formatted(key, known));
        yield Optional.empty();
      }
      default -> range(known);
    };
  }

  private Optional<Parameter> read(String key, String type) {
    List<String> types = TYPES_OF.getOrDefault(key, List.of());
    if (!type.isEmpty() && !types.contains(type)) {
      fields.error("type", "expected %s beside %s, but came %s".formatted(types.get(0), key, type));
    }
    return switch (key) {
      case "schedule" -> new ScheduleReader(name, fields, maxResource, problems).read();
      case "simplex" -> {
        fields.refuseBeside("simplex", List.of("type", "simplex", "concentration", "when"));
        yield new SimplexReader(name, fields, problems).read();
      }
      case "values" -> {
        fields.refuseBeside("values", List.of("type", "values", "when"));
        yield new ChoiceReader(name, fields, problems).read(type);
      }
      default -> {
        fields.refuseBeside("value", List.of("type", "value", "when"));
        yield fields
            .node("value")
            .flatMap(node ->
                Scalars.value(
                    node, fields.path("value"), "a single value", TextRule.CHOICE, problems))
            .map(value -> new ConstantParameter(name, value));
      }
    };
  }

  private Optional<Parameter> range(String type) {
    if (type.isEmpty() && !fields.has("min") && !fields.has("max")) {
      fields.error(
          "",
          "expected min and max, or values, or one of value, simplex, schedule, group and type:"
              + " boolean, but came none of them");
      return Optional.empty();
    }
    fields.refuseBeside("min and max", List.of("type", "min", "max", "step", "log", "when"));
    return new RangeReader(name, fields).read(type);
  }
}
