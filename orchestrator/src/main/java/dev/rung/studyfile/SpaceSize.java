package dev.rung.studyfile;

import dev.rung.space.Parameter;
import dev.rung.space.Parameter.BooleanParameter;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.SearchSpace;
import java.util.OptionalLong;

/** Counts the distinct assignments of a space. */
final class SpaceSize {
  private SpaceSize() {}

  /** The number of distinct assignments; empty where it is endless or beyond 64 bits. */
  static OptionalLong of(SearchSpace space) {
    long size = 1;
    for (Parameter parameter : space.parameters()) {
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
      case BooleanParameter p -> 2;
    };
  }
}
