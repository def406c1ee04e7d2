package dev.rung.space;

import dev.rung.space.Dimension.Kind;
import dev.rung.space.Value.ListValue;
import dev.rung.space.Value.WeightsValue;
import java.util.ArrayList;
import java.util.List;

/**
 * Weights of several things that sum to 1, for instance of the terms of a loss. Uniform points of
 * the cube give the Dirichlet distribution by stick breaking: weight i takes a share of what the
 * weights before it left, and that share has the distribution Beta(a_i, a_(i+1) + ... + a_n)
 * (Sethuraman: A constructive definition of Dirichlet priors, Statistica Sinica 4, 1994; for
 * finitely many weights, Connor and Mosimann, JASA 64, 1969). So n weights have n - 1 coordinates.
 * The larger a coordinate, the smaller its weight.
 *
 * <p>Weights are whole multiples of 10^-12, and as such they sum to exactly 1.
 *
 * @param weights distinct names, in order; empty where the weights have none
 * @param concentration of the Dirichlet distribution, at least two numbers above 0, one a weight;
 *     all 1: all weights that sum to 1 are equally likely
 */
public record SimplexParameter(String name, List<String> weights, List<Double> concentration)
    implements Parameter {
  private static final long UNITS = 1_000_000_000_000L;

  /** How far from 1 the sum of written weights may be; they are scaled then. */
  private static final double TOLERANCE = 1e-6;

  /** Copies the names and the concentration. */
  public SimplexParameter {
    weights = List.copyOf(weights);
    concentration = List.copyOf(concentration);
  }

  @Override
  public List<Dimension> dimensions() {
    List<Dimension> dimensions = new ArrayList<>();
    for (int i = 0; i < concentration.size() - 1; i++) {
      String weight = weights.isEmpty() ? "[" + i + "]" : "." + weights.get(i);
      dimensions.add(new Dimension(name + weight, Kind.ORDERED, 0));
    }
    return dimensions;
  }

  @Override
  public Value decode(double[] point) {
    List<Double> decoded = new ArrayList<>(concentration.size());
    long left = UNITS;
    for (int i = 0; i < concentration.size() - 1; i++) {
      long rest = Math.round(left * share(i).rest(point[i]));
      decoded.add(weight(left - rest));
      left = rest;
    }
    decoded.add(weight(left));
    return new WeightsValue(weights, decoded);
  }

  @Override
  public double[] encode(Value value) {
    if (!(value instanceof WeightsValue(List<String> names, List<Double> numbers))
        || !names.equals(weights)
        || numbers.size() != concentration.size()) {
      throw Parameter.foreign(this, value);
    }
    long left = UNITS;
    double[] point = new double[concentration.size() - 1];
    for (int i = 0; i < numbers.size(); i++) {
      double weight = numbers.get(i);
      if (!(weight >= 0 && weight <= 1)) {
        throw Parameter.foreign(this, value);
      }
      long rest = left - Math.round(weight * UNITS);
      if (i < point.length && rest >= 0) {
        // Nothing left can be shared in any way.
        point[i] = left == 0 ? 0.5 : share(i).coordinate((double) rest / left);
      }
      left = rest;
    }
    if (left != 0) {
      throw Parameter.foreign(this, value);
    }
    return point;
  }

  /** Takes a list of numbers too, and scales numbers whose sum is 1 but for their rounding. */
  @Override
  public Value read(Value written) {
    List<Double> numbers =
        switch (written) {
          case WeightsValue(List<String> names, List<Double> values) when names.equals(weights) ->
              values;
          case ListValue(List<Value> values) ->
              values.stream().map(v -> number(written, v)).toList();
          case Value other -> throw Parameter.foreign(this, other);
        };
    double sum = numbers.stream().mapToDouble(Double::doubleValue).sum();
    if (!(Math.abs(sum - 1) <= TOLERANCE) || numbers.stream().anyMatch(x -> x < 0)) {
      throw Parameter.foreign(this, written);
    }
    List<Double> scaled = new ArrayList<>();
    long left = UNITS;
    double before = sum;
    for (double number : numbers) {
      // A share of what is left, so that the last weight takes all of it.
      long units = before > 0 ? Math.round(left * Math.min(1, number / before)) : 0;
      scaled.add(weight(units));
      left -= units;
      before -= number;
    }
    Value value = new WeightsValue(weights, scaled);
    double[] unused = encode(value);
    return value;
  }

  private double number(Value written, Value element) {
    return element.number().orElseThrow(() -> Parameter.foreign(this, written));
  }

  private BetaShare share(int weight) {
    double others =
        concentration.subList(weight + 1, concentration.size()).stream()
            .mapToDouble(Double::doubleValue)
            .sum();
    return new BetaShare(concentration.get(weight), others);
  }

  private static double weight(long units) {
    return (double) units / UNITS;
  }
}
