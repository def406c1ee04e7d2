package dev.rung.api;

import dev.rung.proto.v1.ListValue;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.Schedule;
import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value;
import dev.rung.space.Value.BoolValue;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.InactiveValue;
import dev.rung.space.Value.IntValue;
import dev.rung.space.Value.ScheduleValue;
import dev.rung.space.Value.StringValue;
import dev.rung.space.Value.WeightsValue;

/** Hyper-parameter values in the protocol's messages; every value keeps its kind. */
public final class AssignmentMapper {
  private AssignmentMapper() {}

  /** The active parameters of an assignment with their names. */
  public static dev.rung.proto.v1.Assignment toProto(SearchSpace space, Assignment assignment) {
    dev.rung.proto.v1.Assignment.Builder message = dev.rung.proto.v1.Assignment.newBuilder();
    space
        .active(assignment)
        .forEach((name, value) ->
            message.addParameters(Parameter.newBuilder().setName(name).setValue(toProto(value))));
    return message.build();
  }

  /** One value. */
  public static dev.rung.proto.v1.Value toProto(Value value) {
    dev.rung.proto.v1.Value.Builder message = dev.rung.proto.v1.Value.newBuilder();
    switch (value) {
      case IntValue v -> message.setIntValue(v.value());
      case DoubleValue v -> message.setDoubleValue(v.value());
      case StringValue v -> message.setStringValue(v.value());
      case BoolValue v -> message.setBoolValue(v.value());
      case Value.ListValue v -> {
        ListValue.Builder list = ListValue.newBuilder();
        v.values().forEach(element -> list.addValues(toProto(element)));
        message.setListValue(list);
      }
      case WeightsValue v -> {
        ListValue.Builder list = ListValue.newBuilder().addAllNames(v.names());
        v.weights().forEach(weight -> list.addValues(toProto(new DoubleValue(weight))));
        message.setListValue(list);
      }
      case InactiveValue v ->
          throw new IllegalArgumentException("expected an active parameter, but came " + v.text());
      case ScheduleValue v ->
          message.setScheduleValue(
              Schedule.newBuilder().setForm(v.form()).putAllCoefficients(v.coefficients()));
    }
    return message.build();
  }
}
