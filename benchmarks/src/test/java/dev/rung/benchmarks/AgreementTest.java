package dev.rung.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What peers/agreement.py, which needs no package, takes for the same. */
class AgreementTest {

  @Test
  void shouldAllowTenthOfOwn() throws Exception {
    assertThat(agree("(20, 22), (20, 18), (20, 22.1), (20, 17.9)"))
        .containsExactly("True", "True", "False", "False");
  }

  @Test
  void shouldTakeNothingForTheSameAsNothing() throws Exception {
    assertThat(agree("(0, 0), (0, 0.01), (0.01, 0)")).containsExactly("True", "False", "False");
  }

  @Test
  void shouldNotAgreeWithInfinity() throws Exception {
    assertThat(agree("(inf, inf), (1, inf)")).containsExactly("False", "False");
  }

  /** Regrets: (1 + 3) / 2 and (2 + 4) / 2. Points: 10 and 10.5, of which the ratio is 1.05. */
  @Test
  void shouldCompareMeansOverSeeds() throws Exception {
    List<String> lines =
        python(
            """
            found, whole = lines("asha",
                [{"regret": 1, "points": 9}, {"regret": 3, "points": 11}],
                [{"regret": 2, "points": 10}, {"regret": 4, "points": 11}])
            print(*found, whole, sep="\\n")
            """);

    assertThat(lines.get(0).split(" +"))
        .containsExactly("asha", "regret", "2", "3", "1.500", "DIFFERS");
    assertThat(lines.get(1).split(" +")).containsExactly("asha", "points", "10", "10.5", "1.050");
    assertThat(lines.get(2)).isEqualTo("False");
  }

  private static List<String> agree(String pairs) throws Exception {
    return python("for pair in [%s]: print(agree(*pair))".formatted(pairs));
  }

  private static List<String> python(String text) throws Exception {
    return PeerScripts.python("-c", "from agreement import *\n" + text);
  }
}
