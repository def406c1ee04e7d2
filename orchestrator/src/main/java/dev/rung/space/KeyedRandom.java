package dev.rung.space;

import java.nio.charset.StandardCharsets;

/**
 * A stream of random numbers that is a function of its key alone, so that no generator is shared
 * and the order of calls elsewhere does not matter. SplitMix64 (Steele, Lea, Flood: Fast Splittable
 * Pseudorandom Number Generators, OOPSLA 2014, figure 17).
 */
public final class KeyedRandom {
  private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

  private long state;

  private KeyedRandom(long state) {
    this.state = state;
  }

  /**
   * The stream of a key.
   *
   * @param seed the study's seed
   * @param purpose what the numbers are for, so that two uses never share a stream
   * @param number which of these, for instance the trial's number
   */
  public static KeyedRandom stream(long seed, String purpose, long number) {
    long key = mix(seed + GOLDEN_GAMMA);
    for (byte b : purpose.getBytes(StandardCharsets.UTF_8)) {
      key = mix(key ^ b);
    }
    return new KeyedRandom(mix(key + GOLDEN_GAMMA * number));
  }

  /** 64 uniform bits. */
  public long nextLong() {
    state += GOLDEN_GAMMA;
    return mix(state);
  }

  /** Uniform in [0, 1), a multiple of 2^-53. */
  public double nextDouble() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /**
   * Uniform in [0, bound).
   *
   * @param bound positive
   */
  public int nextInt(int bound) {
    return (int) (nextDouble() * bound);
  }

  /** The finalizer of SplitMix64: spreads every bit of z over all of them. */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
