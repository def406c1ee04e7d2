package dev.rung.searcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.rung.space.Parameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.SearchSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SobolProposerTest {
  private static final long[] SEEDS = {0, 1, 2, -7, 20_261_124};

  /** Owen 1995: of the first 2^m points each interval of length 2^-m holds one, in each axis. */
  @Test
  void shouldPutOnePointIntoEachIntervalOfEachAxis() {
    for (long seed : SEEDS) {
      SobolProposer searcher = new SobolProposer(space(7), seed);
      double[][] points = points(searcher, 256);
      for (int axis = 0; axis < 7; axis++) {
        Set<Integer> intervals = new HashSet<>();
        for (double[] point : points) {
          intervals.add((int) (point[axis] * 256));
        }
        assertThat(intervals).as("axis %d of seed %d", axis, seed).hasSize(256);
      }
    }
  }

  /**
   * The first two axes of Sobol's sequence are a (0, 2)-sequence (Sobol 1967), and scrambling keeps
   * that: of the first 64 points each box of 2^-a by 2^-b with a + b = 6 holds one.
   */
  @Test
  void shouldPutOnePointIntoEachElementaryBox() {
    for (long seed : SEEDS) {
      double[][] points = points(new SobolProposer(space(2), seed), 64);
      for (int a = 0; a <= 6; a++) {
        Set<List<Integer>> boxes = new HashSet<>();
        for (double[] point : points) {
          boxes.add(List.of((int) (point[0] * (1 << a)), (int) (point[1] * (64 >> a))));
        }
        assertThat(boxes).as("boxes 2^-%d wide, seed %d", a, seed).hasSize(64);
      }
    }
  }

  /** The integral of x y over the unit square is 1/4; 1,024 random points miss it by about .007. */
  @Test
  void shouldIntegrateCloselyWhateverTheSeed() {
    for (long seed : SEEDS) {
      double mean =
          Arrays.stream(points(new SobolProposer(space(2), seed), 1_024))
              .mapToDouble(point -> point[0] * point[1])
              .average()
              .orElseThrow();
      assertThat(mean).as("seed %d", seed).isCloseTo(0.25, within(0.001));
    }
  }

  @Test
  void shouldAnswerByTheSeedAndTheTrialAlone() {
    SobolProposer searcher = new SobolProposer(space(3), 5);
    double[] third = searcher.point(3);
    searcher.point(1);
    assertThat(searcher.point(3)).containsExactly(third);
    assertThat(new SobolProposer(space(3), 6).point(3)).isNotEqualTo(third);
    assertThat(searcher.proposals(3).findFirst()).contains(space(3).decode(third));
  }

  /** Each axis is scrambled by a key of its own: otherwise equal digits stay equal. */
  @Test
  void shouldScrambleEachAxisOnItsOwn() {
    // Unscrambled, the first point is the origin and the second the centre, on every axis.
    double[] first = new SobolProposer(space(8), 3).point(1);
    assertThat(Arrays.stream(first).distinct().count()).isEqualTo(8);
    double[] second = new SobolProposer(space(8), 3).point(2);
    for (int axis = 0; axis < 8; axis++) {
      assertThat(first[axis] < 0.5).as("axis %d", axis).isNotEqualTo(second[axis] < 0.5);
    }
  }

  @Test
  void shouldTakeAThousandParametersAndSayThatMoreAreTooMany() {
    double[] point = new SobolProposer(space(1_000), 1).point(77);
    assertThat(Arrays.stream(point).allMatch(x -> x >= 0 && x < 1)).isTrue();
    assertThatThrownBy(() -> new SobolProposer(space(1_001), 1))
        .hasMessage("expected at most 1000 coordinates, but came 1001");
  }

  private static double[][] points(SobolProposer searcher, int count) {
    return IntStream.rangeClosed(1, count).mapToObj(searcher::point).toArray(double[][]::new);
  }

  private static SearchSpace space(int parameters) {
    List<Parameter> all = new ArrayList<>();
    for (int i = 0; i < parameters; i++) {
      all.add(new FloatParameter("x" + i, 0, 1, false, 0));
    }
    return new SearchSpace(all);
  }
}
