package dev.rung.simulate;

import dev.rung.space.Assignment;
import dev.rung.study.AttemptRef;

/** An attempt on a simulated trainer. */
final class Training {
  final AttemptRef attempt;
  final int node;
  final Assignment assignment;

  /** The next one. */
  long milestone;

  /** Steps that its weights have seen. */
  long position;

  /** The largest step that it has reported. */
  long reported;

  /** Sequence number of its newest entry. */
  long seq;

  /** Number of the newest order. */
  long order;

  /** When it began what it trains now. */
  double trainsSince;

  /** Units of time that one unit of resource takes. */
  double pace = 1;

  /** What it has cost; NaN: its trainer does not say. */
  double cost;

  /** Counts what it was told to do, so that what was to happen before does not. */
  int course;

  /** Counts its stretches: from one milestone to the next. */
  int stretch;

  /** Whether it waits at its milestone to be told what to do. */
  boolean waits;

  boolean over;

  Training(AttemptRef attempt, int node, Assignment assignment, long position, long milestone) {
    this.attempt = attempt;
    this.node = node;
    this.assignment = assignment;
    this.position = position;
    this.milestone = milestone;
  }
}
