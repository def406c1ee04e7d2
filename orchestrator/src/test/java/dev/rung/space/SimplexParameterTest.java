package dev.rung.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import dev.rung.space.Value.ListValue;
import dev.rung.space.Value.StringValue;
import dev.rung.space.Value.WeightsValue;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SimplexParameterTest {
  private static final long SEED = Long.getLong("rung.simplex.seed", 5);
  private static final SimplexParameter LOSSES =
      new SimplexParameter("losses", List.of("ce", "kl", "l1"), List.of(1.0, 1.0, 1.0));

  static Stream<List<Double>> concentrations() {
    return Stream.of(
        List.of(1.0, 1.0),
        List.of(1.0, 1.0, 1.0),
        Collections.nCopies(20, 1.0),
        List.of(2.0, 2.0),
        List.of(5.0, 1.0, 0.5),
        List.of(0.1, 0.1, 0.1, 0.1),
        List.of(0.001, 0.001, 0.001),
        List.of(30.0, 2.0, 7.0),
        List.of(1000.0, 1000.0, 1000.0));
  }

  @ParameterizedTest
  @MethodSource("concentrations")
  void shouldComeBackToTheSameWeights(List<Double> concentration) {
    var p = new SimplexParameter("w", List.of(), concentration);
    KeyedRandom random = KeyedRandom.stream(SEED, "simplex", 0);
    for (int i = 0; i < 600; i++) {
      double[] point = point(random, concentration.size() - 1);
      // Every third coordinate is where the distribution hardly has any weight.
      point[0] = i % 3 == 0 ? point[0] * 1e-7 : i % 3 == 1 ? 1 - point[0] * 1e-7 : point[0];
      Value value = p.decode(point);
      assertThat(p.decode(p.encode(value))).as("seed %d, draw %d", SEED, i).isEqualTo(value);
      assertThat(exactSum(value)).isEqualByComparingTo(BigDecimal.ONE);
    }
  }

  @ParameterizedTest
  @MethodSource("concentrations")
  void shouldComeBackFromTheCornersOfTheCube(List<Double> concentration) {
    var p = new SimplexParameter("w", List.of(), concentration);
    for (double u : new double[] {0, 1}) {
      double[] point = new double[concentration.size() - 1];
      Arrays.fill(point, u);
      Value value = p.decode(point);
      assertThat(p.decode(p.encode(value))).isEqualTo(value);
    }
  }

  @Test
  void shouldComeBackToWeightsThatAPersonWrites() {
    for (List<Double> weights :
        List.of(
            List.of(0.2, 0.3, 0.5),
            List.of(0.98, 0.01, 0.01),
            List.of(0.0, 0.0, 1.0),
            List.of(1.0, 0.0, 0.0),
            List.of(0.0, 1.0, 0.0),
            List.of(1e-12, 1e-12, 0.999999999998))) {
      Value value = new WeightsValue(LOSSES.weights(), weights);
      assertThat(LOSSES.decode(LOSSES.encode(value))).isEqualTo(value);
    }
  }

  /**
   * The mean of weight i is a_i / A, its variance m (1 - m) / (A + 1), with A the sum (Johnson,
   * Kotz and Balakrishnan: Continuous Multivariate Distributions, section 49.1). For (5, 1, 0.5):
   * means 0.769, 0.154, 0.077, variances 0.02367, 0.01736, 0.00947.
   */
  @Test
  void shouldDrawFromTheDirichletDistribution() {
    var p = new SimplexParameter("w", List.of(), List.of(5.0, 1.0, 0.5));
    assertMoments(p, 0, 0.76923, 0.02367);
    assertMoments(p, 1, 0.15385, 0.01736);
    assertMoments(p, 2, 0.07692, 0.00947);
  }

  /** Of three weights that are equally likely each has mean 1/3 and variance 1/18. */
  @Test
  void shouldDrawWeightsEvenlyByDefault() {
    for (int i = 0; i < 3; i++) {
      assertMoments(LOSSES, i, 1 / 3.0, 1 / 18.0);
    }
  }

  /** Of two even weights the first is uniform: it is what the coordinate leaves. */
  @Test
  void shouldTakeLessTheLargerTheCoordinateIs() {
    var p = new SimplexParameter("w", List.of(), List.of(1.0, 1.0));
    assertThat(weights(p.decode(new double[] {0.25}))).containsExactly(0.75, 0.25);
    // Of Beta(2, 2) the median is 1/2 and P(X > 1/4) = 1 - 3/16 + 2/64 = 27/32.
    var two = new SimplexParameter("w", List.of(), List.of(2.0, 2.0));
    assertThat(weights(two.decode(new double[] {0.5}))).containsExactly(0.5, 0.5);
    assertThat(weights(two.decode(new double[] {27 / 32.0}))).containsExactly(0.25, 0.75);
    // Of three even weights P(first < x) = 1 - (1 - x)^2, and the rest is shared evenly.
    assertThat(weights(LOSSES.decode(new double[] {0.25, 0.4}))).containsExactly(0.5, 0.3, 0.2);
  }

  @Test
  void shouldNameItsCoordinates() {
    assertThat(LOSSES.dimensions())
        .containsExactly(
            new Dimension("losses.ce", Dimension.Kind.ORDERED, 0),
            new Dimension("losses.kl", Dimension.Kind.ORDERED, 0));
    assertThat(new SimplexParameter("w", List.of(), List.of(1.0, 2.0)).dimensions())
        .containsExactly(new Dimension("w[0]", Dimension.Kind.ORDERED, 0));
  }

  @Test
  void shouldReadAListOfNumbersWhoseSumIsOneButForRounding() {
    assertThat(LOSSES.read(list(0.3333333, 0.3333333, 0.3333333)))
        .isEqualTo(
            new WeightsValue(
                LOSSES.weights(), List.of(0.333333333333, 0.333333333334, 0.333333333333)));
    assertThat(LOSSES.read(list(0.2, 0.3, 0.5)))
        .isEqualTo(new WeightsValue(LOSSES.weights(), List.of(0.2, 0.3, 0.5)));
    assertThat(LOSSES.read(list(1, 0, 0)))
        .isEqualTo(new WeightsValue(LOSSES.weights(), List.of(1.0, 0.0, 0.0)));
    assertThat(
            LOSSES.read(
                new ListValue(List.of(new IntValue(0), new DoubleValue(0), new IntValue(1)))))
        .isEqualTo(new WeightsValue(LOSSES.weights(), List.of(0.0, 0.0, 1.0)));
  }

  @Test
  void shouldRefuseWhatIsNoWeights() {
    List<String> names = LOSSES.weights();
    for (Value value :
        List.of(
            new WeightsValue(names, List.of(0.5, 0.5)),
            new WeightsValue(names, List.of(0.5, 0.5, 0.5)),
            new WeightsValue(names, List.of(0.5, 0.6, 0.0)),
            new WeightsValue(names, List.of(-0.5, 1.0, 0.5)),
            new WeightsValue(names, List.of(Double.NaN, 0.5, 0.5)),
            new WeightsValue(names, List.of(0.2, 0.2, 0.2)),
            new WeightsValue(List.of("ce", "l1", "kl"), List.of(0.2, 0.3, 0.5)),
            new WeightsValue(List.of(), List.of(0.2, 0.3, 0.5)),
            new DoubleValue(1))) {
      assertThatThrownBy(() -> LOSSES.encode(value))
          .as(value.text())
          .hasMessageContaining("losses");
      assertThatThrownBy(() -> LOSSES.read(value)).as(value.text()).hasMessageContaining("losses");
    }
    Value texts = new ListValue(List.of(new StringValue("a"), new IntValue(0), new IntValue(1)));
    assertThatThrownBy(() -> LOSSES.read(texts)).hasMessageContaining("but came [a, 0, 1]");
    assertThatThrownBy(() -> LOSSES.read(list(0.2, 0.3, 0.49))).hasMessageContaining("0.49");
    assertThatThrownBy(() -> LOSSES.read(list(-0.2, 0.7, 0.5))).hasMessageContaining("-0.2");
    assertThatThrownBy(() -> LOSSES.read(list(0.5, 0.5))).hasMessageContaining("0.5");
  }

  /** Five standard errors of 20,000 draws; those of the variance are at most 3 of normal ones. */
  private static void assertMoments(SimplexParameter p, int weight, double mean, double variance) {
    int draws = 20_000;
    KeyedRandom random = KeyedRandom.stream(SEED, "moments", weight);
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < draws; i++) {
      double x = weights(p.decode(point(random, p.concentration().size() - 1))).get(weight);
      sum += x;
      squares += (x - mean) * (x - mean);
    }
    assertThat(sum / draws).isCloseTo(mean, within(5 * Math.sqrt(variance / draws)));
    assertThat(squares / draws).isCloseTo(variance, within(15 * variance * Math.sqrt(2.0 / draws)));
  }

  private static double[] point(KeyedRandom random, int size) {
    double[] point = new double[size];
    for (int i = 0; i < size; i++) {
      point[i] = random.nextDouble();
    }
    return point;
  }

  private static List<Double> weights(Value value) {
    return ((WeightsValue) value).weights();
  }

  /** Of the decimals that the weights are. */
  private static BigDecimal exactSum(Value value) {
    return weights(value).stream()
        .map(BigDecimal::valueOf)
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static ListValue list(double... numbers) {
    return new ListValue(Arrays.stream(numbers).mapToObj(x -> (Value) new DoubleValue(x)).toList());
  }
}
