package dev.rung.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final long FIRST = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(30);

  @Test
  void shouldDrawTheSameWaitsWhenSeedIsTheSame() {
    assertThat(waits(7, 40)).containsExactly(waits(7, 40));
    assertThat(waits(7, 40)).isNotEqualTo(waits(8, 40));
  }

  @Test
  void shouldStayBelowTheDoublingBoundWhenTriesFail() {
    for (long seed = 0; seed < 200; seed++) {
      long[] waits = waits(seed, 40);
      for (int i = 0; i < waits.length; i++) {
        long bound = Math.min(LONGEST, FIRST << Math.min(i / 4, 10));
        assertThat(waits[i]).isBetween(0L, bound);
      }
    }
  }

  @Test
  void shouldSpreadOverTheWholeBoundWhenDrawnOften() {
    // The mean of 4,000 uniform draws of 0 to 500 ms lies within 250 +- 10 ms (4 standard errors).
    double mean =
        LongStream.range(0, 4_000).map(seed -> waits(seed, 1)[0]).average().orElseThrow() / 1e6;
    assertThat(mean).isBetween(240.0, 260.0);
  }

  @Test
  void shouldBeginAgainWhenReset() {
    Backoff backoff = new Backoff(1, FIRST, LONGEST);
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.next()).isLessThanOrEqualTo(LONGEST);
    }
    backoff.reset();
    assertThat(backoff.next()).isLessThanOrEqualTo(FIRST);
  }

  private static long[] waits(long seed, int count) {
    Backoff backoff = new Backoff(seed, FIRST, LONGEST);
    return LongStream.range(0, count).map(i -> backoff.next()).toArray();
  }
}
