package dev.rung.halving;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** A rung as a plain list that is sorted anew for every question: what {@link Rung} must equal. */
final class PlainRung {
  /** By trial; keeps the order of arrival. */
  private final Map<Integer, Row> rows = new LinkedHashMap<>();

  private static final class Row {
    private final int trial;
    private final double[] losses;
    private final double violation;
    private final double cost;
    private boolean open;
    private boolean promoted;
    private boolean earned;

    private Row(int trial, double[] losses, double violation, double cost) {
      this.trial = trial;
      this.losses = losses;
      this.violation = violation;
      this.cost = cost;
    }

    private boolean isFinite() {
      return IntStream.range(0, losses.length).allMatch(i -> Double.isFinite(losses[i]));
    }

    private boolean isFeasible() {
      return isFinite() && violation == 0;
    }

    private boolean dominates(Row other) {
      return IntStream.range(0, losses.length).allMatch(i -> losses[i] <= other.losses[i])
          && IntStream.range(0, losses.length).anyMatch(i -> losses[i] < other.losses[i]);
    }

    private boolean hasPlaceOf(Row other) {
      if (!isFinite() || !other.isFinite()) {
        return isFinite() == other.isFinite();
      }
      boolean lossesCount = losses.length == 1 || (violation == 0 && other.violation == 0);
      return violation == other.violation
          && (!lossesCount
              || IntStream.range(0, losses.length).allMatch(i -> losses[i] == other.losses[i]));
    }
  }

  void insert(int trial, double[] losses, double violation, double cost) {
    rows.put(trial, new Row(trial, losses, violation, cost));
  }

  void remove(int trial) {
    rows.remove(trial);
  }

  void promote(int trial, boolean earned) {
    Row row = row(trial);
    row.earned = row.promoted ? row.earned : earned;
    row.promoted = true;
    row.open = false;
  }

  void setOpen(int trial, boolean open) {
    row(trial).open = open;
  }

  boolean contains(int trial) {
    return rows.containsKey(trial);
  }

  boolean isOpen(int trial) {
    return row(trial).open;
  }

  boolean isPromoted(int trial) {
    return row(trial).promoted;
  }

  boolean hasEarned(int trial) {
    return row(trial).earned;
  }

  double loss(int trial) {
    return row(trial).isFinite() ? row(trial).losses[0] : Double.POSITIVE_INFINITY;
  }

  int promotions() {
    return (int) rows.values().stream().filter(row -> row.promoted).count();
  }

  int earned() {
    return (int) rows.values().stream().filter(row -> row.earned).count();
  }

  int[] trialsByArrival() {
    return rows.values().stream().mapToInt(row -> row.trial).toArray();
  }

  /** Trials from the best. */
  List<Integer> ranking() {
    List<Row> ranking = new ArrayList<>();
    fronts().forEach(front -> ranking.addAll(spread(front)));
    rows.values().stream()
        .filter(row -> row.isFinite() && row.violation > 0)
        .sorted(
            Comparator.<Row>comparingDouble(row -> row.violation)
                .thenComparingDouble(row -> row.losses.length == 1 ? row.losses[0] + 0.0 : 0))
        .forEach(ranking::add);
    rows.values().stream().filter(row -> !row.isFinite()).forEach(ranking::add);
    return ranking.stream().map(row -> row.trial).toList();
  }

  /**
   * Feasible rows: those that nothing dominates, then those that only these dominate, and so on.
   */
  private List<List<Row>> fronts() {
    List<List<Row>> fronts = new ArrayList<>();
    List<Row> rest = new ArrayList<>(rows.values().stream().filter(Row::isFeasible).toList());
    while (!rest.isEmpty()) {
      List<Row> all = List.copyOf(rest);
      List<Row> front =
          all.stream().filter(row -> all.stream().noneMatch(by -> by.dominates(row))).toList();
      fronts.add(front);
      rest.removeAll(front);
    }
    return fronts;
  }

  /** Index of a trial's front; that of those beyond all fronts is their number. */
  int front(int trial) {
    List<List<Row>> fronts = fronts();
    return IntStream.range(0, fronts.size())
        .filter(i -> fronts.get(i).contains(row(trial)))
        .findFirst()
        .orElse(fronts.size());
  }

  /** From the lowest first loss on, always the one that is farthest from those before it. */
  private static List<Row> spread(List<Row> front) {
    List<Row> rest = new ArrayList<>(front);
    List<Row> chosen = new ArrayList<>();
    double lowest = rest.stream().mapToDouble(row -> row.losses[0]).min().orElseThrow();
    while (!rest.isEmpty()) {
      Row next = rest.get(0);
      for (Row row : rest) {
        boolean better =
            chosen.isEmpty()
                ? next.losses[0] > lowest && row.losses[0] == lowest
                : nearest(row, chosen, front) > nearest(next, chosen, front);
        next = better ? row : next;
      }
      rest.remove(next);
      chosen.add(next);
    }
    return chosen;
  }

  private static double nearest(Row row, List<Row> chosen, List<Row> front) {
    return chosen.stream().mapToDouble(other -> squared(row, other, front)).min().orElseThrow();
  }

  private static double squared(Row a, Row b, List<Row> front) {
    double sum = 0;
    for (int i = 0; i < a.losses.length; i++) {
      int objective = i;
      double low = front.stream().mapToDouble(row -> row.losses[objective]).min().orElseThrow();
      double high = front.stream().mapToDouble(row -> row.losses[objective]).max().orElseThrow();
      if (high > low) {
        double d = (a.losses[i] - low) / (high - low) - (b.losses[i] - low) / (high - low);
        sum += d * d;
      }
    }
    return sum;
  }

  int firstOpen() {
    return ranking().stream().filter(this::isOpen).findFirst().orElse(-1);
  }

  int openAmongFirst(int count) {
    return (int) ranking().stream().limit(count).filter(this::isOpen).count();
  }

  double costOfFirst(int count) {
    return ranking().stream().limit(count).mapToDouble(trial -> row(trial).cost).sum();
  }

  /** The rank of the first that equals a trial. */
  int countBetter(int trial) {
    List<Integer> ranking = ranking();
    return IntStream.range(0, ranking.size())
        .filter(rank -> row(ranking.get(rank)).hasPlaceOf(row(trial)))
        .findFirst()
        .orElseThrow();
  }

  int firstOpenOr(int candidate) {
    return ranking().stream()
        .filter(trial -> isOpen(trial) || (trial == candidate && !isPromoted(trial)))
        .findFirst()
        .orElse(-1);
  }

  private Row row(int trial) {
    return Objects.requireNonNull(rows.get(trial));
  }
}
