package dev.rung.trainer;

/** What a node keeps its trials apart by. */
public enum Isolation {
  /** Each trains on a thread of the node's own JVM. */
  THREAD,
  /** Each trains in a JVM of its own, so that a crash ends only that one. */
  PROCESS
}
