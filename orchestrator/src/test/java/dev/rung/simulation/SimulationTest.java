package dev.rung.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Worlds in which everything goes wrong that can. A failure names its seed; {@code -Drung.seed=N}
 * runs that one alone, {@code -Drung.seeds=N} the first N, and {@code -Drung.trace=true} tells what
 * happens in them.
 */
final class SimulationTest {
  private static final int SEEDS = 1_000;
  private static final int NIGHTLY_SEEDS = 50_000;
  private static final int LEAST_DEATHS_AT_A_POINT = 10;

  @Test
  void shouldHoldInEveryWorld() {
    Long only = Long.getLong("rung.seed");
    int count = Integer.getInteger("rung.seeds", SEEDS);
    Map<Failpoint, Integer> deaths =
        run(only == null ? LongStream.range(0, count) : LongStream.of(only));
    if (only == null && count >= SEEDS) {
      assertThat(deaths).as("servers that died at each point").containsOnlyKeys(Failpoint.values());
      assertThat(deaths.values())
          .as("servers that died at each point: %s", deaths)
          .allSatisfy(n -> assertThat(n).isGreaterThanOrEqualTo(LEAST_DEATHS_AT_A_POINT));
    }
  }

  /** Seeds that once did not hold. */
  @Test
  void shouldHoldInTheWorldsThatWereBad() throws IOException {
    List<Long> seeds = new ArrayList<>();
    try (InputStream in =
        Objects.requireNonNull(
            SimulationTest.class.getResourceAsStream("/simulation/bad-seeds.txt"))) {
      new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .forEach(line -> seeds.add(Long.parseLong(line.substring(0, line.indexOf(' ')))));
    }
    assertThat(seeds).isNotEmpty();
    run(seeds.stream().mapToLong(Long::longValue));
  }

  @Test
  void shouldDoTheSameForTheSameSeed() {
    for (long seed = 0; seed < 20; seed++) {
      Simulation.Result once = Simulation.run(seed);
      assertThat(Simulation.run(seed)).as("seed %d", seed).isEqualTo(once);
    }
    assertThat(Simulation.run(1).digest()).isNotEqualTo(Simulation.run(2).digest());
  }

  @Test
  @Tag("nightly")
  void shouldHoldInManyWorlds() {
    run(LongStream.range(SEEDS, SEEDS + NIGHTLY_SEEDS));
  }

  private static Map<Failpoint, Integer> run(LongStream seeds) {
    Map<Failpoint, Integer> deaths = new EnumMap<>(Failpoint.class);
    seeds.forEach(seed -> {
      try {
        Simulation.run(seed)
            .deaths()
            .forEach((point, count) -> deaths.merge(point, count, Integer::sum));
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "seed %d (again with -Dtest=SimulationTest#shouldHoldInEveryWorld -Drung.seed=%d): %s"
                .formatted(seed, seed, e.getMessage()),
            e);
      }
    });
    return deaths;
  }
}
