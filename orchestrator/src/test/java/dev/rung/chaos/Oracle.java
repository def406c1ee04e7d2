package dev.rung.chaos;

import dev.rung.chaos.History.Line;
import dev.rung.storage.StudyExport;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import dev.rung.study.StudyEvent;
import dev.rung.study.Verdicts;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Says from the files of a run alone whether anything was lost, doubled or decided otherwise: the
 * histories of its trainers against the export of its study. A folder can be checked at any time
 * again: {@code java dev.rung.chaos.Oracle FOLDER}.
 */
final class Oracle {
  static final String HISTORY = ".history";
  static final String EXPORT = "export.jsonl";
  private static final int MOST_PROBLEMS = 20;

  private final List<String> problems = new ArrayList<>();
  private final Map<Key, String> stored = new HashMap<>();
  private final Set<Key> late = new HashSet<>();
  private final Map<Key, String> sent = new HashMap<>();
  private final Map<Attempt, TreeMap<Long, String>> made = new HashMap<>();
  private final Map<Attempt, Long> acked = new HashMap<>();
  private final Set<Attempt> fenced = new HashSet<>();
  private final Set<Attempt> killed = new HashSet<>();
  private final List<StudyEvent> events;
  private final String study;

  /** An attempt of a trial, which histories name with its study. */
  private record Attempt(String trial, int attempt) {}

  private record Key(Attempt attempt, long seq) {}

  /**
   * What a run came to.
   *
   * @param problems empty: none
   * @param entries in the journal, the late ones too
   * @param points of these
   * @param late of these
   * @param lost attempts that the server took for lost
   */
  record Finding(
      List<String> problems, int entries, int points, int late, int lost, List<StudyEvent> events) {
    /** Fails where there is a problem. */
    Finding assertClean() {
      if (!problems.isEmpty()) {
        throw new AssertionError(
            "%d problems:%n%s"
                .formatted(
                    problems.size(),
                    String.join(
                        "\n", problems.subList(0, Math.min(MOST_PROBLEMS, problems.size())))));
      }
      return this;
    }

    @Override
    public String toString() {
      return "%d entries (%d points, %d late) in %d events, %d attempts lost, %d problems"
          .formatted(entries, points, late, events.size(), lost, problems.size());
    }
  }

  private Oracle(StudyExport.Read export) {
    events = export.events();
    study = export.header().study();
  }

  /** Checks a run's folder again. */
  public static void main(String[] args) throws IOException {
    Finding finding = check(Path.of(args[0]));
    System.out.println(finding);
    finding.problems().forEach(System.out::println);
    System.exit(finding.problems().isEmpty() ? 0 : 1);
  }

  /** Checks a run of a study that has ended. */
  static Finding check(Path folder) throws IOException {
    Oracle oracle;
    try (BufferedReader lines = Files.newBufferedReader(folder.resolve(EXPORT))) {
      oracle = new Oracle(StudyExport.read(lines));
    }
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(HISTORY)).toList()) {
        oracle.readHistory(file);
      }
    }
    oracle.readJournal();
    oracle.compare();
    oracle.problems.addAll(Verdicts.problems(oracle.events, true));
    return oracle.finding();
  }

  private void readHistory(Path file) throws IOException {
    Set<Attempt> open = new HashSet<>();
    for (Line line : History.read(file)) {
      Attempt attempt = new Attempt(line.trial(), line.attempt());
      if (!line.trial().isEmpty() && !line.trial().startsWith(study + "/")) {
        continue;
      }
      switch (line.kind()) {
        case STARTED -> {
          // A process that has not said how it ended was killed.
          killed.addAll(open);
          open.clear();
        }
        case MADE -> {
          open.add(attempt);
          TreeMap<Long, String> log = made.computeIfAbsent(attempt, key -> new TreeMap<>());
          if (log.put(line.seq(), line.content()) != null) {
            problems.add("%s %s was made twice".formatted(file, line));
          }
        }
        case SENT -> {
          open.add(attempt);
          String before = sent.put(new Key(attempt, line.seq()), line.content());
          if (before != null && !before.equals(line.content())) {
            problems.add("%s: sent as %s before".formatted(line, before));
          }
        }
        case ACKED -> acked.merge(attempt, line.seq(), Math::max);
        case FENCED -> fenced.add(attempt);
        case ENDED -> open.clear();
      }
    }
    killed.addAll(open);
  }

  private void readJournal() {
    for (StudyEvent event : events) {
      switch (event) {
        case StudyEvent.EntriesRecorded e -> store(e.attempt(), e.firstSeq(), e.entries(), false);
        case StudyEvent.LateEntriesRecorded e ->
            store(e.attempt(), e.firstSeq(), e.entries(), true);
        default -> {
          // Holds no entries.
        }
      }
    }
  }

  private void store(AttemptRef ref, long firstSeq, List<Entry> entries, boolean isLate) {
    Attempt attempt = new Attempt(study + "/" + ref.trial(), ref.attempt());
    long seq = firstSeq;
    for (Entry entry : entries) {
      Key key = new Key(attempt, seq);
      if (stored.put(key, Contents.of(entry)) != null) {
        problems.add("doubled: " + key);
      }
      if (isLate) {
        late.add(key);
      }
      seq++;
    }
  }

  private void compare() {
    stored.forEach((key, content) -> {
      String was = sent.get(key);
      if (!content.equals(was)) {
        problems.add("%s: stored %s, but sent %s".formatted(key, content, was));
      }
    });
    acked.forEach((attempt, seq) -> {
      if (seq > 0 && !stored.containsKey(new Key(attempt, seq))) {
        problems.add("acknowledged, but not stored: %s %d".formatted(attempt, seq));
      }
    });
    sent.forEach((key, content) -> {
      if (!stored.containsKey(key)) {
        problems.add("lost: sent %s %s".formatted(key, content));
      }
    });
    made.forEach((attempt, log) ->
        log.forEach((seq, content) -> {
          Key key = new Key(attempt, seq);
          String was = stored.get(key);
          boolean last = seq.equals(log.lastKey());
          boolean missing = was == null || (was.startsWith("ended ") && !was.equals(content));
          if (missing && !(last && mayBeMissing(attempt))) {
            problems.add("lost: made %s %s".formatted(key, content));
          } else if (!missing && !was.startsWith(content)) {
            problems.add("%s: made %s, but stored %s".formatted(key, content, was));
          }
        }));
  }

  /**
   * Only this may be missing: the last entry that a trainer made before a kill came between its
   * history and the node's log, or before it heard that its attempt counts no more.
   */
  private boolean mayBeMissing(Attempt attempt) {
    return fenced.contains(attempt) || killed.contains(attempt);
  }

  private Finding finding() {
    int points = 0;
    for (String content : stored.values()) {
      points += content.startsWith("point ") ? 1 : 0;
    }
    long lost =
        events.stream()
            .filter(e -> e instanceof StudyEvent.AttemptEnded end && end.cause() == Cause.LOST)
            .count();
    return new Finding(
        List.copyOf(problems), stored.size(), points, late.size(), (int) lost, events);
  }
}
