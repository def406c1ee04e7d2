package dev.rung.api;

import dev.rung.storage.History;
import dev.rung.study.StudyEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** One study's journal in memory, filled by a test. */
public final class FakeHistory implements History {
  public final List<StudyEvent> events = new CopyOnWriteArrayList<>();

  /** How many events were handed out. */
  public final AtomicLong read = new AtomicLong();

  @Override
  public long length(String study) {
    return events.size();
  }

  @Override
  public List<StudyEvent> events(String study, long after, int limit) {
    List<StudyEvent> page = events.stream().skip(after).limit(limit).toList();
    read.addAndGet(page.size());
    return page;
  }
}
