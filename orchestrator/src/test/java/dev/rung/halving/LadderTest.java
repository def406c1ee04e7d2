package dev.rung.halving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LadderTest {

  /**
   * Levels r * eta^k below R, then R. The second and third are where int(log(R) / log(eta)) in
   * floating point loses the top rung; (3, 9, 3) and (100, 900, 3) are those of Determined's
   * makeRungs, the last ones those of Syne Tune's levels with R = 200 and of R = 56.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | 27 | 3 | 1 3 9 27",
        "1 | 243 | 3 | 1 3 9 27 81 243",
        "1 | 59049 | 3 | 1 3 9 27 81 243 729 2187 6561 19683 59049",
        "10 | 1000 | 10 | 10 100 1000",
        "3 | 9 | 3 | 3 9",
        "100 | 900 | 3 | 100 300 900",
        "1 | 10 | 2 | 1 2 4 8 10",
        "1 | 256 | 4 | 1 4 16 64 256",
        "1 | 200 | 3 | 1 3 9 27 81 200",
        "1 | 56 | 3 | 1 3 9 27 56",
        "1 | 28 | 3 | 1 3 9 27 28",
        "1 | 26 | 3 | 1 3 9 26",
        "1 | 2 | 3 | 1 2",
        "1 | 1 | 3 | 1",
        "7 | 7 | 2 | 7",
        "9223372036854775807 | 9223372036854775807 | 2 | 9223372036854775807",
        "4611686018427387903 | 9223372036854775807 | 2 "
            + "| 4611686018427387903 9223372036854775806 9223372036854775807",
        "4611686018427387904 | 9223372036854775807 | 2 | 4611686018427387904 9223372036854775807",
        "3074457345618258603 | 9223372036854775807 | 3 | 3074457345618258603 9223372036854775807",
      })
  void shouldMultiplyTheFirstLevelUpToTheLast(long min, long max, int eta, String levels) {
    List<Long> expected = List.of(levels.split(" ")).stream().map(Long::valueOf).toList();
    assertThat(Ladder.geometric(min, max, eta)).isEqualTo(new Ladder(1, expected));
  }

  @ParameterizedTest
  @CsvSource({"0, 9, 3", "-1, 9, 3", "10, 9, 3", "1, 9, 1", "1, 9, 0"})
  void shouldSayWhatItExpectedWhenALadderIsImpossible(long min, long max, int eta) {
    assertThatThrownBy(() -> Ladder.geometric(min, max, eta))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "expected 1 <= min <= max and eta >= 2, but came min %d, max %d, eta %d"
                .formatted(min, max, eta));
  }

  @ParameterizedTest
  @CsvSource({
    "0, -1",
    "1, 0",
    "2, 0",
    "3, 1",
    "8, 1",
    "9, 2",
    "26, 2",
    "27, 3",
    "28, 3",
    "9223372036854775807, 3"
  })
  void shouldFindTheHighestRungThatAStepReached(long step, int rung) {
    assertThat(Ladder.geometric(1, 27, 3).reached(step)).isEqualTo(rung);
  }

  @Test
  void shouldKnowItsTop() {
    Ladder ladder = Ladder.geometric(1, 27, 3);
    assertThat(ladder.size()).isEqualTo(4);
    assertThat(ladder.top()).isEqualTo(3);
    assertThat(ladder.level(ladder.top())).isEqualTo(27);
  }

  @Test
  void shouldRefuseLevelsThatDoNotRise() {
    assertThatThrownBy(() -> new Ladder(1, List.of(1L, 3L, 3L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected rising levels, but came [1, 3, 3]");
    assertThatThrownBy(() -> new Ladder(1, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected at least one level, but came none");
  }
}
