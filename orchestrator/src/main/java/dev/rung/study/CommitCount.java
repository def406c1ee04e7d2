package dev.rung.study;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** How much the studies of a server have made durable since it began, for those who watch it. */
public final class CommitCount {
  private final LongAdder batches = new LongAdder();
  private final LongAdder commands = new LongAdder();
  private final LongAdder points = new LongAdder();

  /** A batch is durable. */
  void add(int ofCommands, List<StudyEvent> events) {
    batches.increment();
    commands.add(ofCommands);
    for (StudyEvent event : events) {
      if (event instanceof StudyEvent.EntriesRecorded recorded) {
        for (Entry entry : recorded.entries()) {
          if (entry instanceof Entry.Point) {
            points.increment();
          }
        }
      }
    }
  }

  /** Batches that had events. */
  public long batches() {
    return batches.sum();
  }

  /** Commands of these batches. */
  public long commands() {
    return commands.sum();
  }

  /** Points that trainers sent, each once; without those that came too late to count. */
  public long points() {
    return points.sum();
  }
}
