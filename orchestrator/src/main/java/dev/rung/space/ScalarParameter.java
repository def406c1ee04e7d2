package dev.rung.space;

import dev.rung.space.Parameter.BooleanParameter;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.Parameter.OrdinalParameter;
import java.util.List;

/** A parameter with one coordinate. */
public sealed interface ScalarParameter extends Parameter
    permits FloatParameter, IntParameter, CategoricalParameter, OrdinalParameter, BooleanParameter {

  /** What a model sees of it. */
  Dimension dimension();

  /**
   * The value at a point of the unit interval.
   *
   * @param u in [0, 1]
   */
  Value decode(double u);

  /**
   * The point of the unit interval that stands for a value.
   *
   * @throws IllegalArgumentException the value does not belong to this parameter
   */
  double coordinate(Value value);

  @Override
  default List<Dimension> dimensions() {
    return List.of(dimension());
  }

  @Override
  default Value decode(double[] point) {
    return decode(point[0]);
  }

  @Override
  default double[] encode(Value value) {
    return new double[] {coordinate(value)};
  }
}
