package dev.rung.dl4j;

/**
 * The generator SplitMix64 of Steele, Lea and Flood, "Fast Splittable Pseudorandom Number
 * Generators" (OOPSLA 2014), with the mixing function of Vigna's public-domain splitmix64.c. Its
 * output is a function of the seed alone, on every JDK, so splits and shuffles are fixed for ever.
 */
final class SplitMix64 {
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private long state;

  SplitMix64(long seed) {
    this.state = seed;
  }

  /**
   * A seed of its own for each key: output number {@code key} (from 0) of the stream {@code seed}.
   */
  static long mix(long seed, long key) {
    return scramble(seed + (key + 1) * GOLDEN_GAMMA);
  }

  /** The next 64 bits. */
  long next() {
    state += GOLDEN_GAMMA;
    return scramble(state);
  }

  /** The numbers from 0 to {@code size - 1} in random order (Fisher and Yates, from the end). */
  int[] permutation(int size) {
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = i;
    }
    for (int i = size - 1; i > 0; i--) {
      int other = below(i + 1);
      int kept = order[i];
      order[i] = order[other];
      order[other] = kept;
    }
    return order;
  }

  /** A number from 0 to {@code bound - 1}; the bias is below bound / 2^64. */
  private int below(int bound) {
    return (int) Math.unsignedMultiplyHigh(next(), bound);
  }

  private static long scramble(long bits) {
    long mixed = (bits ^ (bits >>> 30)) * 0xBF58476D1CE4E5B9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
    return mixed ^ (mixed >>> 31);
  }
}
