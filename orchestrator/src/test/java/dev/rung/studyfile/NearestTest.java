package dev.rung.studyfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> KEYS = List.of("trials", "parallel", "time", "target", "min");

  @Test
  void shouldCountEdits() {
    assertThat(Nearest.edits("", "abc")).isEqualTo(3);
    assertThat(Nearest.edits("same", "same")).isZero();
    // The textbook pair: k to s, e to i, and a g at the end.
    assertThat(Nearest.edits("kitten", "sitting")).isEqualTo(3);
    // One swap of neighbours, where plain Levenshtein counts two.
    assertThat(Nearest.edits("gaol", "goal")).isEqualTo(1);
    // Restricted: a swapped pair is not edited again, so not 2 (ac, then b between).
    assertThat(Nearest.edits("ca", "abc")).isEqualTo(3);
  }

  @Test
  void shouldFindTheNearestWord() {
    assertThat(Nearest.to("trails", KEYS)).contains("trials");
    assertThat(Nearest.to("PARALELL", KEYS)).contains("parallel");
    assertThat(Nearest.to("minimum", KEYS)).contains("min");
    assertThat(Nearest.to("tim", KEYS)).contains("time");
  }

  @Test
  void shouldFindNothingWhenNoWordIsNear() {
    assertThat(Nearest.to("colour", KEYS)).isEmpty();
    assertThat(Nearest.to("tt", KEYS)).isEmpty();
    assertThat(Nearest.to("m".repeat(65), KEYS)).isEmpty();
  }
}
