package dev.rung.benchmarks;

import dev.rung.storage.StudyExport;
import dev.rung.study.AttemptRef;
import dev.rung.study.Entry;
import dev.rung.study.StudyEvent;
import dev.rung.study.TrialStatus;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a study's export says of its attempts: which still run, whether ever two of a trial were
 * valid at once, and how long the study was without a slot that it could have used.
 */
final class StudyHistory {
  private final String study;
  private final int weight;
  private final int budget;

  /** The valid attempt of each trial that has one. */
  private final Map<Integer, Integer> live = new HashMap<>();

  /** The newest attempt of each trial that ever had one. */
  private final Map<Integer, Integer> newest = new HashMap<>();

  /** Trials that wait for a slot to go on. */
  private final Set<Integer> waiting = new HashSet<>();

  private final Map<AttemptRef, Long> recorded = new HashMap<>();
  private final List<String> breaches = new ArrayList<>();
  private long now;
  private long hungryMillis;
  private double slotMillis;
  private long starvedMillis;
  private long withoutSince;
  private boolean grants = true;
  private boolean over;

  private StudyHistory(String study, StudyEvent.StudyCreated created) {
    this.study = study;
    this.weight = created.plan().weight().orElse(1);
    this.budget = created.plan().budget().trials().orElse(Integer.MAX_VALUE);
    this.now = created.time();
    this.withoutSince = now;
  }

  /**
   * Reads a study's history.
   *
   * @param until when the export was made, in milliseconds since 1970
   */
  static StudyHistory of(StudyExport.Read export, long until) {
    if (!(export.events().get(0) instanceof StudyEvent.StudyCreated created)) {
      throw new IllegalStateException("expected a study that begins with its creation");
    }
    StudyHistory history = new StudyHistory(export.header().study(), created);
    for (StudyEvent event : export.events()) {
      history.advance(event.time());
      history.read(event);
      history.noteSlots();
    }
    if (!history.over) {
      history.advance(until);
      history.noteStarved();
    }
    return history;
  }

  /** Attempts that are valid at the end. */
  Set<AttemptRef> running() {
    Set<AttemptRef> running = new HashSet<>();
    live.forEach((trial, attempt) -> running.add(new AttemptRef(trial, attempt)));
    return running;
  }

  /** Where the fence was not kept, for a person. */
  List<String> breaches() {
    return breaches;
  }

  /** The last recorded entry of an attempt; 0: none is. */
  long recorded(AttemptRef attempt) {
    return recorded.getOrDefault(attempt, 0L);
  }

  /** The longest time that it had no slot and could have used one. */
  double starvedSeconds() {
    return starvedMillis / 1e3;
  }

  /** Slots that it had in the mean while it had new trials to start, and so could use any. */
  double meanSlots() {
    return slotMillis / Math.max(1, hungryMillis);
  }

  int weight() {
    return weight;
  }

  int attempts() {
    return newest.values().stream().mapToInt(Integer::intValue).sum();
  }

  int trials() {
    return newest.size();
  }

  private void advance(long time) {
    if (newest.size() < budget) {
      hungryMillis += time - now;
      slotMillis += (double) live.size() * (time - now);
    }
    now = time;
  }

  private void read(StudyEvent event) {
    switch (event) {
      case StudyEvent.AttemptLeased e -> leased(e.attempt());
      case StudyEvent.AttemptReleased e -> over(e.attempt(), true);
      case StudyEvent.AttemptEnded e -> over(e.attempt(), e.next() == TrialStatus.WAITING);
      case StudyEvent.TrialPromoted e -> waiting.add(e.trial());
      case StudyEvent.TrialsClosed e -> e.trials().forEach(t -> waiting.remove(t.trial()));
      case StudyEvent.TrialStopped e -> waiting.remove(e.trial());
      case StudyEvent.EntriesRecorded e -> {
        checkIsLive(e.attempt(), "has entries");
        record(e.attempt(), e.firstSeq(), e.entries());
      }
      case StudyEvent.LateEntriesRecorded e -> record(e.attempt(), e.firstSeq(), e.entries());
      case StudyEvent.Judged e -> checkIsLive(e.attempt(), "is judged");
      case StudyEvent.StudyPaused e -> grants = false;
      case StudyEvent.StudyResumed e -> grants = true;
      case StudyEvent.StudyStopping e -> grants = false;
      case StudyEvent.StudyEnded e -> over = true;
      case StudyEvent other -> {
        // Says nothing of slots.
      }
    }
  }

  private void leased(AttemptRef attempt) {
    Integer other = live.put(attempt.trial(), attempt.attempt());
    if (other != null) {
      breach(attempt, "began while attempt %d was valid".formatted(other));
    }
    int last = newest.getOrDefault(attempt.trial(), 0);
    if (attempt.attempt() <= last) {
      breach(attempt, "came after attempt " + last);
    }
    newest.put(attempt.trial(), attempt.attempt());
    waiting.remove(attempt.trial());
  }

  private void over(AttemptRef attempt, boolean waits) {
    checkIsLive(attempt, "ended");
    live.remove(attempt.trial(), attempt.attempt());
    if (waits) {
      waiting.add(attempt.trial());
    }
  }

  private void checkIsLive(AttemptRef attempt, String what) {
    Integer valid = live.get(attempt.trial());
    if (valid == null || valid != attempt.attempt()) {
      breach(attempt, "%s, but is not valid: that is %s".formatted(what, valid));
    }
  }

  private void breach(AttemptRef attempt, String what) {
    breaches.add(
        "study %s, trial %d: attempt %d %s"
            .formatted(study, attempt.trial(), attempt.attempt(), what));
  }

  private void record(AttemptRef attempt, long firstSeq, List<Entry> entries) {
    long last = recorded(attempt);
    if (firstSeq != last + 1) {
      breach(attempt, "goes on with entry %d after %d".formatted(firstSeq, last));
    }
    recorded.put(attempt, last + entries.size());
  }

  private boolean couldUseOne() {
    return grants && !over && (newest.size() < budget || !waiting.isEmpty());
  }

  private void noteSlots() {
    noteStarved();
    if (!live.isEmpty() || !couldUseOne()) {
      withoutSince = Long.MAX_VALUE;
    } else if (withoutSince == Long.MAX_VALUE) {
      withoutSince = now;
    }
  }

  private void noteStarved() {
    if (withoutSince != Long.MAX_VALUE) {
      starvedMillis = Math.max(starvedMillis, now - withoutSince);
    }
  }
}
