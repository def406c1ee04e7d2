package dev.rung.simulation;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Directive;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.session.SessionSettings;
import dev.rung.session.SimulatedSessions;
import dev.rung.space.KeyedRandom;
import dev.rung.study.Entry;
import dev.rung.study.StudyEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What trainers sent, what was committed and what was told, and whether that fits together. */
final class History {
  private static final boolean TRACE = Boolean.getBoolean("rung.trace");

  /** The log of an attempt as its node sent it. */
  private static final class Sent {
    final Host host;
    final TreeMap<Long, Entry> entries = new TreeMap<>();

    Sent(Host host) {
      this.host = host;
    }
  }

  private final Timeline timeline;
  private final SessionSettings settings;
  private final Map<AttemptRef, Sent> sent = new LinkedHashMap<>();
  private final Map<AttemptRef, List<Entry>> durable = new HashMap<>();
  private final Set<AttemptRef> fenced = new HashSet<>();
  private final Map<String, List<StudyEvent>> committed = new TreeMap<>();
  private final List<String> problems = new ArrayList<>();
  private long digest;

  History(Timeline timeline, SessionSettings settings) {
    this.timeline = timeline;
    this.settings = settings;
  }

  /** Equal for two runs that did the same. */
  long digest() {
    return digest;
  }

  /** What does not fit together. */
  List<String> problems() {
    return problems;
  }

  void note(String what) {
    if (TRACE) {
      System.out.printf("%10.3f  %s%n", timeline.now() / 1e9, what);
    }
    digest = KeyedRandom.mix(digest ^ what.hashCode() ^ timeline.now());
  }

  @SuppressWarnings("AnnotateFormatMethod") // The annotation is in no dependency of the tests.
  private void problem(String format, Object... values) {
    problems.add(format.formatted(values));
    note("PROBLEM " + format.formatted(values));
  }

  /** A node sends entries, perhaps again. */
  void sent(Host host, Entries message) {
    note(
        host.name()
            + " sends "
            + shown(message.getAttempt())
            + " from "
            + message.getFirstSeq()
            + " x "
            + message.getEntriesCount());
    Sent log = sent.computeIfAbsent(message.getAttempt(), ref -> new Sent(host));
    List<Entry> entries = SimulatedSessions.read(message, settings);
    for (int i = 0; i < entries.size(); i++) {
      Entry before = log.entries.put(message.getFirstSeq() + i, entries.get(i));
      if (before != null && !before.equals(entries.get(i))) {
        problem("%s has two entries %d", message.getAttempt(), message.getFirstSeq() + i);
      }
    }
  }

  /** A session tells a node something. */
  void told(Host host, ServerMessage message) {
    switch (message.getMCase()) {
      case ACK -> {
        AttemptRef ref = message.getAck().getAttempt();
        long acked = message.getAck().getAckedSeq();
        note("acknowledged " + shown(ref) + " up to " + acked);
        int count = durable.getOrDefault(ref, List.of()).size();
        if (acked > count) {
          problem("%s was acknowledged up to %d, but %d are durable", shown(ref), acked, count);
        }
      }
      case DIRECTIVE -> {
        Directive directive = message.getDirective();
        note(directive.getDCase() + " to " + shown(directive.getAttempt()));
        if (directive.hasFenced()) {
          fenced.add(directive.getAttempt());
        }
      }
      case RUN -> note("run " + shown(message.getRun().getAttempt()) + " on " + host.name());
      default -> note("tells " + host.name() + " " + message.getMCase());
    }
  }

  /** Events are durable. */
  void committed(String study, List<StudyEvent> events) {
    for (StudyEvent event : events) {
      note(study + " commits " + event);
      switch (event) {
        case StudyEvent.EntriesRecorded e -> record(study, e.attempt(), e.firstSeq(), e.entries());
        case StudyEvent.LateEntriesRecorded e ->
            record(study, e.attempt(), e.firstSeq(), e.entries());
        default -> {
          // Holds no entries.
        }
      }
    }
    committed.computeIfAbsent(study, id -> new ArrayList<>()).addAll(events);
  }

  private void record(
      String study, dev.rung.study.AttemptRef attempt, long first, List<Entry> entries) {
    AttemptRef ref =
        AttemptRef.newBuilder()
            .setTrial(study + "/" + attempt.trial())
            .setAttempt(attempt.attempt())
            .build();
    List<Entry> log = durable.computeIfAbsent(ref, r -> new ArrayList<>());
    if (first != log.size() + 1) {
      problem("%s has entries from %d after %d", shown(ref), first, log.size());
    }
    log.addAll(entries);
  }

  /** Events of a study as they were committed. */
  List<StudyEvent> events(String study) {
    return committed.getOrDefault(study, List.of());
  }

  /** What was sent and what is durable have to be the same, unless a node died or was fenced. */
  void checkEnd() {
    durable.forEach((ref, log) -> {
      Sent of = sent.get(ref);
      if (of == null) {
        problem("%s has entries that nobody sent", shown(ref));
        return;
      }
      for (int i = 0; i < log.size(); i++) {
        if (!log.get(i).equals(of.entries.get(i + 1L))) {
          problem(
              "%s sent as entry %d %s, but durable is %s",
              shown(ref), i + 1, of.entries.get(i + 1L), log.get(i));
        }
      }
    });
    sent.forEach((ref, log) -> {
      int kept = durable.getOrDefault(ref, List.of()).size();
      boolean mayBeLost = !log.host.isUp() || fenced.contains(ref);
      if (kept < log.entries.lastKey() && !mayBeLost) {
        problem("%s sent %d entries, but %d are durable", shown(ref), log.entries.lastKey(), kept);
      }
    });
  }

  private static String shown(AttemptRef ref) {
    return ref.getTrial() + "#" + ref.getAttempt();
  }
}
