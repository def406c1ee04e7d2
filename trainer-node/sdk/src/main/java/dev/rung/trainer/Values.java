package dev.rung.trainer;

import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.ListValue;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Named values with their types: the assignment of a trial or the configuration of its trainer.
 * Immutable.
 *
 * <p>A value has the kind that the study file declares. A whole number may be read as a real one;
 * nothing else is converted. Every getter throws {@link IllegalArgumentException} that names the
 * value, the kind asked for and what is there; the overloads with a fallback return it where the
 * name is absent, and still throw where the value is of another kind. A parameter whose condition
 * does not hold is absent: ask {@link #has}, or for an optional one.
 */
public final class Values {
  /** The kinds of values. */
  public enum Kind {
    WHOLE,
    REAL,
    TEXT,
    BOOLEAN,
    LIST,
    SCHEDULE
  }

  private static final Values EMPTY = new Values(Map.of());

  /** Long, Double, String, Boolean, List of these, Map of names to these, or Schedule. */
  private final Map<String, Object> values;

  private Values(Map<String, Object> values) {
    this.values = Collections.unmodifiableMap(values);
  }

  /** No values. */
  public static Values empty() {
    return EMPTY;
  }

  /**
   * The parameters of an assignment, in its order.
   *
   * @throws IllegalArgumentException a name occurs twice or a value has no kind
   */
  public static Values fromProto(Assignment assignment) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (Parameter parameter : assignment.getParametersList()) {
      String name = parameter.getName();
      if (values.put(name, fromProto(name, parameter.getValue())) != null) {
        throw new IllegalArgumentException(
            "expected one value for parameter '" + name + "', got several");
      }
    }
    return new Values(values);
  }

  /**
   * The values of a configuration, by name in alphabetical order.
   *
   * @throws IllegalArgumentException a value has no kind
   */
  public static Values fromProto(Map<String, Value> config) {
    Map<String, Object> values = new TreeMap<>();
    config.forEach((name, value) -> values.put(name, fromProto(name, value)));
    return new Values(values);
  }

  /**
   * Values given as Java objects: Integer, Long, Float, Double, String, Boolean, a collection of
   * these, a map from names to these, or a Schedule, in the map's order.
   *
   * @throws IllegalArgumentException a value is of another class
   */
  public static Values of(Map<String, ?> map) {
    Map<String, Object> values = new LinkedHashMap<>();
    map.forEach((name, value) -> values.put(name, fromJava(name, value)));
    return new Values(values);
  }

  /** Whether there is a value of that name. */
  public boolean has(String name) {
    return values.containsKey(name);
  }

  /** The names, in order. */
  public Set<String> names() {
    return values.keySet();
  }

  /** A real number; a whole one is widened. */
  public double getDouble(String name) {
    return asDouble(name, required(name, "a number"));
  }

  /** {@link #getDouble(String)}, or the fallback where the name is absent. */
  public double getDouble(String name, double fallback) {
    return has(name) ? getDouble(name) : fallback;
  }

  /** {@link #getDouble(String)}; empty where the name is absent. */
  public OptionalDouble findDouble(String name) {
    return has(name) ? OptionalDouble.of(getDouble(name)) : OptionalDouble.empty();
  }

  /** A whole number; a value declared as real is refused even without a fraction. */
  public long getLong(String name) {
    Object value = required(name, "a whole number");
    if (value instanceof Long number) {
      return number;
    }
    throw mismatch(name, "a whole number", value);
  }

  /** {@link #getLong(String)}, or the fallback where the name is absent. */
  public long getLong(String name, long fallback) {
    return has(name) ? getLong(name) : fallback;
  }

  /** {@link #getLong(String)}; empty where the name is absent. */
  public OptionalLong findLong(String name) {
    return has(name) ? OptionalLong.of(getLong(name)) : OptionalLong.empty();
  }

  /** A whole number that fits into 32 bits. */
  public int getInt(String name) {
    long value = getLong(name);
    if (value != (int) value) {
      throw mismatch(name, "a whole number of 32 bits", value);
    }
    return (int) value;
  }

  /** {@link #getInt(String)}, or the fallback where the name is absent. */
  public int getInt(String name, int fallback) {
    return has(name) ? getInt(name) : fallback;
  }

  /** A text. */
  public String getString(String name) {
    Object value = required(name, "a text");
    if (value instanceof String text) {
      return text;
    }
    throw mismatch(name, "a text", value);
  }

  /** {@link #getString(String)}, or the fallback where the name is absent. */
  public String getString(String name, String fallback) {
    return has(name) ? getString(name) : fallback;
  }

  /** {@link #getString(String)}; empty where the name is absent. */
  public Optional<String> findString(String name) {
    return has(name) ? Optional.of(getString(name)) : Optional.empty();
  }

  /** A boolean. */
  public boolean getBoolean(String name) {
    Object value = required(name, "a boolean");
    if (value instanceof Boolean bool) {
      return bool;
    }
    throw mismatch(name, "a boolean", value);
  }

  /** {@link #getBoolean(String)}, or the fallback where the name is absent. */
  public boolean getBoolean(String name, boolean fallback) {
    return has(name) ? getBoolean(name) : fallback;
  }

  /** A list of numbers, in order. */
  public List<Double> getDoubles(String name) {
    Object value = required(name, "a list of numbers");
    Collection<?> elements = elements(name, value);
    List<Double> numbers = new ArrayList<>(elements.size());
    for (Object element : elements) {
      numbers.add(asDouble(name + "[" + numbers.size() + "]", element));
    }
    return Collections.unmodifiableList(numbers);
  }

  /** The weights of a simplex, in its order; they sum to 1. */
  public double[] getWeights(String name) {
    return getDoubles(name).stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** The weights of a simplex whose weights have names, in its order; they sum to 1. */
  public Map<String, Double> getWeightsByName(String name) {
    Object value = required(name, "weights with names");
    if (!(value instanceof Map<?, ?> named)) {
      throw mismatch(name, "weights with names", value);
    }
    Map<String, Double> weights = new LinkedHashMap<>();
    named.forEach((key, weight) -> weights.put((String) key, asDouble(name + "." + key, weight)));
    return Collections.unmodifiableMap(weights);
  }

  /** A hyper-parameter that is a function of the step; a number is a constant one. */
  public Schedule getSchedule(String name) {
    Object value = required(name, "a schedule");
    if (value instanceof Schedule schedule) {
      return schedule;
    }
    if (value instanceof Number number) {
      return Schedule.constant(number.doubleValue());
    }
    throw mismatch(name, "a schedule or a number", value);
  }

  /**
   * A value as it is, for trainers that pass it on: a Long, Double, String, Boolean, List of these,
   * Map of names to these, or Schedule.
   */
  public Object get(String name) {
    return required(name, "a value");
  }

  /** The kind of a value, for trainers that take any. */
  public Kind kind(String name) {
    return kindOf(required(name, "a value"));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Values that && values.equals(that.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }

  private Object required(String name, String asked) {
    Object value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "expected " + asked + " named '" + name + "', but there are only " + names());
    }
    return value;
  }

  private static double asDouble(String name, Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw mismatch(name, "a number", value);
  }

  private static IllegalArgumentException mismatch(String name, String asked, Object value) {
    return new IllegalArgumentException(
        "expected '" + name + "' to be " + asked + ", but it is " + describe(value));
  }

  private static Kind kindOf(Object value) {
    if (value instanceof Long) {
      return Kind.WHOLE;
    }
    if (value instanceof Double) {
      return Kind.REAL;
    }
    if (value instanceof String) {
      return Kind.TEXT;
    }
    if (value instanceof Boolean) {
      return Kind.BOOLEAN;
    }
    return value instanceof Schedule ? Kind.SCHEDULE : Kind.LIST;
  }

  private static String describe(Object value) {
    return switch (kindOf(value)) {
      case WHOLE -> "the whole number " + value;
      case REAL -> "the real number " + value;
      case TEXT -> "the text \"" + value + "\"";
      case BOOLEAN -> "the boolean " + value;
      case LIST -> "a list";
      case SCHEDULE -> "a schedule";
    };
  }

  private static Object fromProto(String name, Value value) {
    return switch (value.getKindCase()) {
      case INT_VALUE -> value.getIntValue();
      case DOUBLE_VALUE -> value.getDoubleValue();
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> value.getBoolValue();
      case LIST_VALUE -> list(name, value.getListValue());
      case SCHEDULE_VALUE -> Schedule.fromProto(value.getScheduleValue());
      case KIND_NOT_SET ->
          throw new IllegalArgumentException(
              "expected '" + name + "' to have a value of a known kind, but it has none");
    };
  }

  private static Object list(String name, ListValue list) {
    List<Object> values =
        list.getValuesList().stream().map(value -> fromProto(name, value)).toList();
    if (list.getNamesCount() == 0) {
      return values;
    }
    Map<String, Object> named = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(values.size(), list.getNamesCount()); i++) {
      named.put(list.getNames(i), values.get(i));
    }
    if (named.size() != values.size() || values.size() != list.getNamesCount()) {
      throw new IllegalArgumentException(
          "expected a name of its own for each of "
              + values.size()
              + " values of '"
              + name
              + "', but there are "
              + list.getNamesList());
    }
    return Collections.unmodifiableMap(named);
  }

  private static Collection<?> elements(String name, Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    if (value instanceof Map<?, ?> named) {
      return named.values();
    }
    throw mismatch(name, "a list of numbers", value);
  }

  private static Object fromJava(String name, Object value) {
    if (value instanceof Integer || value instanceof Long) {
      return ((Number) value).longValue();
    }
    if (value instanceof Float || value instanceof Double) {
      return ((Number) value).doubleValue();
    }
    if (value instanceof String || value instanceof Boolean || value instanceof Schedule) {
      return value;
    }
    if (value instanceof Collection<?> collection) {
      return collection.stream().map(element -> fromJava(name, element)).toList();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> named = new LinkedHashMap<>();
      map.forEach((key, element) -> named.put(String.valueOf(key), fromJava(name, element)));
      return Collections.unmodifiableMap(named);
    }
    throw new IllegalArgumentException(
        "expected '"
            + name
            + "' to be a number, text, boolean, schedule, list or map, but it is "
            + value);
  }
}
