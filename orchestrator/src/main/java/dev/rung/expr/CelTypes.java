package dev.rung.expr;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.rung.space.Parameter;
import dev.rung.space.ScheduleParameter;
import dev.rung.space.SimplexParameter;
import dev.rung.space.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Parameters and their values as CEL has them. */
final class CelTypes {
  private CelTypes() {}

  /** The type of a parameter's values; one with values of several types may be anything. */
  static CelType type(Parameter parameter) {
    return switch (parameter) {
      case Parameter.FloatParameter p -> SimpleType.DOUBLE;
      case Parameter.IntParameter p -> SimpleType.INT;
      case Parameter.BooleanParameter p -> SimpleType.BOOL;
      case Parameter.CategoricalParameter p -> common(p.values());
      case Parameter.OrdinalParameter p -> common(p.values());
      case Parameter.ConstantParameter p -> type(p.value());
      case SimplexParameter p ->
          p.weights().isEmpty()
              ? ListType.create(SimpleType.DOUBLE)
              : MapType.create(SimpleType.STRING, SimpleType.DOUBLE);
      case ScheduleParameter p -> MapType.create(SimpleType.STRING, SimpleType.DOUBLE);
    };
  }

  private static CelType common(List<Value> values) {
    List<CelType> types = values.stream().map(CelTypes::type).distinct().toList();
    return types.size() == 1 ? types.get(0) : SimpleType.DYN;
  }

  private static CelType type(Value value) {
    return switch (value) {
      case Value.IntValue v -> SimpleType.INT;
      case Value.DoubleValue v -> SimpleType.DOUBLE;
      case Value.StringValue v -> SimpleType.STRING;
      case Value.BoolValue v -> SimpleType.BOOL;
      case Value.ListValue v -> SimpleType.DYN;
      case Value.WeightsValue v -> SimpleType.DYN;
      case Value.ScheduleValue v -> SimpleType.DYN;
      case Value.InactiveValue v -> SimpleType.DYN;
    };
  }

  /** A value: Long, Double, String, Boolean, or a list or map of these. */
  static Object value(Value value) {
    return switch (value) {
      case Value.IntValue(long x) -> x;
      case Value.DoubleValue(double x) -> x;
      case Value.StringValue(String x) -> x;
      case Value.BoolValue(boolean x) -> x;
      case Value.ListValue(List<Value> values) -> values.stream().map(CelTypes::value).toList();
      case Value.WeightsValue(List<String> names, List<Double> weights) ->
          names.isEmpty() ? weights : byName(names, weights);
      case Value.ScheduleValue(String form, Map<String, Double> coefficients) -> coefficients;
      case Value.InactiveValue inactive ->
          throw new IllegalArgumentException(
              "expected an active parameter, but came " + inactive.text());
    };
  }

  private static Map<String, Double> byName(List<String> names, List<Double> weights) {
    Map<String, Double> named = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      named.put(names.get(i), weights.get(i));
    }
    return named;
  }
}
