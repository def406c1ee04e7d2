package dev.rung.searcher;

import java.util.List;

/**
 * What a trial entered a rung with.
 *
 * @param losses of the objectives, lower is better; not finite for a failure
 * @param violation of the constraints; 0: feasible
 */
record Result(List<Double> losses, double violation) {

  /** Copies the losses, of which 0 and -0 are the same. */
  Result {
    losses = losses.stream().map(loss -> loss + 0.0).toList();
  }

  /**
   * Whether this one is better in every respect that counts: a feasible one than one that is not,
   * of two infeasible ones that which violates less, and of two feasible ones that which is nowhere
   * worse and somewhere better (Deb et al., A Fast and Elitist Multiobjective Genetic Algorithm:
   * NSGA-II, IEEE Trans. Evol. Comput. 6, 2002, definition 1). A failure dominates nothing.
   */
  boolean dominates(Result other) {
    if (grade() != other.grade()) {
      return grade() < other.grade();
    }
    return switch (grade()) {
      case 0 -> isNowhereWorse(other) && !losses.equals(other.losses);
      case 1 -> violation < other.violation;
      default -> false;
    };
  }

  private int grade() {
    for (double loss : losses) {
      if (!Double.isFinite(loss)) {
        return 2;
      }
    }
    return violation > 0 ? 1 : 0;
  }

  private boolean isNowhereWorse(Result other) {
    for (int i = 0; i < losses.size(); i++) {
      if (losses.get(i) > other.losses.get(i)) {
        return false;
      }
    }
    return true;
  }
}
