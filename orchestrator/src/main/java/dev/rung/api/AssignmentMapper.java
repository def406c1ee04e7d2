package dev.rung.api;

import dev.rung.proto.v1.ListValue;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.Schedule;
import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value;
import dev.rung.space.Value.BoolValue;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import dev.rung.space.Value.ScheduleValue;
import dev.rung.space.Value.StringValue;

/** Hyper-parameter values in the protocol's messages; every value keeps its kind. */
public final class AssignmentMapper {
  private AssignmentMapper() {}

  /** An assignment with the names of its space. */
  public static dev.rung.proto.v1.Assignment toProto(SearchSpace space, Assignment assignment) {
    dev.rung.proto.v1.Assignment.Builder message = dev.rung.proto.v1.Assignment.newBuilder();
    for (int i = 0; i < assignment.values().size(); i++) {
      message.addParameters(
          Parameter.newBuilder()
              .setName(space.parameters().get(i).name())
              .setValue(toProto(assignment.values().get(i))));
    }
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
      case ScheduleValue v ->
          message.setScheduleValue(
              Schedule.newBuilder().setForm(v.form()).putAllCoefficients(v.coefficients()));
    }
    return message.build();
  }
}
