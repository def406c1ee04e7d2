package dev.rung.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** The one median of runs. */
final class SpreadTest {
  private static final double INFINITE = Double.POSITIVE_INFINITY;

  @Test
  void shouldBeTheMiddleOneOrTheMeanOfTheMiddleTwo() {
    assertThat(Spread.of(DoubleStream.of(5, 1, 3))).isEqualTo(new Spread(3, 1, 5));
    assertThat(Spread.of(DoubleStream.of(5, 1, 3, 4))).isEqualTo(new Spread(3.5, 1, 5));
  }

  @Test
  void shouldLeaveOutRunsThatHaveNoValue() {
    assertThat(Spread.of(DoubleStream.of(5, Double.NaN, 1))).isEqualTo(new Spread(3, 1, 5));
    assertThat(Spread.of(DoubleStream.of(Double.NaN)))
        .isEqualTo(new Spread(Double.NaN, Double.NaN, Double.NaN));
    assertThat(Spread.of(DoubleStream.of(INFINITE, INFINITE, 1, 2)))
        .isEqualTo(new Spread(INFINITE, 1, INFINITE));
  }
}
