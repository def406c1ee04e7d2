package dev.rung.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Thousands of worlds in which everything goes wrong. */
final class SimulationTest {

  @Test
  void shouldHoldInEveryWorld() {
    int seeds = Integer.getInteger("rung.seeds", 100);
    Long only = Long.getLong("rung.seed");
    long from = only == null ? 0 : only;
    long to = only == null ? seeds : only + 1;
    Map<Failpoint, Integer> reached = new EnumMap<>(Failpoint.class);
    long begin = System.nanoTime();
    long steps = 0;
    int failed = 0;
    for (long seed = from; seed < to; seed++) {
      try {
        Simulation.Result result = Simulation.run(seed);
        steps += result.steps();
        result.reached().forEach((point, n) -> reached.merge(point, n, Integer::sum));
      } catch (Throwable e) {
        failed++;
        if (failed < 6) e.printStackTrace(System.out);
      }
    }
    System.out.println(
        (to - from) + " seeds, failed " + failed + ", " + steps + " steps, " + (System.nanoTime() - begin) / 1e9 + " s");
    System.out.println(reached);
    assertThat(failed).isZero();
  }
}
