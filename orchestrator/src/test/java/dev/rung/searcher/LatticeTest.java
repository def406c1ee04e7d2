package dev.rung.searcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.space.Parameter;
import dev.rung.space.Parameter.BooleanParameter;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value.StringValue;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatticeTest {
  private static final Parameter LR = new FloatParameter("lr", 1e-4, 1, true, 0);
  private static final Parameter BIAS = new BooleanParameter("bias");
  private static final Parameter RATE = new FloatParameter("rate", 0, 0.5, false, 0.25);

  @Test
  void shouldHoldEveryCombinationOnce() {
    Lattice lattice = Lattice.of(new SearchSpace(List.of(BIAS, RATE))).orElseThrow();
    assertThat(texts(lattice))
        .containsExactly(
            "false 0.0", "false 0.25", "false 0.5", "true 0.0", "true 0.25", "true 0.5");
  }

  /** Whole numbers on a logarithmic scale have unequal parts of it, and are as finite as others. */
  @Test
  void shouldCountWholeNumbersOnALogarithmicScale() {
    SearchSpace space = new SearchSpace(List.of(new IntParameter("units", 1, 4, true, 1)));
    assertThat(texts(Lattice.of(space).orElseThrow())).containsExactly("1", "2", "3", "4");
  }

  @Test
  void shouldBeEndlessWithARealNumberAndCountOneThatCannotVary() {
    assertThat(Lattice.of(new SearchSpace(List.of(BIAS, LR)))).isEmpty();
    SearchSpace still = new SearchSpace(List.of(BIAS, new FloatParameter("still", 2, 2, false, 0)));
    assertThat(texts(Lattice.of(still).orElseThrow())).containsExactly("false 2.0", "true 2.0");
  }

  /** 1,048,576 points are 2^20. */
  @Test
  void shouldCountAsEndlessFromMoreThanAMillionPointsOn() {
    assertThat(Lattice.of(bits(20)).orElseThrow().size()).isEqualTo(1_048_576);
    assertThat(Lattice.of(bits(21))).isEmpty();
    assertThat(Lattice.of(bits(256))).isEmpty();
    IntParameter wide = new IntParameter("wide", 0, 2_000_000, false, 1);
    assertThat(Lattice.of(new SearchSpace(List.of(wide)))).isEmpty();
  }

  /** Equal ratios on a logarithmic scale: 1e-4 to 1 in five points. */
  @Test
  void shouldTakePointsOfARealNumberFromBoundToBound() {
    Lattice grid = Lattice.grid(new SearchSpace(List.of(BIAS, LR)), OptionalInt.of(5));
    assertThat(grid.size()).isEqualTo(10);
    assertThat(texts(grid).subList(0, 5))
        .satisfiesExactly(
            text -> assertThat(text).isEqualTo("false 1.0E-4"),
            text -> assertThat(text).startsWith("false 0.00"),
            text -> assertThat(text).startsWith("false 0.01"),
            text -> assertThat(text).startsWith("false 0.1"),
            text -> assertThat(text).isEqualTo("false 1.0"));
  }

  @Test
  void shouldThinOrderedValuesAndNeverChoices() {
    SearchSpace space =
        new SearchSpace(
            List.of(
                new IntParameter("width", 10, 20, false, 1),
                new CategoricalParameter(
                    "kind",
                    List.of(new StringValue("a"), new StringValue("b"), new StringValue("c")))));
    assertThat(texts(Lattice.grid(space, OptionalInt.of(2))))
        .containsExactly("10 a", "10 b", "10 c", "20 a", "20 b", "20 c");
    assertThat(Lattice.grid(space, OptionalInt.of(1)).size()).isEqualTo(3);
    assertThat(Lattice.grid(space, OptionalInt.of(11)).size()).isEqualTo(33);
  }

  @Test
  void shouldRefuseAGridOfTooManyPoints() {
    assertThatThrownBy(() -> Lattice.grid(bits(21), OptionalInt.of(3)))
        .hasMessage("expected a grid of at most 1,048,576 points, but this one has more");
  }

  @Test
  void shouldOrderAllPointsBySeed() {
    Lattice lattice = Lattice.of(bits(7)).orElseThrow();
    int[] order = lattice.shuffled(3);
    assertThat(Arrays.stream(order).sorted().toArray())
        .isEqualTo(IntStream.range(0, 128).toArray());
    assertThat(lattice.shuffled(3)).containsExactly(order);
    assertThat(lattice.shuffled(4)).isNotEqualTo(order);
    // Every axis has both its values among the first eight: by chance it has not with 2^-7 each.
    for (int bit = 0; bit < 7; bit++) {
      int mask = 1 << bit;
      assertThat(Arrays.stream(order).limit(8).map(index -> index & mask).distinct().count())
          .as("axis %d", bit)
          .isEqualTo(2);
    }
  }

  private static List<String> texts(Lattice lattice) {
    return IntStream.range(0, lattice.size())
        .mapToObj(lattice::at)
        .map(a -> String.join(" ", a.values().stream().map(value -> value.text()).toList()))
        .toList();
  }

  private static SearchSpace bits(int count) {
    return new SearchSpace(
        IntStream.range(0, count).<Parameter>mapToObj(i -> new BooleanParameter("b" + i)).toList());
  }
}
