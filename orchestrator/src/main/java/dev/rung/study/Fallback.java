package dev.rung.study;

import dev.rung.study.StudyEvent.CheckpointLost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The checkpoints of a trial, of which one after the other may turn out to be lost: then it goes on
 * from the one before, at last from scratch.
 *
 * @param newest null: there is none
 * @param earlier the one before; null: there is none
 */
record Fallback(Entry.@Nullable Checkpoint newest, Entry.@Nullable Checkpoint earlier) {

  /**
   * The checkpoint to go on from towards a milestone; null: from scratch. One at or past the
   * milestone is no use while the milestone's metrics are missing: training would have nothing left
   * to measure.
   */
  Entry.@Nullable Checkpoint resumeFor(long milestone) {
    if (newest == null || newest.step() < milestone) {
      return newest;
    }
    return earlier != null && earlier.step() < milestone ? earlier : null;
  }

  /**
   * With a newer one. The one before stays as it is where the newest is of no use for a milestone.
   *
   * @param milestone where the trial is judged next
   */
  Fallback with(Entry.Checkpoint saved, long milestone) {
    return new Fallback(saved, newest == null || newest.step() < milestone ? newest : earlier);
  }

  /** What is left without one of them. */
  Fallback without(Entry.Checkpoint lost) {
    if (lost.equals(newest)) {
      return new Fallback(earlier, null);
    }
    return lost.equals(earlier) ? new Fallback(newest, null) : this;
  }

  /** The events that give up what a slot does not reach, of a trial that begins in it. */
  List<CheckpointLost> giveUp(int trial, long milestone, Reach reach, Numbering n) {
    List<CheckpointLost> events = new ArrayList<>(2);
    Fallback left = this;
    Entry.Checkpoint lost = left.resumeFor(milestone);
    while (lost != null && !reach.has(lost)) {
      String reason = reach.missed().reason(String.valueOf(lost.node()));
      events.add(left.lost(trial, milestone, lost, reason, n));
      left = left.without(lost);
      lost = left.resumeFor(milestone);
    }
    return events;
  }

  /** What a slot reaches of them. */
  Fallback within(long milestone, Reach reach) {
    Fallback left = this;
    Entry.Checkpoint next = left.resumeFor(milestone);
    while (next != null && !reach.has(next)) {
      left = left.without(next);
      next = left.resumeFor(milestone);
    }
    return left;
  }

  /** One of them turned out to be lost. */
  CheckpointLost lost(
      int trial, long milestone, Entry.Checkpoint lost, String reason, Numbering n) {
    Fallback left = without(lost);
    Entry.Checkpoint next = left.resumeFor(milestone);
    return new CheckpointLost(
        n.next(),
        n.time(),
        trial,
        lost,
        Optional.ofNullable(left.newest()),
        next == null ? 0 : next.step(),
        Reasons.firstLine(reason));
  }
}
