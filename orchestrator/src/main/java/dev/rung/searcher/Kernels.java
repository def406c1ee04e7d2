package dev.rung.searcher;

import dev.rung.space.Dimension;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes the kernels around observed points, each of which stands for its neighbourhood as the kind
 * of its coordinate has one.
 */
final class Kernels {
  /** Values of an ordered coordinate above which its parts are too narrow to matter. */
  private static final int MOST_STEPS = 100;

  private final List<Dimension> dimensions;
  private final double deviation;
  private final double smoothing;
  private final List<Kernel> priors;
  private final List<Map<Double, Kernel>> steps = new ArrayList<>();

  /**
   * A maker.
   *
   * @param deviation of the Gaussians around points of ordered coordinates
   * @param smoothing of unordered ones, as {@link ChoiceKernel} has it
   * @param priors for the coordinates of a point that are not active
   */
  Kernels(List<Dimension> dimensions, double deviation, double smoothing, List<Kernel> priors) {
    this.dimensions = dimensions;
    this.deviation = deviation;
    this.smoothing = smoothing;
    this.priors = priors;
    dimensions.forEach(dimension -> steps.add(new HashMap<>()));
  }

  /** The kernels around a point. */
  Kernel[] around(double[] point) {
    Kernel[] kernels = new Kernel[point.length];
    for (int i = 0; i < point.length; i++) {
      kernels[i] = around(i, point[i]);
    }
    return kernels;
  }

  private Kernel around(int i, double x) {
    if (Double.isNaN(x)) {
      return priors.get(i);
    }
    int values = dimensions.get(i).values();
    return switch (dimensions.get(i).kind()) {
      case UNORDERED ->
          steps.get(i).computeIfAbsent(x, y -> new ChoiceKernel(y, smoothing, values));
      case ORDERED ->
          hasSteps(dimensions.get(i))
              ? steps.get(i).computeIfAbsent(x, y -> new StepKernel(y, deviation, values))
              : new NormalKernel(x, deviation);
    };
  }

  /** Kernels of density 1. */
  static List<Kernel> uniform(List<Dimension> dimensions) {
    return dimensions.stream().<Kernel>map(dimension -> new UniformKernel()).toList();
  }

  /** A Gaussian as wide as the coordinate in its middle; where there is no order, density 1. */
  static List<Kernel> wide(List<Dimension> dimensions) {
    return dimensions.stream()
        .<Kernel>map(dimension ->
            switch (dimension.kind()) {
              case UNORDERED -> new UniformKernel();
              case ORDERED ->
                  hasSteps(dimension)
                      ? new StepKernel(0.5, 1, dimension.values())
                      : new NormalKernel(0.5, 1);
            })
        .toList();
  }

  private static boolean hasSteps(Dimension dimension) {
    return dimension.values() > 0 && dimension.values() <= MOST_STEPS;
  }
}
