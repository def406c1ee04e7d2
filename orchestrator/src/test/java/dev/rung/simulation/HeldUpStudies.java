package dev.rung.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/** Studies whose actors are as if they hung, and what waits for them. */
final class HeldUpStudies {
  private final Map<String, Deque<Runnable>> held = new HashMap<>();

  /** What goes to a study's actor waits from now on. */
  void holdUp(String study) {
    held.put(study, new ArrayDeque<>());
  }

  /** The actor takes up what waits for it. */
  void letGo(String study) {
    Deque<Runnable> waiting = held.remove(study);
    if (waiting != null) {
      waiting.forEach(Runnable::run);
    }
  }

  /** Whether something has to wait for a study, and does so from now on. */
  boolean waits(String study, Runnable deliver) {
    Deque<Runnable> waiting = held.get(study);
    return waiting != null && waiting.add(deliver);
  }
}
