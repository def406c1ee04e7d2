package dev.rung.studyfile;

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
import java.util.List;
import java.util.OptionalLong;

/** Counts the distinct assignments of a space. */
final class SpaceSize {
  private SpaceSize() {}

  /**
   * The number of distinct assignments that are allowed; empty where it is endless, beyond 64 bits,
   * or, with conditions, too dear to count.
   */
  static OptionalLong of(SearchSpace space) {
    return space.conditions().isEmpty() && space.forbidden().isEmpty()
        ? product(space.parameters())
        : AllPoints.of(space)
            .map(points ->
                OptionalLong.of(
                    points.map(space::decode).filter(space::isAllowed).distinct().count()))
            .orElse(OptionalLong.empty());
  }

  private static OptionalLong product(List<Parameter> parameters) {
    long size = 1;
    for (Parameter parameter : parameters) {
      long values = values(parameter);
      if (values == 0 || Math.multiplyHigh(size, values) != 0 || size * values < 0) {
        return OptionalLong.empty();
      }
      size *= values;
    }
    return OptionalLong.of(size);
  }

  /** The number of values; 0 where it is endless. */
  private static long values(Parameter parameter) {
    return switch (parameter) {
      case IntParameter p -> (p.max() - p.min()) / p.step() + 1;
      case FloatParameter p when p.min() == p.max() -> 1;
      case FloatParameter p when p.step() > 0 -> Math.round((p.max() - p.min()) / p.step()) + 1;
      case FloatParameter p -> 0;
      case CategoricalParameter p -> p.values().size();
      case OrdinalParameter p -> p.values().size();
      case BooleanParameter p -> 2;
      case ConstantParameter p -> 1;
      case SimplexParameter p -> 0;
      case ScheduleParameter p -> product(p.coefficients()).orElse(0);
    };
  }
}
