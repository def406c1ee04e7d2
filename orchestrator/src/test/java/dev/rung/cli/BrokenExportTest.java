package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.simulate.RecordedStudy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Exports that contradict themselves, given to the commands that read one. */
class BrokenExportTest {
  private static final List<String> LINES =
      RecordedStudy.export(
              RecordedStudy.of(
                  RecordedStudy.file(
                      """
                      resource: {unit: epoch, max: 9}
                      budget: {trials: 3}
                      algorithm: {search: random, halving: asha, eta: 3}
                      """),
                  1,
                  (trial, step) -> trial))
          .lines()
          .toList();

  private final Terminal terminal = new Terminal();

  @TempDir Path folder;

  /**
   * A line of an export, edited.
   *
   * @param kind of the event, of which there are several
   * @param line that the message names
   * @param expects what the message says behind it
   */
  private record Edit(String kind, int which, String old, String other, int line, String expects) {

    List<String> lines() {
      List<String> lines = new ArrayList<>(LINES);
      int at = at(kind, which);
      assertThat(lines.get(at)).contains(old);
      lines.set(at, lines.get(at).replace(old, other));
      return lines;
    }

    @Override
    public String toString() {
      return "%s %d: %s instead of %s".formatted(kind, which, other, old);
    }
  }

  /** Index of an event's line. */
  private static int at(String kind, int which) {
    int left = which;
    for (int i = 1; i < LINES.size(); i++) {
      if (LINES.get(i).startsWith("{\"kind\":\"%s\"".formatted(kind)) && --left == 0) {
        return i;
      }
    }
    throw new AssertionError("there is no %s number %d".formatted(kind, which));
  }

  private static Edit edit(String kind, int which, String old, String other, String expects) {
    return new Edit(
        kind,
        which,
        old.replace('\'', '"'),
        other.replace('\'', '"'),
        at(kind, which) + 1,
        expects);
  }

  static Stream<Edit> edits() {
    return Stream.of(
        edit(
            "entries",
            1,
            "'trial':1",
            "'trial':7",
            "entries: expected a trial that has begun, but came trial 7"),
        edit(
            "judged",
            1,
            "'trial':1,'attempt':1",
            "'trial':1,'attempt':2",
            "judged: expected an attempt that has begun, but came attempt 2 of trial 1"),
        edit(
            "attempt-leased",
            2,
            "'trial':2,'attempt':1",
            "'trial':2,'attempt':3",
            "attempt-leased: expected attempt 1 of trial 2, but came attempt 3 of trial 2"),
        edit(
            "attempt-leased",
            2,
            "'trial':2",
            "'trial':4",
            "attempt-leased: expected a trial that was suggested, but came trial 4"),
        edit(
            "trial-suggested",
            2,
            "'trial':2",
            "'trial':2000000000",
            "trial-suggested: expected a trial up to 3 that has not begun, but came trial"
                + " 2000000000"),
        edit(
            "entries",
            2,
            "'firstSeq':3",
            "'firstSeq':1",
            "entries: expected entries from 3 on, but came 1"),
        edit(
            "study-created",
            1,
            "'number':1,",
            "'number':2,",
            "study-created: expected number 1, but came 2"),
        edit(
            "rung-entered",
            1,
            "'toRung':0",
            "'toRung':9",
            "rung-entered: expected an event that follows from those before it, but:"
                + " java.lang.IndexOutOfBoundsException: Index 3 out of bounds for length 3"),
        edit(
            "ladder-set",
            1,
            "'levels':[1,3,9]",
            "'levels':[9,3,1]",
            "ladder-set: expected an event that follows from those before it, but: "),
        edit(
            "judged",
            1,
            "'judged'",
            "'guessed'",
            "expected a StudyEvent, but: kind guessed is not known"),
        edit(
            "entries",
            1,
            "'values':[1.0",
            "'values':['1.0'",
            "expected a StudyEvent, but: entries.values[0]: Cannot coerce String value"),
        edit(
            "entries",
            1,
            "'values':[1.0",
            "'values':[true",
            "expected a StudyEvent, but: entries.values[0]: Cannot"),
        edit(
            "entries",
            1,
            "'steps':[1],'values'",
            "'steps':[1.5],'values'",
            "expected a StudyEvent, but: entries.steps[0]: Cannot coerce"),
        edit(
            "entries",
            1,
            "'values':[1.0",
            "'values':[[1.0]",
            "expected a StudyEvent, but: entries.values[0]: Cannot"),
        edit(
            "entries",
            1,
            "'names':['loss']",
            "'names':['loss','error']",
            "expected a StudyEvent, but: entries: Index 2 out of bounds for length 2"),
        edit(
            "ladder-set",
            1,
            "'the ladder as written'",
            "null",
            "expected a StudyEvent, but: evidence: Invalid `null` value"));
  }

