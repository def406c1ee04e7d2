package dev.rung.searcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rung.space.KeyedRandom;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class KernelTest {

  /** phi(0) = .3989423, Phi(.5) - Phi(-.5) = .3829249; phi(.5) = .3520653. */
  @Test
  void shouldHaveTheDensityOfATruncatedGaussian() {
    Kernel wide = new NormalKernel(0.5, 1);
    assertThat(density(wide, 0.5)).isCloseTo(1.0418290, within(1e-7));
    assertThat(density(wide, 0)).isCloseTo(0.9194108, within(1e-7));
    Kernel atTheEdge = new NormalKernel(0, 0.2);
    assertThat(density(atTheEdge, 0)).isCloseTo(3.9894251, within(1e-7));
    assertThat(density(atTheEdge, 0.2)).isCloseTo(2.4197086, within(1e-7));
    assertThat(density(atTheEdge, 1)).isCloseTo(1.4867204e-5, within(1e-12));
    assertThat(density(new NormalKernel(0.9, 0.1), 0.9)).isCloseTo(4.7417219, within(1e-7));
  }

  /**
   * Four values, the mean on the first: its part reaches from -.5 to .5 deviations, the next to
   * 1.5, to 2.5, to 3.5. Phi there: .3085375, .6914625, .9331928, .9937903, .9997674.
   */
  @Test
  void shouldGiveEachStepTheProbabilityOfItsPart() {
    Kernel kernel = new StepKernel(0.125, 0.25, 4);
    assertThat(density(kernel, 0.125) / 4).isCloseTo(0.5539763, within(1e-7));
    assertThat(density(kernel, 0.375) / 4).isCloseTo(0.3497105, within(1e-7));
    assertThat(density(kernel, 0.625) / 4).isCloseTo(0.0876663, within(1e-7));
    assertThat(density(kernel, 1) / 4).isCloseTo(0.0086470, within(1e-7));
  }

  /** One observation and a prior: (1 + 1/2) / (1 + 3/2) = .6 for what was observed, else .2. */
  @Test
  void shouldFavourTheObservedChoice() {
    Kernel kernel = new ChoiceKernel(0.5, 0.5, 3);
    assertThat(density(kernel, 1.0 / 6) / 3).isCloseTo(0.2, within(1e-12));
    assertThat(density(kernel, 0.5) / 3).isCloseTo(0.6, within(1e-12));
    assertThat(density(kernel, 1) / 3).isCloseTo(0.2, within(1e-12));
  }

  @Test
  void shouldHaveOneAsTheirIntegral() {
    for (Kernel kernel : kernels()) {
      double sum =
          DoubleStream.iterate(0.0005, x -> x < 1, x -> x + 0.001)
              .map(x -> density(kernel, x))
              .sum();
      assertThat(sum / 1_000).as(kernel.toString()).isCloseTo(1, within(1e-3));
    }
  }

  /** Of 20,000 draws the share below each tenth is within five deviations (.018) of what it is. */
  @Test
  void shouldDrawWithTheirDensity() {
    for (Kernel kernel : List.of(new NormalKernel(0.5, 1), new NormalKernel(0.05, 0.1))) {
      KeyedRandom random = KeyedRandom.stream(1, "test", 1);
      double[] draws = DoubleStream.generate(() -> kernel.sample(random)).limit(20_000).toArray();
      assertThat(Arrays.stream(draws).allMatch(x -> x >= 0 && x <= 1)).isTrue();
      for (double bound = 0.1; bound < 1; bound += 0.1) {
        double edge = bound;
        double expected =
            DoubleStream.iterate(0.0005, x -> x < edge, x -> x + 0.001)
                .map(x -> density(kernel, x) / 1_000)
                .sum();
        double share = Arrays.stream(draws).filter(x -> x < edge).count() / 20_000.0;
        assertThat(share).as("below %.1f", edge).isCloseTo(expected, within(0.018));
      }
    }
  }

  /** From tables of the normal distribution, and beyond them. */
  @Test
  void shouldCumulateTheNormalDistribution() {
    assertThat(Normal.cumulative(0)).isCloseTo(0.5, within(1e-12));
    assertThat(Normal.cumulative(1.001)).isCloseTo(0.841586595808, within(1e-12));
    assertThat(Normal.cumulative(-1.959963985)).isCloseTo(0.025, within(1e-10));
    assertThat(Normal.cumulative(-8.6)).isZero();
    assertThat(Normal.cumulative(8.6)).isEqualTo(1);
    double before = 0;
    for (double z = -8.6; z < 8.6; z += 0.0007) {
      double now = Normal.cumulative(z);
      assertThat(now).isGreaterThanOrEqualTo(before);
      before = now;
    }
  }

  /** The three quarters point of the Gaussian of (.5, 1) between 0 and 1. */
  @Test
  void shouldDrawByTheInverseOfTheirCumulation() {
    KeyedRandom random = KeyedRandom.stream(8, "test", 2);
    double u = KeyedRandom.stream(8, "test", 2).nextDouble();
    double x = new NormalKernel(0.5, 1).sample(random);
    double below =
        (Normal.cumulative(x - 0.5) - Normal.cumulative(-0.5))
            / (Normal.cumulative(0.5) - Normal.cumulative(-0.5));
    assertThat(below).isCloseTo(u, within(1e-12));
    assertThat(Normal.cumulative(0.7423131 - 0.5) - 0.5).isCloseTo(0.0957312, within(1e-6));
  }

  @Test
  void shouldDrawChoicesAsOftenAsTheyAreLikely() {
    Parts parts = Parts.of(new double[] {0.2, 0.6, 0.2});
    assertThat(parts.sample(0)).isEqualTo(0.5 / 3);
    assertThat(parts.sample(0.19)).isEqualTo(0.5 / 3);
    assertThat(parts.sample(0.2)).isEqualTo(1.5 / 3);
    assertThat(parts.sample(0.79)).isEqualTo(1.5 / 3);
    assertThat(parts.sample(0.81)).isEqualTo(2.5 / 3);
    assertThat(parts.sample(Math.nextDown(1.0))).isEqualTo(2.5 / 3);
  }

  private static List<Kernel> kernels() {
    return List.of(
        new UniformKernel(),
        new NormalKernel(0.5, 1),
        new NormalKernel(0.05, 0.1),
        new NormalKernel(1, 0.03),
        new StepKernel(0.3, 0.2, 5),
        new ChoiceKernel(0.7, 0.3, 4));
  }

  private static double density(Kernel kernel, double x) {
    return Math.exp(kernel.logDensity(x));
  }
}
