package dev.rung.searcher;

import java.util.ArrayList;
import java.util.List;
import java.util.PrimitiveIterator;

/**
 * The order of trials by how far they got on their own merit, then by their value there, then by
 * number.
 */
final class Merit {
  private final Experience experience;
  private final int eta;

  Merit(Experience experience, int eta) {
    this.experience = experience;
    this.eta = eta;
  }

  /**
   * The highest rung that a trial with an entry at the first one has reached on its merit: it went
   * on from the rung below since it was among the best there, or would have by now.
   */
  int depth(int trial) {
    int depth = experience.start();
    while (depth + 1 < experience.rungs()
        && experience.entries(depth + 1).contains(trial)
        && (experience.earned(trial, depth) || isAmongBest(trial, depth))) {
      depth++;
    }
    return depth;
  }

  /** So many trials with an entry at the first rung, best first, or all where there are fewer. */
  List<Integer> best(int count) {
    List<Integer> best = new ArrayList<>(count);
    for (int k = experience.rungs() - 1; k >= experience.start(); k--) {
      PrimitiveIterator.OfInt entries = experience.entries(k).inOrder().iterator();
      while (entries.hasNext()) {
        int trial = entries.nextInt();
        if (best.size() == count) {
          return best;
        }
        if (experience.entries(experience.start()).contains(trial) && depth(trial) == k) {
          best.add(trial);
        }
      }
    }
    return best;
  }

  private boolean isAmongBest(int trial, int rung) {
    Fronts entries = experience.entries(rung);
    return entries.rank(trial) < entries.size() / eta;
  }
}
