package dev.rung.space;

import java.util.ArrayList;
import java.util.List;

/**
 * The parameters that a study searches.
 *
 * @param parameters at least one, in the order of the study file, with distinct names
 */
public record SearchSpace(List<Parameter> parameters) {

  /** Copies the parameters. */
  public SearchSpace {
    parameters = List.copyOf(parameters);
  }

  /** The coordinates of the unit cube, those of a parameter together, in the order of the space. */
  public List<Dimension> dimensions() {
    return parameters.stream().map(Parameter::dimension).toList();
  }

  /**
   * The assignment at a point of the unit cube.
   *
   * @param point a coordinate in [0, 1] for each dimension
   */
  public Assignment decode(double[] point) {
    List<Value> values = new ArrayList<>(parameters.size());
    for (int i = 0; i < parameters.size(); i++) {
      values.add(parameters.get(i).decode(point[i]));
    }
    return new Assignment(values);
  }

  /**
   * A point of the unit cube that {@link #decode} maps to the assignment.
   *
   * @throws IllegalArgumentException a value does not belong to its parameter
   */
  public double[] encode(Assignment assignment) {
    double[] point = new double[parameters.size()];
    for (int i = 0; i < point.length; i++) {
      point[i] = parameters.get(i).encode(assignment.values().get(i));
    }
    return point;
  }
}
