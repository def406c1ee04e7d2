package dev.rung.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.chaos.History.Kind;
import dev.rung.storage.StudyExport;
import dev.rung.study.AttemptRef;
import dev.rung.study.Entry;
import dev.rung.study.Plans;
import dev.rung.study.RandomFleet;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyKernel;
import dev.rung.study.StudyState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An oracle that finds nothing proves nothing: so each kind of damage is done to a good run. */
class OracleTest {
  @TempDir Path folder;
  private final List<StudyEvent> events = new ArrayList<>();

  @BeforeEach
  void run() throws IOException {
    StudyState state = new StudyState();
    // The first seed whose study every referee knows.
    RandomFleet fleet =
        LongStream.iterate(1, seed -> seed + 1)
            .mapToObj(RandomFleet::new)
            .filter(each -> Plans.isRefereed(each.plan()))
            .filter(each -> each.plan().algorithm().mode().isEmpty())
            .filter(each -> each.plan().budget().resource().isEmpty())
            .findFirst()
            .orElseThrow();
    for (RandomFleet.Step step = fleet.next(); step != null; step = fleet.next()) {
      StudyKernel.Outcome outcome = StudyKernel.handle(state, step.command(), step.now());
      events.addAll(outcome.events());
      fleet.took(outcome);
    }
    try (History history = History.append(history())) {
      history.write(Kind.STARTED, "", 0, 0, "1");
      for (StudyEvent event : events) {
        switch (event) {
          case StudyEvent.EntriesRecorded e ->
              write(history, e.attempt(), e.firstSeq(), e.entries());
          case StudyEvent.LateEntriesRecorded e ->
              write(history, e.attempt(), e.firstSeq(), e.entries());
          default -> {
            // Of no concern to a trainer.
          }
        }
      }
      history.write(Kind.ENDED, "", 0, 0, "CLOSED");
    }
    export(events);
  }

  @Test
  void shouldFindNothingInAGoodRun() throws IOException {
    assertThat(Oracle.check(folder).problems()).isEmpty();
    assertThat(Oracle.check(folder).entries()).isGreaterThan(20);
  }

  @Test
  void shouldFindWhatTheServerLost() throws IOException {
    try (History history = History.append(history())) {
      StudyEvent.EntriesRecorded last = recorded(events.size());
      int seq = (int) last.firstSeq() + last.entries().size();
      history.write(Kind.SENT, trial(last.attempt()), last.attempt().attempt(), seq, "point 9 ");
    }
    assertThat(Oracle.check(folder).problems()).singleElement().asString().startsWith("lost: sent");
  }

  @Test
  void shouldFindWhatATrainerMadeAndNeverSent() throws IOException {
    try (History history = History.append(history())) {
      StudyEvent.EntriesRecorded last = recorded(events.size());
      int seq = (int) last.firstSeq() + last.entries().size();
      history.write(Kind.MADE, trial(last.attempt()), last.attempt().attempt(), seq, "point 9 ");
      history.write(Kind.ENDED, "", 0, 0, "CLOSED");
    }
    assertThat(Oracle.check(folder).problems()).singleElement().asString().startsWith("lost: made");
  }

  @Test
  void shouldFindWhatWasAcknowledgedAndIsGone() throws IOException {
    try (History history = History.append(history())) {
      history.write(Kind.ACKED, trial(new AttemptRef(1, 1)), 1, 999, "");
    }
    assertThat(Oracle.check(folder).problems())
        .singleElement()
        .asString()
        .startsWith("acknowledged, but not stored");
  }

  @Test
  void shouldFindWhatWasStoredTwiceOrByNobody() throws IOException {
    List<StudyEvent> twice = new ArrayList<>(events);
    twice.add(recorded(events.size()));
    export(twice);
    assertThat(Oracle.check(folder).problems())
        .anyMatch(problem -> problem.startsWith("doubled: "));

    export(events);
    String lines = Files.readString(history());
    Files.writeString(history(), lines.replaceFirst("loss=[0-9a-f]+", "loss=7"));
    assertThat(Oracle.check(folder).problems()).anyMatch(problem -> problem.contains("stored "));
  }

  @Test
  void shouldFindADecisionThatNoStudyTakes() throws IOException {
    List<StudyEvent> other = new ArrayList<>();
    for (StudyEvent event : events) {
      other.add(
          event instanceof StudyEvent.Judged e && e.verdict() == StudyEvent.Verdict.PAUSE
              ? new StudyEvent.Judged(
                  e.number(),
                  e.time(),
                  e.attempt(),
                  e.step(),
                  StudyEvent.Verdict.CONTINUE,
                  e.cause(),
                  e.evidence(),
                  e.milestone() + 1,
                  e.carried(),
                  e.yields())
              : event);
    }
    export(other);
    assertThat(Oracle.check(folder).problems()).isNotEmpty();
  }

  private StudyEvent.EntriesRecorded recorded(int before) {
    for (int i = before - 1; i >= 0; i--) {
      if (events.get(i) instanceof StudyEvent.EntriesRecorded e) {
        return e;
      }
    }
    throw new AssertionError("expected a study with entries");
  }

  private void write(History history, AttemptRef attempt, long firstSeq, List<Entry> entries) {
    long seq = firstSeq;
    for (Entry entry : entries) {
      history.write(Kind.SENT, trial(attempt), attempt.attempt(), seq++, Contents.of(entry));
    }
  }

  private String trial(AttemptRef attempt) {
    return ((StudyEvent.StudyCreated) events.get(0)).study() + "/" + attempt.trial();
  }

  private Path history() {
    return folder.resolve("node" + Oracle.HISTORY);
  }

  private void export(List<StudyEvent> written) throws IOException {
    StringBuilder lines = new StringBuilder();
    lines.append(StudyExport.header(written.get(0), written.size())).append('\n');
    written.forEach(event -> lines.append(StudyExport.line(event)).append('\n'));
    Files.writeString(folder.resolve(Oracle.EXPORT), lines);
  }
}
