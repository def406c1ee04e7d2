package dev.rung.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.space.KeyedRandom;
import dev.rung.study.Plans;
import dev.rung.study.StudyPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Studies of unequal weight on a fleet whose nodes come and go, in virtual time. */
final class FairShareTest {
  private static final long SECONDS = 1_000_000_000;
  private static final int SLOTS = 2;
  private static final int NODES = 35;
  private static final List<Integer> WEIGHTS = List.of(1, 2, 4);
  private static final int WINDOW = 5 * 60;
  private static final double TOLERANCE = 0.05;

  /** The world, and how many trials of each study were trained in each second. */
  private static final class Fleet {
    final Simulation world;
    final KeyedRandom random = KeyedRandom.stream(7, "churn", 0);
    final List<int[]> seconds = new ArrayList<>();
    final List<Integer> slots = new ArrayList<>();
    int made = NODES;

    Fleet(Simulation world) {
      this.world = world;
    }

    void sample() {
      int[] now = new int[WEIGHTS.size()];
      for (int i = 0; i < now.length; i++) {
        now[i] = world.training().getOrDefault("study-" + (i + 1), 0);
      }
      seconds.add(now);
      slots.add(up().size() * SLOTS);
      world.timeline().after(SECONDS, this::sample);
    }

    /** Every few seconds one node goes, by a kill or in order, or one comes. */
    void churn() {
      List<Host> up = up();
      if (up.size() > NODES - 5 && (up.size() >= NODES + 5 || random.nextInt(2) == 0)) {
        Host host = up.get(random.nextInt(up.size()));
        if (random.nextInt(2) == 0) {
          host.kill();
        } else {
          host.drain();
        }
      } else {
        world.startHost("node-" + made++);
      }
      world.timeline().after((3 + random.nextInt(6)) * SECONDS, this::churn);
    }

    private List<Host> up() {
      return world.hosts().stream().filter(Host::isUp).toList();
    }

    /** The part of the slots in use that a study had in the window that begins at a second. */
    double share(int study, int from) {
      double own = 0;
      double all = 0;
      for (int[] second : seconds.subList(from, from + WINDOW)) {
        own += second[study];
        for (int count : second) {
          all += count;
        }
      }
      return own / all;
    }
  }

  private static StudyPlan plan(int weight) {
    return Plans.plan()
        .trials(100_000)
        .levels(1, 9, 3)
        .search("random")
        .seed(weight)
        .weight(weight)
        .build();
  }

  @Test
  void shouldShareByWeightInEveryFiveMinutes() {
    Simulation.play(
        Style.calm(WEIGHTS.size(), SLOTS, Integer.MAX_VALUE).withNodes(NODES),
        WEIGHTS.stream().map(FairShareTest::plan).toList(),
        world -> {
          Fleet fleet = new Fleet(world);
          fleet.churn();
          world.runUntil(() -> false, Duration.ofMinutes(1));
          fleet.sample();
          world.runUntil(() -> false, Duration.ofMinutes(6));
          world.server().failOverDispatcher();
          world.runUntil(() -> false, Duration.ofMinutes(7));
          check(fleet);
          int used = fleet.seconds.stream().mapToInt(FairShareTest::sum).sum();
          int there = fleet.slots.stream().mapToInt(Integer::intValue).sum();
          System.out.printf(
              "%d nodes in all, %.1f %% of %.1f slots used%n",
              fleet.made, 100.0 * used / there, 1.0 * there / fleet.slots.size());
        });
  }

  private static int sum(int[] counts) {
    int sum = 0;
    for (int count : counts) {
      sum += count;
    }
    return sum;
  }

  private static void check(Fleet fleet) {
    int total = WEIGHTS.stream().mapToInt(Integer::intValue).sum();
    for (int i = 0; i < WEIGHTS.size(); i++) {
      double due = 1.0 * WEIGHTS.get(i) / total;
      double worst = 0;
      for (int from = 0; from + WINDOW <= fleet.seconds.size(); from++) {
        worst = Math.max(worst, Math.abs(fleet.share(i, from) / due - 1));
      }
      System.out.printf(
          "weight %d: share due %.4f, in all %.4f, worst deviation over 5 min %.2f %%%n",
          WEIGHTS.get(i), due, fleet.share(i, 0), 100 * worst);
      assertThat(worst).as("study of weight %d", WEIGHTS.get(i)).isLessThan(TOLERANCE);
    }
  }
}
