package dev.rung.studyfile;

import dev.rung.space.Parameter;
import dev.rung.space.Parameter.BooleanParameter;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.OrdinalParameter;
import dev.rung.space.Value;
import dev.rung.space.Value.BoolValue;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import dev.rung.studyfile.YamlNode.Items;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a parameter with a list of values. One of true and false is a boolean. */
final class ChoiceReader {
  /** Most values of a list. */
  static final int MAX_VALUES = 1024;

  private static final Set<Value> BOTH = Set.of(new BoolValue(false), new BoolValue(true));
  private static final int SHOWN_LIMIT = 40;

  private final String name;
  private final Fields fields;
  private final Problems problems;
  private final List<Value> values = new ArrayList<>();
  private final Map<Value, Position> places = new HashMap<>();

  ChoiceReader(String name, Fields fields, Problems problems) {
    this.name = name;
    this.fields = fields;
    this.problems = problems;
  }

  /**
   * The parameter with the values that could be read; once only.
   *
   * @param type categorical, ordinal, or empty: as the values are
   */
  Optional<Parameter> read(String type) {
    if (!fields.has("values")) {
      fields.error("", "expected values beside type: %s, but they are missing".formatted(type));
      return Optional.empty();
    }
    Optional<YamlNode> node = fields.node("values");
    if (node.isPresent() && node.get() instanceof Items items) {
      return Optional.of(read(items, type.equals("ordinal")));
    }
    fields.mismatch("values", "a list of values");
    return Optional.empty();
  }

  private Parameter read(Items items, boolean isOrdinal) {
    int count = items.nodes().size();
    if (count < 1 || count > MAX_VALUES) {
      fields.error("values", "expected 1 to %d values, but came %d".formatted(MAX_VALUES, count));
    }
    for (int i = 0; i < Math.min(count, MAX_VALUES); i++) {
      YamlNode item = items.nodes().get(i);
      String where = "%s[%d]".formatted(fields.path("values"), i);
      Scalars.value(item, where, "a single value", TextRule.CHOICE, problems)
          .ifPresent(value -> add(value, item.at(), where));
    }
    if (isOrdinal) {
      return new OrdinalParameter(name, values);
    }
    return places.keySet().equals(BOTH)
        ? new BooleanParameter(name)
        : new CategoricalParameter(name, values);
  }

  private void add(Value value, Position at, String where) {
    Position first = places.putIfAbsent(comparable(value), at);
    if (first == null) {
      values.add(value);
    } else {
      String shown = Shown.escaped(value.text(), SHOWN_LIMIT);
      String message = "expected distinct values, but %s is also at %s".formatted(shown, first);
      problems.error(at, where, message);
    }
  }

  /** The same for 1 and 1.0, which are different values but the same number. */
  private static Value comparable(Value value) {
    return value instanceof DoubleValue(double x) && x == Math.rint(x) && x == (double) (long) x
        ? new IntValue((long) x)
        : value;
  }
}
