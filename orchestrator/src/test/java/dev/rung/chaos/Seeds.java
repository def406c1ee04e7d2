package dev.rung.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * What the tests of this package have in common: a seed that is printed, and where runs are kept.
 */
final class Seeds {
  /** Runs are kept here to be checked again; without it they are gone with the test. */
  private static final String FOLDER = "rung.chaos.folder";

  private Seeds() {}

  /** Random numbers of this run's seed, which {@code -Drung.seed} sets. */
  static SplittableRandom random(String test) {
    long seed = Long.getLong("rung.seed", System.nanoTime());
    System.out.printf("%s: -Drung.seed=%d%n", test, seed);
    return new SplittableRandom(seed);
  }

  /** The folder of a run. */
  static Path folder(Path temporary, String test) throws IOException {
    String kept = System.getProperty(FOLDER);
    return Files.createDirectories(
        (kept == null ? temporary : Path.of(kept))
            .resolve(test + "-" + System.currentTimeMillis()));
  }
}
