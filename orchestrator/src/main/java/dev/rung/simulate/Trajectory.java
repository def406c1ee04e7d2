package dev.rung.simulate;

import dev.rung.study.StudyPlan.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** The best value of an objective so far, over time. Values that are not finite do not count. */
public final class Trajectory {

  /** From this time on the best value is this. */
  public record Step(double time, double best) {}

  private final Objective objective;
  private final List<Step> steps = new ArrayList<>();

  Trajectory(Objective objective) {
    this.objective = objective;
  }

  /** Takes a value in; times never fall. */
  void add(double time, double value) {
    if (!Double.isFinite(value)
        || (!steps.isEmpty() && objective.loss(value) >= objective.loss(last().best()))) {
      return;
    }
    if (!steps.isEmpty() && last().time() == time) {
      steps.removeLast();
    }
    steps.add(new Step(time, value));
  }

  /** Each time at which the best became better. */
  public List<Step> steps() {
    return List.copyOf(steps);
  }

  /** The best value up to a time; empty: there was none. */
  public OptionalDouble at(double time) {
    int low = 0;
    int high = steps.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (steps.get(middle).time() <= time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? OptionalDouble.empty() : OptionalDouble.of(steps.get(low - 1).best());
  }

  private Step last() {
    return steps.get(steps.size() - 1);
  }
}
