package dev.rung.simulate;

import dev.rung.simulate.RecordedCurve.RecordedPoint;
import dev.rung.space.Assignment;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import dev.rung.study.Objectives;
import dev.rung.study.StudyPlan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Puts the curve of a trial together from what its attempts reported. */
final class CurveBuilder {

  /** All that came at a step; the effort since the step before it in its attempt. */
  private static final class Step {
    final int attempt;
    final long since;
    final Map<String, Double> metrics = new HashMap<>();
    double millis = Double.NaN;
    double cost = Double.NaN;

    Step(int attempt, long since) {
      this.attempt = attempt;
      this.since = since;
    }
  }

  private final int trial;
  private final Assignment assignment;
  private final TreeMap<Long, Step> steps = new TreeMap<>();

  private int attempt;
  private long last;
  private double millisBefore;
  private double costBefore;
  private double millisAtLast;
  private double costAtLast;

  CurveBuilder(int trial, Assignment assignment) {
    this.trial = trial;
    this.assignment = assignment;
  }

  /** An attempt begins after a step. */
  void begin(int number, long startStep) {
    attempt = number;
    last = startStep;
    millisAtLast = 0;
    costAtLast = 0;
  }

  /** What an attempt reported. */
  void add(List<Entry> entries) {
    for (Entry entry : entries) {
      if (entry instanceof Entry.Point point && point.step() >= last) {
        add(point);
      }
    }
  }

  private void add(Entry.Point point) {
    if (point.step() > last) {
      millisBefore = millisAtLast;
      costBefore = costAtLast;
    }
    long since = last;
    Step step = steps.computeIfAbsent(point.step(), at -> new Step(attempt, since));
    millisAtLast = point.wallMillis().map(Long::doubleValue).orElse(Double.NaN);
    costAtLast = point.cost().orElse(Double.NaN);
    if (step.attempt == attempt) {
      step.metrics.putAll(point.metrics());
      step.millis = millisAtLast - millisBefore;
      step.cost = costAtLast - costBefore;
    }
    last = point.step();
  }

  /** A score from outside for what was reported at a step. */
  void put(long step, String metric, double value) {
    Step at = steps.get(step);
    if (at != null) {
      at.metrics.put(metric, value);
    }
  }

  /**
   * The curve.
   *
   * @param plan whose metrics, with those from outside, a point has to carry
   */
  RecordedCurve curve(StudyPlan plan, Optional<Cause> failure) {
    TreeMap<Long, RecordedPoint> points = new TreeMap<>();
    double millis = 0;
    double cost = 0;
    long since = -1;
    for (Map.Entry<Long, Step> entry : steps.entrySet()) {
      Step step = entry.getValue();
      since = since < 0 ? step.since : since;
      millis += step.millis;
      cost += step.cost;
      if (!Objectives.complete(plan, step.metrics)) {
        continue;
      }
      points.put(
          entry.getKey(),
          new RecordedPoint(
              Map.copyOf(step.metrics),
              since,
              Double.isNaN(millis) ? OptionalLong.empty() : OptionalLong.of(Math.round(millis)),
              Double.isNaN(cost) ? OptionalDouble.empty() : OptionalDouble.of(cost)));
      millis = 0;
      cost = 0;
      since = -1;
    }
    return new RecordedCurve(trial, assignment, points, failure);
  }
}
