package dev.rung.api;

import dev.rung.storage.ReadSide;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Tables in memory, filled by a test. */
public final class FakeReadSide implements ReadSide {
  public final List<StudyRow> studies = new CopyOnWriteArrayList<>();
  public final List<TrialRow> trials = new CopyOnWriteArrayList<>();
  public final List<VerdictRow> verdicts = new CopyOnWriteArrayList<>();

  public final Map<String, String> sources = new ConcurrentHashMap<>();

  /** What is projected; each read makes it grow by {@link #speed}. */
  public final AtomicLong projected = new AtomicLong(1_000);

  public volatile int speed;

  @Override
  public List<StudyRow> studies() {
    return studies;
  }

  @Override
  public List<StudyRow> find(String study) {
    List<StudyRow> found = new ArrayList<>();
    for (StudyRow row : studies) {
      if (row.id().startsWith(study) || row.name().equals(study)) {
        found.add(row);
      }
    }
    return found;
  }

  @Override
  public List<TrialRow> trials(String study, int after, int limit) {
    return trials.stream().filter(trial -> trial.number() > after).limit(limit).toList();
  }

  @Override
  public Optional<TrialRow> trial(String study, int number) {
    return trials.stream().filter(trial -> trial.number() == number).findFirst();
  }

  @Override
  public List<VerdictRow> verdicts(String study, int trial) {
    return verdicts;
  }

  @Override
  public List<CurveChunk> curve(String study, int trial, int attempt, long afterSeq, int limit) {
    return List.of();
  }

  @Override
  public Optional<String> source(String study) {
    return Optional.ofNullable(sources.get(study));
  }

  @Override
  public long projected(String study) {
    return projected.getAndAdd(speed);
  }
}
