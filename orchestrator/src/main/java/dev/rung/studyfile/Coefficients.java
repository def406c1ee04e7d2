package dev.rung.studyfile;

import dev.rung.space.Parameter;
import dev.rung.space.Parameter.ConstantParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.Value;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import dev.rung.studyfile.YamlNode.Items;
import dev.rung.studyfile.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the coefficients of a schedule: numbers, or ranges that are searched. */
final class Coefficients {
  private final Fields fields;
  private final Problems problems;
  private final List<Parameter> all = new ArrayList<>();

  /** What a coefficient lies between. */
  record Bounds(double min, double max) {}

  Coefficients(Fields fields, Problems problems) {
    this.fields = fields;
    this.problems = problems;
  }

  /** Those that could be read, in the order of reading. */
  List<Parameter> all() {
    return all;
  }

  /** A real number that must be there. */
  Optional<Bounds> number(String key) {
    if (!fields.has(key)) {
      fields.error("", "expected %s in the schedule, but it is missing".formatted(key));
    }
    return fields.node(key).flatMap(node -> read(key, node, fields.path(key), false));
  }

  /** A real number. */
  Optional<Bounds> number(String key, DoubleValue fallback) {
    return fields.has(key) ? number(key) : constant(key, fallback);
  }

  /** A number of steps. */
  Optional<Bounds> steps(String key, long least, long fallback) {
    return fields.has(key)
        ? fields
            .node(key)
            .flatMap(node -> read(key, node, fields.path(key), true))
            .filter(bounds -> isAtLeast(least, bounds, fields.valueAt(key), fields.path(key)))
        : constant(key, new IntValue(fallback));
  }

  /** A real number out of a list. */
  Optional<Bounds> numberAt(String key, Items items, int index, String name) {
    return read(name, items.nodes().get(index), path(key, index), false);
  }

  /** A step out of a list. */
  Optional<Bounds> stepsAt(String key, Items items, int index, String name, double least) {
    YamlNode node = items.nodes().get(index);
    String path = path(key, index);
    return read(name, node, path, true)
        .filter(bounds -> isAtLeast((long) least, bounds, node.at(), path));
  }

  private String path(String key, int index) {
    return "%s[%d]".formatted(fields.path(key), index);
  }

  private boolean isAtLeast(long least, Bounds bounds, Position at, String path) {
    if (bounds.min() < least) {
      String message =
          "expected a step from %d on, but it begins at %.0f".formatted(least, bounds.min());
      problems.error(at, path, message);
    }
    return bounds.min() >= least;
  }

  private Optional<Bounds> read(String name, YamlNode node, String path, boolean isWhole) {
    if (node instanceof Mapping) {
      return Fields.of(node, path, Section.COEFFICIENT, problems)
          .filter(f -> f.has("min") && f.has("max"))
          .flatMap(f -> new RangeReader(name, f).read(isWhole ? "int" : "float"))
          .flatMap(this::range);
    }
    String expected = isWhole ? "a whole number or a range of them" : "a number or a range";
    if (!(node instanceof YamlNode.Scalar)) {
      Scalars.mismatch(node, path, expected, problems);
      return Optional.empty();
    }
    Optional<Value> value = Scalars.number(node, path, problems);
    if (value.isPresent() && isWhole && !isStep(value.get())) {
      problems.error(
          node.at(), path, "expected %s, but came %s".formatted(expected, value.get().text()));
      return Optional.empty();
    }
    return value.flatMap(v -> constant(name, isWhole ? v : new DoubleValue(Fields.real(v))));
  }

  private static boolean isStep(Value value) {
    return value instanceof IntValue(long x) && Math.abs(x) <= RangeReader.LARGEST_WHOLE;
  }

  private Optional<Bounds> range(Parameter parameter) {
    all.add(parameter);
    return switch (parameter) {
      case FloatParameter p -> Optional.of(new Bounds(p.min(), p.max()));
      case IntParameter p -> Optional.of(new Bounds(p.min(), p.max()));
      case Parameter other -> Optional.empty();
    };
  }

  private Optional<Bounds> constant(String name, Value value) {
    all.add(new ConstantParameter(name, value));
    double number = Fields.real(value);
    return Optional.of(new Bounds(number, number));
  }
}
