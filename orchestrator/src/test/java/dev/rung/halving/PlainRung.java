package dev.rung.halving;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A rung as a plain list that is sorted anew for every question: what {@link Rung} must equal. */
final class PlainRung {
  /** By trial; keeps the order of arrival. */
  private final Map<Integer, Row> rows = new LinkedHashMap<>();

  private static final class Row {
    private final int trial;
    private final double loss;
    private boolean open;
    private boolean promoted;

    private Row(int trial, double loss) {
      this.trial = trial;
      this.loss = loss;
    }

    private double key() {
      return Double.isNaN(loss) || Double.isInfinite(loss) ? Double.POSITIVE_INFINITY : loss;
    }
  }

  void insert(int trial, double loss) {
    rows.put(trial, new Row(trial, loss));
  }

  void remove(int trial) {
    rows.remove(trial);
  }

  void promote(int trial) {
    row(trial).promoted = true;
    row(trial).open = false;
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

  double loss(int trial) {
    return row(trial).key();
  }

  int promotions() {
    return (int) rows.values().stream().filter(row -> row.promoted).count();
  }

  int[] trialsByArrival() {
    return rows.values().stream().mapToInt(row -> row.trial).toArray();
  }

  /** Trials from the best; the sort is stable, so that equals stay in order of arrival. */
  List<Integer> ranking() {
    List<Row> sorted = new ArrayList<>(rows.values());
    // -0.0 and 0.0 are equal values, which Double.compare tells apart.
    sorted.sort((a, b) -> a.key() < b.key() ? -1 : a.key() > b.key() ? 1 : 0);
    return sorted.stream().map(row -> row.trial).toList();
  }

  int firstOpen() {
    return ranking().stream().filter(this::isOpen).findFirst().orElse(-1);
  }

  int openAmongFirst(int count) {
    return (int) ranking().stream().limit(count).filter(this::isOpen).count();
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
