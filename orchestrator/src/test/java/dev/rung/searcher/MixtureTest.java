package dev.rung.searcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rung.space.Dimension;
import dev.rung.space.Dimension.Kind;
import dev.rung.space.KeyedRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

class MixtureTest {
  private static final List<Dimension> DIMENSIONS =
      List.of(new Dimension("x", Kind.ORDERED, 0), new Dimension("kind", Kind.UNORDERED, 3));

  /**
   * One observation at (0.2, the second of three) of deviation 1/3 and the prior, half each. At
   * (0.2, second): 0.5 * 1.6591 * 0.6 * 3 + 0.5 * 0.9964; at (0.8, first): 0.5 * 0.3283 * 0.2 * 3 +
   * 0.5 * 0.9964.
   */
  @Test
  void shouldMultiplyCoordinatesAndAddComponents() {
    Mixture mixture = mixture(new double[] {0.2, 0.5});
    assertThat(mixture.logDensity(new double[] {0.2, 0.5})).isCloseTo(0.6927150, within(1e-7));
    assertThat(mixture.logDensity(new double[] {0.8, 0.1})).isCloseTo(-0.5158085, within(1e-7));
  }

  /** What is not active adds nothing: log of the mean of 1.8 and 1 is left of the choice alone. */
  @Test
  void shouldLeaveOutWhatIsNotActive() {
    Mixture mixture = mixture(new double[] {0.2, 0.5});
    assertThat(mixture.logDensity(new double[] {Double.NaN, 0.5}))
        .isCloseTo(Math.log(1.4), within(1e-12));
    assertThat(mixture.logDensity(new double[] {Double.NaN, Double.NaN}))
        .isCloseTo(0, within(1e-12));
  }

  /** An observation without a coordinate believes of it what was believed before. */
  @Test
  void shouldFallBackOnThePriorWhereAnObservationIsNotActive() {
    Mixture mixture = mixture(new double[] {Double.NaN, 0.5});
    double prior = Math.exp(new NormalKernel(0.5, 1).logDensity(0.1));
    assertThat(mixture.logDensity(new double[] {0.1, 0.5}))
        .isCloseTo(Math.log(prior * 1.4), within(1e-12));
    double[] sample = mixture.sample(KeyedRandom.stream(1, "test", 1));
    assertThat(sample[0]).isBetween(0.0, 1.0);
  }

  /** Weights 3 and 1: a quarter of the draws come from the second component. */
  @Test
  void shouldDrawComponentsByWeight() {
    Kernel[] low = {new NormalKernel(0.1, 0.01)};
    Kernel[] high = {new NormalKernel(0.9, 0.01)};
    Mixture mixture = new Mixture(List.of(low, high), new double[] {3, 1});
    KeyedRandom random = KeyedRandom.stream(4, "test", 1);
    int fromHigh = 0;
    for (int i = 0; i < 10_000; i++) {
      fromHigh += mixture.sample(random)[0] > 0.5 ? 1 : 0;
    }
    assertThat(fromHigh).isBetween(2_280, 2_720);
    assertThat(mixture.logDensity(new double[] {0.1}))
        .isCloseTo(Math.log(0.75 * 39.894228), within(1e-6));
  }

  private static Mixture mixture(double[] observed) {
    List<Kernel> priors = Kernels.wide(DIMENSIONS);
    Kernels kernels = new Kernels(DIMENSIONS, 1.0 / 3, 0.5, priors);
    return new Mixture(
        List.of(kernels.around(observed), priors.toArray(Kernel[]::new)), new double[] {1, 1});
  }
}
