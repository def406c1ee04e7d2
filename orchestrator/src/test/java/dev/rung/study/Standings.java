package dev.rung.study;

import dev.rung.halving.Evidence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Rungs as lists in order of arrival, for the {@link Referee}. */
final class Standings {
  private final StudyPlan plan;
  private final Map<Integer, List<Row>> rungs = new HashMap<>();

  Standings(StudyPlan plan) {
    this.plan = plan;
  }

  private static final class Row {
    private final Runner runner;
    private final double value;
    private final double loss;
    private boolean promoted;

    private Row(Runner runner, double value, double loss) {
      this.runner = runner;
      this.value = value;
      this.loss = loss;
    }
  }

  /** What is not finite is the worst. */
  void enter(int rung, Runner runner, double value) {
    double loss = Double.isFinite(value) ? plan.objective().loss(value) : Double.POSITIVE_INFINITY;
    rungs.computeIfAbsent(rung, k -> new ArrayList<>()).add(new Row(runner, value, loss));
  }

  void promote(int rung, Runner runner) {
    row(rung, runner).promoted = true;
  }

  void remove(Runner runner) {
    rungs.values().forEach(rows -> rows.removeIf(row -> row.runner == runner));
  }

  /** A failure is the worst of its rung and never went on. */
  void removeFailure(Runner runner) {
    rungs
        .values()
        .forEach(rows ->
            rows.removeIf(r -> r.runner == runner && !r.promoted && Double.isInfinite(r.loss)));
  }

  /** The first that has not gone on and is there, if its rank lets it go on. */
  Optional<Runner> first(int rung, Predicate<Runner> isThere) {
    List<Row> rows = ranked(rung);
    int quota = quota(rows.size());
    boolean usedUp = rows.stream().filter(row -> row.promoted).count() >= quota;
    return rows.stream()
        .filter(row -> !row.promoted && isThere.test(row.runner))
        .findFirst()
        .filter(row -> rows.indexOf(row) < quota && Double.isFinite(row.loss))
        .filter(row -> !(plan.algorithm().delayed() && usedUp))
        .map(row -> row.runner);
  }

  Evidence evidence(int rung, long level, Runner runner) {
    Row row = row(rung, runner);
    List<Row> rows = ranked(rung);
    int n = rows.size();
    return new Evidence(
        plan.rule().name(), rung, level, row.value, rows.indexOf(row), n, quota(n), 1);
  }

  private int quota(int n) {
    return plan.algorithm().halving().equals("none") ? n : n / plan.algorithm().eta();
  }

  private Row row(int rung, Runner runner) {
    return ranked(rung).stream().filter(row -> row.runner == runner).findFirst().orElseThrow();
  }

  /** From the best; the sort is stable, so that equals stay in order of arrival. */
  private List<Row> ranked(int rung) {
    List<Row> rows = rungs.getOrDefault(rung, List.of());
    return rows.stream().sorted(Comparator.comparingDouble(row -> row.loss)).toList();
  }
}
