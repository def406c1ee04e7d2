package dev.rung.halving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.space.KeyedRandom;
import java.util.ArrayList;
import java.util.List;

/** The same random operations on a rung and on a plain list. */
final class RungWalk {
  private static final double[] ODD = {
    0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE
  };

  final PlainRung plain = new PlainRung();
  Rung rung;

  private final KeyedRandom random;
  private final int objectives;
  private int nextTrial;

  /** The trial whose rank was asked for last before an operation. */
  private int asked = -1;

  RungWalk(int objectives, long seed) {
    this.objectives = objectives;
    random = KeyedRandom.stream(seed, "rung test", 0);
    rung = Rung.of(objectives);
  }

  void step() {
    int[] trials = plain.trialsByArrival();
    int dice = random.nextInt(10);
    if (trials.length == 0 || dice < 4) {
      insert();
      return;
    }
    int trial = trials[random.nextInt(trials.length)];
    if (dice < 7) {
      boolean open = random.nextInt(3) > 0;
      rung.setOpen(trial, open);
      plain.setOpen(trial, open);
    } else if (dice < 9) {
      boolean earned = random.nextInt(3) > 0;
      rung.promote(trial, earned);
      plain.promote(trial, earned);
    } else {
      rung.remove(trial);
      plain.remove(trial);
    }
  }

  private void insert() {
    // Trials enter a rung in any order of their numbers, with gaps.
    int trial = nextTrial;
    nextTrial += 1 + random.nextInt(3);
    double[] losses = new double[objectives];
    for (int i = 0; i < objectives; i++) {
      losses[i] = loss();
    }
    double violation = random.nextInt(5) == 0 ? random.nextInt(3) / 2.0 : 0;
    // Whole numbers, whose sums are exact in any order; the first entries have cost nothing.
    double cost = nextTrial < 60 ? 0 : random.nextInt(100);
    rung.insert(trial, losses, violation, cost);
    plain.insert(trial, losses, violation, cost);
  }

  private double loss() {
    return switch (random.nextInt(20)) {
      case 0, 1 -> ODD[random.nextInt(ODD.length)];
      case 2, 3, 4, 5 -> random.nextDouble();
      // Few distinct values, so that ties are common.
      default -> random.nextInt(12) / 4.0 - 1;
    };
  }

  /** Makes the rung anew of what a snapshot holds. */
  void rebuild() {
    Rung again = Rung.of(objectives);
    for (int trial : rung.trialsByArrival()) {
      again.insert(trial, rung.losses(trial), rung.violation(trial), rung.cost(trial));
      if (rung.isPromoted(trial)) {
        again.promote(trial, rung.hasEarned(trial));
      }
      again.setOpen(trial, rung.isOpen(trial));
    }
    rung = again;
  }

  void compare(String when) {
    List<Integer> ranking = plain.ranking();
    if (ranking.contains(asked)) {
      check(when, rung.rank(asked), ranking.indexOf(asked));
    }
    check(when, ranking(rung), ranking);
    check(when, rung.size(), ranking.size());
    check(when, rung.promotions(), plain.promotions());
    check(when, rung.earned(), plain.earned());
    assertThat(rung.trialsByArrival()).as(when).isEqualTo(plain.trialsByArrival());
    check(when, rung.firstOpen(), plain.firstOpen());
    for (int trial = 0; trial < nextTrial + 2; trial++) {
      check(when, rung.contains(trial), plain.contains(trial));
    }
    for (int rank = 0; rank < ranking.size(); rank++) {
      compare(when, ranking.get(rank), rank);
    }
    List<Integer> open = ranking.stream().filter(plain::isOpen).toList();
    for (int i = 0; i < open.size(); i++) {
      check(when, rung.openAt(i), open.get(i));
    }
    int count = random.nextInt(ranking.size() + 2);
    check(when, rung.openAmongFirst(count), plain.openAmongFirst(count));
    check(when, rung.costOfFirst(count), plain.costOfFirst(count));
    int candidate = random.nextInt(nextTrial + 2) - 1;
    check(when, rung.firstOpenOr(candidate), plain.firstOpenOr(candidate));
    if (!ranking.isEmpty()) {
      int rank = random.nextInt(ranking.size());
      int other = random.nextInt(ranking.size());
      check(when, rung.isBefore(ranking.get(rank), ranking.get(other)), rank < other);
      asked = ranking.get(rank);
      check(when, rung.rank(asked), rank);
    }
  }

  private void compare(String when, int trial, int rank) {
    check(when, rung.rank(trial), rank);
    check(when, rung.loss(trial), plain.loss(trial) + 0.0);
    check(when, rung.isOpen(trial), plain.isOpen(trial));
    check(when, rung.isPromoted(trial), plain.isPromoted(trial));
    check(when, rung.hasEarned(trial), plain.hasEarned(trial));
    check(when, rung.isFinite(trial), Double.isFinite(plain.loss(trial)));
    if (random.nextInt(8) == 0) {
      check(when, rung.countBetter(trial), plain.countBetter(trial));
      check(when, rung.front(trial), objectives == 1 ? 0 : plain.front(trial));
    }
  }

  static List<Integer> ranking(RungView rung) {
    List<Integer> trials = new ArrayList<>();
    for (int rank = 0; rank < rung.size(); rank++) {
      trials.add(rung.trialAt(rank));
    }
    return trials;
  }

  private static void check(String when, Object actual, Object expected) {
    if (!actual.equals(expected)) {
      // Only now, since a description costs more than the comparison.
      assertThat(actual).as(when).isEqualTo(expected);
    }
  }
}
