package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SplitMix64Test {

  /** The vector that Rosetta Code gives for splitmix64 with seed 1234567. */
  @Test
  void shouldGiveThePublishedNumbers() {
    SplitMix64 random = new SplitMix64(1234567);

    assertThat(LongStream.generate(random::next).limit(5).mapToObj(Long::toUnsignedString))
        .containsExactly(
            "6457827717110365317",
            "3203168211198807973",
            "9817491932198370423",
            "4593380528125082431",
            "16408922859458223821");
  }

  /** The JDK's SplittableRandom is the same algorithm, by one of its authors. */
  @Test
  void shouldAgreeWithTheJdkWhenKeyed() {
    SplittableRandom jdk = new SplittableRandom(-5);

    for (int key = 0; key < 100; key++) {
      assertThat(SplitMix64.mix(-5, key)).isEqualTo(jdk.nextLong());
    }
  }

  @Test
  void shouldPermuteEveryNumberOnce() {
    int[] order = new SplitMix64(3).permutation(1000);

    assertThat(order).isNotEqualTo(IntStream.range(0, 1000).toArray());
    Arrays.sort(order);
    assertThat(order).isEqualTo(IntStream.range(0, 1000).toArray());
  }

  /**
   * 3! = 6 orders, each expected 1,000 times; 5 standard deviations are 5 sqrt(6000/6 * 5/6) = 144.
   */
  @Test
  void shouldGiveEveryOrderEquallyOften() {
    int[] times = new int[6];
    SplitMix64 random = new SplitMix64(11);
    for (int i = 0; i < 6000; i++) {
      int[] order = random.permutation(3);
      times[order[0] * 2 + (order[1] > order[2] ? 1 : 0)]++;
    }

    assertThat(Arrays.stream(times).boxed()).allSatisfy(n -> assertThat(n).isBetween(856, 1144));
  }
}
