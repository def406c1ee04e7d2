package dev.rung.fleet;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * How fast nodes are, against all nodes that train the same: what a step takes differs from study
 * to study, so only what was trained of the same study is compared. 1 is as fast as the others.
 */
final class Speeds {
  private final Map<String, Pace> all = new HashMap<>();

  /** Of nodes with these paces by study. */
  Speeds(Collection<Map<String, Pace>> nodes) {
    nodes.forEach(paces -> paces.forEach((study, pace) -> all.merge(study, pace, Pace::and)));
  }

  /** The speed of a node; empty: it has trained nothing lately. */
  OptionalDouble of(Map<String, Pace> paces) {
    double weighted = 0;
    double seconds = 0;
    for (Map.Entry<String, Pace> entry : paces.entrySet()) {
      Pace own = entry.getValue();
      Pace total = all.getOrDefault(entry.getKey(), own);
      if (total.steps() > 0 && own.seconds() > 0) {
        weighted += own.steps() * total.seconds() / total.steps();
        seconds += own.seconds();
      }
    }
    return seconds == 0 ? OptionalDouble.empty() : OptionalDouble.of(weighted / seconds);
  }

  /**
   * Steps a second of one slot of a node that trains a study. Of a node that has not trained it yet
   * all that is known is how it does with others.
   *
   * @param paces of the node
   * @return empty: no node has trained the study lately
   */
  OptionalDouble ofSlot(String study, Map<String, Pace> paces) {
    Pace own = paces.get(study);
    if (own != null && own.steps() > 0 && own.seconds() > 0) {
      return OptionalDouble.of(own.steps() / own.seconds());
    }
    Pace total = all.get(study);
    return total == null || total.steps() <= 0 || total.seconds() <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(total.steps() / total.seconds() * of(paces).orElse(1));
  }
}
