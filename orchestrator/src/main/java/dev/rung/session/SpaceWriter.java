package dev.rung.session;

import dev.rung.proto.v1.Booleans;
import dev.rung.proto.v1.Choices;
import dev.rung.proto.v1.FloatRange;
import dev.rung.proto.v1.IntRange;
import dev.rung.proto.v1.ScheduleRange;
import dev.rung.proto.v1.Space;
import dev.rung.proto.v1.SpaceParameter;
import dev.rung.proto.v1.Weights;
import dev.rung.space.Condition;
import dev.rung.space.Expression;
import dev.rung.space.Parameter;
import dev.rung.space.Parameter.BooleanParameter;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.ConstantParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.Parameter.OrdinalParameter;
import dev.rung.space.ScheduleParameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.SimplexParameter;
import dev.rung.space.Value;
import java.util.List;

/** Writes what a study searches, for programs that propose its assignments. */
final class SpaceWriter {
  private SpaceWriter() {}

  static Space space(SearchSpace space) {
    Space.Builder message = Space.newBuilder();
    for (Parameter parameter : space.parameters()) {
      SpaceParameter.Builder written = parameter(parameter);
      for (Condition condition : space.conditions()) {
        if (condition.parameter().equals(parameter.name())) {
          written.addWhen(condition.when().source());
        }
      }
      message.addParameters(written);
    }
    return message
        .addAllForbidden(space.forbidden().stream().map(Expression::source).toList())
        .build();
  }

  private static SpaceParameter.Builder parameter(Parameter parameter) {
    SpaceParameter.Builder message = SpaceParameter.newBuilder().setName(parameter.name());
    return switch (parameter) {
      case FloatParameter p ->
          message.setFloatRange(
              FloatRange.newBuilder()
                  .setMin(p.min())
                  .setMax(p.max())
                  .setLog(p.log())
                  .setStep(p.step()));
      case IntParameter p ->
          message.setIntRange(
              IntRange.newBuilder()
                  .setMin(p.min())
                  .setMax(p.max())
                  .setLog(p.log())
                  .setStep(p.step()));
      case CategoricalParameter p -> message.setChoices(choices(p.values(), false));
      case OrdinalParameter p -> message.setChoices(choices(p.values(), true));
      case BooleanParameter p -> message.setBooleans(Booleans.getDefaultInstance());
      case ConstantParameter p -> message.setConstant(WireWriter.value(p.value()));
      case SimplexParameter p ->
          message.setWeights(
              Weights.newBuilder().addAllNames(p.weights()).addAllConcentration(p.concentration()));
      case ScheduleParameter p -> {
        ScheduleRange.Builder schedule = ScheduleRange.newBuilder().setForm(p.form().written());
        p.coefficients().forEach(coefficient -> schedule.addCoefficients(parameter(coefficient)));
        yield message.setSchedule(schedule);
      }
    };
  }

  private static Choices choices(List<Value> values, boolean ordered) {
    return Choices.newBuilder()
        .addAllValues(values.stream().map(WireWriter::value).toList())
        .setOrdered(ordered)
        .build();
  }
}
