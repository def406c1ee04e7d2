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
  public Page page(String study, long place, int limit) {
    // As if each commit had two events.
    List<StudyEvent> page = events.stream().skip(2 * place).limit(2L * limit).toList();
    read.addAndGet(page.size());
    return new Page(page, place + limit);
  }
}
