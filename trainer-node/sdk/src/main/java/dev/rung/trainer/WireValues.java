package dev.rung.trainer;

import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.ListValue;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.Schedule;
import dev.rung.proto.v1.Value;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** Values as the protocol has them: what {@link Values#fromProto} reads. */
final class WireValues {
  private WireValues() {}

  /** Hyper-parameters, in their order. */
  static Assignment assignment(Values values) {
    Assignment.Builder assignment = Assignment.newBuilder();
    for (String name : values.names()) {
      assignment.addParameters(
          Parameter.newBuilder().setName(name).setValue(value(values.get(name))));
    }
    return assignment.build();
  }

  /** The values of a configuration. */
  static Map<String, Value> config(Values values) {
    Map<String, Value> config = new LinkedHashMap<>();
    values.names().forEach(name -> config.put(name, value(values.get(name))));
    return config;
  }

  private static Value value(Object value) {
    Value.Builder wire = Value.newBuilder();
    if (value instanceof Long number) {
      wire.setIntValue(number);
    } else if (value instanceof Double number) {
      wire.setDoubleValue(number);
    } else if (value instanceof Boolean bool) {
      wire.setBoolValue(bool);
    } else if (value instanceof dev.rung.trainer.Schedule schedule) {
      wire.setScheduleValue(
          Schedule.newBuilder()
              .setForm(schedule.form())
              .putAllCoefficients(schedule.coefficients()));
    } else if (value instanceof Collection<?> list) {
      wire.setListValue(list(list));
    } else if (value instanceof Map<?, ?> named) {
      ListValue.Builder list = list(named.values());
      named.keySet().forEach(name -> list.addNames((String) name));
      wire.setListValue(list);
    } else {
      wire.setStringValue((String) value);
    }
    return wire.build();
  }

  private static ListValue.Builder list(Collection<?> values) {
    ListValue.Builder list = ListValue.newBuilder();
    values.forEach(value -> list.addValues(value(value)));
    return list;
  }
}
