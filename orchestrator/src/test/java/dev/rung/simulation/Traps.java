package dev.rung.simulation;

import java.util.EnumMap;
import java.util.Map;

/** Where a server is to die, and where servers did. */
final class Traps {
  private final Map<Failpoint, Integer> set = new EnumMap<>(Failpoint.class);
  private final Map<Failpoint, Integer> sprung = new EnumMap<>(Failpoint.class);

  /** A server dies when it comes to a point for the so-many-th time. */
  void set(Failpoint point, int times) {
    set.put(point, times);
  }

  boolean isSet(Failpoint point) {
    return set.containsKey(point);
  }

  void clear() {
    set.clear();
  }

  /** A server comes to a point; whether it dies there. */
  boolean spring(Failpoint point) {
    Integer left = set.get(point);
    if (left == null) {
      return false;
    }
    if (left > 1) {
      set.put(point, left - 1);
      return false;
    }
    set.remove(point);
    sprung.merge(point, 1, Integer::sum);
    return true;
  }

  /** How often a server died at each point. */
  Map<Failpoint, Integer> sprung() {
    return sprung;
  }
}
