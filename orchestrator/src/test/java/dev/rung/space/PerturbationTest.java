package dev.rung.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import dev.rung.space.Parameter.BooleanParameter;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PerturbationTest {
  private static final boolean[] UP = {true};
  private static final boolean[] DOWN = {false};

  /** Ray's example: 2.0 becomes 2.4 or 1.6. */
  @Test
  void shouldMultiplyARealNumber() {
    FloatParameter p = new FloatParameter("x", 0.5, 100, true, 0);
    assertThat(real(p, 2.0, UP)).isCloseTo(2.4, offset(1e-12));
    assertThat(real(p, 2.0, DOWN)).isCloseTo(1.6, offset(1e-12));
    assertThat(real(p, 99, UP)).isEqualTo(100);
    assertThat(real(p, 0.5, DOWN)).isEqualTo(0.5);
  }

  @Test
  void shouldKeepToTheGridOfARealNumber() {
    FloatParameter p = new FloatParameter("x", 0, 1, false, 0.25);
    assertThat(real(p, 0.75, UP)).isEqualTo(1);
    assertThat(real(p, 1, DOWN)).isEqualTo(0.75);
  }

  /** Ray's example: 10 becomes 12 or 8. 2 becomes 3 or 1, since 2.4 and 1.6 are away from it. */
  @Test
  void shouldMultiplyAWholeNumberAndMoveIt() {
    IntParameter p = new IntParameter("n", 1, 100, false, 1);
    assertThat(whole(p, 10, UP)).isEqualTo(12);
    assertThat(whole(p, 10, DOWN)).isEqualTo(8);
    assertThat(whole(p, 2, UP)).isEqualTo(3);
    assertThat(whole(p, 2, DOWN)).isEqualTo(1);
    assertThat(whole(p, 1, DOWN)).isEqualTo(1);
    assertThat(whole(new IntParameter("n", 16, 250, false, 16), 32, UP)).isEqualTo(48);
    assertThat(whole(new IntParameter("n", 16, 250, false, 16), 240, UP)).isEqualTo(240);
  }

  /** A factor leaves 0 where it is. */
  @Test
  void shouldMoveZeroByATenthOfTheRange() {
    FloatParameter p = new FloatParameter("x", 0, 10, false, 0);
    assertThat(real(p, 0, UP)).isCloseTo(1, offset(1e-12));
  }

  /** Ray's example of the values 3, 4, 8 and 10: 4 becomes 3 or 8, 3 stays or becomes 4. */
  @Test
  void shouldGoToANeighbourInAList() {
    CategoricalParameter p =
        new CategoricalParameter(
            "c", List.of(new IntValue(3), new IntValue(4), new IntValue(8), new IntValue(10)));
    assertThat(listed(p, 4, UP)).isEqualTo(8);
    assertThat(listed(p, 4, DOWN)).isEqualTo(3);
    assertThat(listed(p, 3, DOWN)).isEqualTo(3);
    assertThat(listed(p, 3, UP)).isEqualTo(4);
    assertThat(listed(p, 10, UP)).isEqualTo(10);
  }

  @Test
  void shouldDrawAnewNowAndThen() {
    SearchSpace space =
        new SearchSpace(
            List.of(new FloatParameter("x", 1, 1000, true, 0), new BooleanParameter("b")));
    Assignment from = space.decode(new double[] {0.5, 0.2});
    double x = ((DoubleValue) from.values().get(0)).value();
    long nudged =
        IntStream.range(0, 4_000)
            .mapToObj(i -> Perturbation.of(space, from, KeyedRandom.stream(3, "explore", i)))
            .mapToDouble(a -> ((DoubleValue) a.values().get(0)).value() / x)
            .filter(ratio -> Math.abs(ratio - 1.2) < 1e-9 || Math.abs(ratio - 0.8) < 1e-9)
            .count();
    // Three quarters, and five standard deviations of such a count.
    assertThat(nudged).isBetween(3_000L - 137, 3_000L + 137);
  }

  @Test
  void shouldBeAFunctionOfItsRandomness() {
    SearchSpace space = new SearchSpace(List.of(new FloatParameter("x", 1, 1000, true, 0)));
    Assignment from = space.decode(new double[] {0.5});
    Set<Assignment> different =
        IntStream.range(0, 50)
            .mapToObj(i -> Perturbation.of(space, from, KeyedRandom.stream(3, "explore", i)))
            .collect(Collectors.toSet());
    assertThat(different).hasSizeGreaterThan(5);
    assertThat(Perturbation.of(space, from, KeyedRandom.stream(3, "explore", 1)))
        .isEqualTo(Perturbation.of(space, from, KeyedRandom.stream(3, "explore", 1)));
  }

  private static double real(FloatParameter p, double x, boolean[] up) {
    return ((DoubleValue) p.decode(Perturbation.nudge(p, new DoubleValue(x), up))).value();
  }

  private static long whole(IntParameter p, long x, boolean[] up) {
    return ((IntValue) p.decode(Perturbation.nudge(p, new IntValue(x), up))).value();
  }

  private static long listed(CategoricalParameter p, long x, boolean[] up) {
    return ((IntValue) p.decode(Perturbation.nudge(p, new IntValue(x), up))).value();
  }
}
