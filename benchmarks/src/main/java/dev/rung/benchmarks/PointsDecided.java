package dev.rung.benchmarks;

import dev.rung.study.AttemptRef;
import dev.rung.study.Order;
import dev.rung.study.StudyReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Points a second that the kernel decides and applies on one thread: those at a milestone, each
 * with its ranks, evidence, order and words, and those between milestones, which decide nothing.
 * Slots, suggestions and ends of attempts are not counted.
 */
final class PointsDecided {
  /** Attempts at a time, enough that looking at the clock costs nothing. */
  private static final int RUNNING = 1_000;

  /** Points of an attempt before each milestone. */
  private static final int DENSE = 10;

  private static final int WARMUP = 2;
  private static final int LOWEST = 2 * DENSE;

  private final KernelStudy study = new KernelStudy(LOWEST, 81 * LOWEST);
  private final List<Running> running = new ArrayList<>();
  private long nanosDense;
  private long nanosMilestones;
  private int milestones;

  private PointsDecided() {}

  private static final class Running {
    final AttemptRef attempt;
    long seq;
    long step;

    Running(AttemptRef attempt) {
      this.attempt = attempt;
    }
  }

  /** Prints points a second: {@code points=100000 rounds=5}, after two that warm up. */
  static void run(Options options) {
    int points = options.number("points", 100_000);
    List<Double> atMilestones = new ArrayList<>();
    List<Double> between = new ArrayList<>();
    for (int round = -WARMUP; round < options.number("rounds", 5); round++) {
      PointsDecided decided = new PointsDecided();
      while (decided.milestones < points) {
        decided.stretch();
      }
      if (round >= 0) {
        atMilestones.add(decided.milestones / (decided.nanosMilestones / 1e9));
        between.add((double) DENSE * decided.milestones / (decided.nanosDense / 1e9));
      }
    }
    System.out.println(Machine.describe());
    System.out.printf("points a second that the kernel decides, %,d milestones a round%n", points);
    System.out.println("at milestones " + Spread.of(atMilestones).text("%,.0f"));
    System.out.println("between       " + Spread.of(between).text("%,.0f"));
  }

  /** Every attempt trains to its milestone; those that are paused there make room for others. */
  private void stretch() {
    while (running.size() < RUNNING) {
      running.add(new Running(study.lease()));
    }
    long begin = System.nanoTime();
    for (int i = 0; i < DENSE; i++) {
      for (Running training : running) {
        expect(report(training, training.step + 1).isEmpty());
      }
    }
    long middle = System.nanoTime();
    List<Optional<Order>> orders = new ArrayList<>(RUNNING);
    for (Running training : running) {
      orders.add(report(training, study.milestone(training.attempt)));
    }
    nanosMilestones += System.nanoTime() - middle;
    nanosDense += middle - begin;
    milestones += RUNNING;
    for (int i = RUNNING - 1; i >= 0; i--) {
      if (orders.get(i).orElseThrow().kind() != Order.Kind.CONTINUE) {
        Running over = running.remove(i);
        study.end(over.attempt, over.seq + 1);
      }
    }
  }

  private Optional<Order> report(Running training, long step) {
    training.step = step;
    training.seq++;
    double value = KernelStudy.value(training.attempt.trial());
    StudyReply reply = study.report(training.attempt, training.seq, step, value);
    expect(reply instanceof StudyReply.Taken);
    return ((StudyReply.Taken) reply).order();
  }

  private static void expect(boolean holds) {
    if (!holds) {
      throw new IllegalStateException("expected an order at each milestone, and at no other point");
    }
  }
}