  @ParameterizedTest
  @MethodSource("edits")
  void shouldSayWhichLineContradictsThoseBefore(Edit edit) throws IOException {
    assertRefused(edit.lines(), "line %d: %s".formatted(edit.line(), edit.expects()));
  }

  /** The same event once more, as a copy of a line. */
  @Test
  void shouldRefuseAnEventThatComesTwice() throws IOException {
    List<String> lines = new ArrayList<>(LINES);
    int at = at("entries", 1);
    lines.add(at, lines.get(at));

    assertRefused(
        counted(lines),
        "line %d: entries: expected number %d, but came %d".formatted(at + 2, at + 1, at));
  }

  @Test
  void shouldRefuseEventsInAnotherOrder() throws IOException {
    List<String> lines = new ArrayList<>(LINES);
    int at = at("entries", 1);
    lines.set(at, LINES.get(at + 1));
    lines.set(at + 1, LINES.get(at));

    assertRefused(
        lines,
        "line %d: rung-entered: expected number %d, but came %d".formatted(at + 1, at, at + 1));
  }

  @Test
  void shouldRefuseAHistoryWithoutItsBeginning() throws IOException {
    List<String> lines = new ArrayList<>(LINES);
    lines.remove(1);
    lines.replaceAll(line -> line.replace("\"number\":2,", "\"number\":1,"));
    assertRefused(
        counted(lines),
        "line 2: ladder-set: expected the study's creation, but came another event");

    assertRefused(
        counted(lines.subList(0, 1)), "expected the events of a study, but there are none");
    assertRefused(
        counted(List.of(lines.get(0), "null")), "line 2: expected a StudyEvent, but came null");
  }

  @Test
  void shouldRefuseATimeThatRunsBackwards() throws IOException {
    List<String> lines = new ArrayList<>(LINES);
    int last = lines.size() - 1;
    assertThat(lines.get(last)).contains("\"time\":10000");
    lines.set(last, lines.get(last).replace("\"time\":10000", "\"time\":9999"));

    assertRefused(
        lines,
        "line %d: study-ended: expected a time of 10000 or later, but came 9999"
            .formatted(last + 1));
  }

  /** With as many events in its header as there are. */
  private static List<String> counted(List<String> lines) {
    List<String> counted = new ArrayList<>(lines);
    counted.set(
        0, lines.get(0).replaceFirst("\"events\":\\d+", "\"events\":" + (lines.size() - 1)));
    return counted;
  }

  private void assertRefused(List<String> lines, String message) throws IOException {
    Path export = Files.write(folder.resolve("export.jsonl"), lines);
    Path study =
        Files.writeString(
            folder.resolve("study.yaml"),
            """
            name: simulated
            metric: {name: loss, goal: minimize}
            resource: {unit: epoch, max: 3}
            budget: {trials: 3}
            trainer: {kind: none}
            """);
    String expected = "rung: %s: %s".formatted(export, message);

    assertThat(terminal.run("study", "replay", "--from-file", export.toString())).isEqualTo(2);
    assertThat(terminal.err()).startsWith(expected).hasLineCount(1);
    assertThat(terminal.run("simulate", "--study", study.toString(), "--table", export.toString()))
        .isEqualTo(2);
    assertThat(terminal.err()).startsWith(expected).hasLineCount(1);
    assertThat(terminal.out()).isEmpty();
  }
}
