package dev.rung.space;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyedRandomTest {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  /** The outputs of SplitMix64 from state 1234567 that its ports are tested with. */
  private static final String[] FROM_1234567 = {
    "6457827717110365317",
    "3203168211198807973",
    "9817491932198370423",
    "4593380528125082431",
    "16408922859458223821"
  };

  @Test
  void shouldMixAsSplitMix64Does() {
    for (int i = 0; i < FROM_1234567.length; i++) {
      long mixed = KeyedRandom.mix(1234567 + (i + 1) * GOLDEN_GAMMA);
      assertThat(Long.toUnsignedString(mixed)).isEqualTo(FROM_1234567[i]);
    }
  }

  /** A stream is SplitMix64 from a state of its own: what is mixed grows by the golden gamma. */
  @Test
  void shouldAdvanceByTheGoldenGamma() {
    KeyedRandom random = KeyedRandom.stream(5, "test", 3);
    long before = unmix(random.nextLong());
    for (int i = 0; i < 100; i++) {
      long after = unmix(random.nextLong());
      assertThat(after - before).isEqualTo(GOLDEN_GAMMA);
      before = after;
    }
  }

  /**
   * Stored studies go on with the same numbers, so these may never change. Computed apart, with
   * Python's whole numbers, from the definition of the key.
   */
  @Test
  void shouldGiveTheSameNumbersForeverForAKey() {
    KeyedRandom random = KeyedRandom.stream(42, "random", 7);
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("14276142707254176963");
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("17394535687501665061");
    assertThat(random.nextDouble()).isEqualTo((2832016059355051803L >>> 11) / 9007199254740992.0);
  }

  @Test
  void shouldDifferInEveryPartOfTheKey() {
    long base = KeyedRandom.stream(1, "a", 1).nextLong();
    assertThat(KeyedRandom.stream(2, "a", 1).nextLong()).isNotEqualTo(base);
    assertThat(KeyedRandom.stream(1, "b", 1).nextLong()).isNotEqualTo(base);
    assertThat(KeyedRandom.stream(1, "a", 2).nextLong()).isNotEqualTo(base);
    assertThat(KeyedRandom.stream(1, "a", 1).nextLong()).isEqualTo(base);
  }

  /**
   * 100,000 draws in 10 bins: each is binomial with mean 10,000 and standard deviation sqrt(100,000
   * * 0.1 * 0.9) = 94.9, so that 5 of these are 475.
   */
  @Test
  void shouldDrawEvenlyBelowABound() {
    int[] counts = new int[10];
    for (int trial = 0; trial < 10_000; trial++) {
      KeyedRandom random = KeyedRandom.stream(3, "even", trial);
      for (int i = 0; i < 10; i++) {
        counts[random.nextInt(10)]++;
      }
    }
    for (int count : counts) {
      assertThat(count).isBetween(10_000 - 475, 10_000 + 475);
    }
  }

  @Test
  void shouldStayInTheUnitInterval() {
    KeyedRandom random = KeyedRandom.stream(9, "unit", 0);
    for (int i = 0; i < 10_000; i++) {
      assertThat(random.nextDouble()).isGreaterThanOrEqualTo(0).isLessThan(1);
    }
  }

  /** Undoes {@link KeyedRandom#mix}; the factors are the inverses modulo 2^64. */
  private static long unmix(long mixed) {
    long z = unshift(mixed, 31) * 0x319642b2d24d8ec3L;
    z = unshift(z, 27) * 0x96de1b173f119089L;
    return unshift(z, 30);
  }

  private static long unshift(long y, int bits) {
    long z = y;
    for (int shift = bits; shift < 64; shift += bits) {
      z = y ^ (z >>> bits);
    }
    return z;
  }
}
