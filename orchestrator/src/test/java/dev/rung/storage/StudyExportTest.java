package dev.rung.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.study.AttemptRef;
import dev.rung.study.Entry;
import dev.rung.study.ErrorCode;
import dev.rung.study.StudyEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StudyExportTest {
  private static final RandomStudy STUDY = RandomStudy.of(4);

  @TempDir Path folder;

  @Test
  void shouldReadBackWhatTheJournalHolds() throws IOException {
    List<StudyEvent> events = new ArrayList<>();
    try (TestServer server = new TestServer(folder)) {
      JournalTest.persistInParts(server, STUDY.id(), STUDY.events());
      History history = new JdbcHistory(server.database);
      assertThat(history.length(STUDY.id())).isEqualTo(STUDY.events().size());
      for (History.Page page = history.page(STUDY.id(), 0, 7);
          !page.events().isEmpty();
          page = history.page(STUDY.id(), page.place(), 7)) {
        events.addAll(page.events());
      }
    }

    StudyExport.Read read = read(export(events));

    assertThat(read.header().study()).isEqualTo(STUDY.id());
    assertThat(read.events()).isEqualTo(STUDY.events());
  }

  @Test
  void shouldReadBackAnEventOfEachKind() throws IOException {
    assertThat(read(export(GoldenEvents.all())).events()).isEqualTo(GoldenEvents.all());
  }

  @Test
  void shouldWriteNumbersExactlyAndWhatIsNoneAsText() {
    List<Entry> entries =
        List.of(
            new Entry.Point(
                3,
                Map.of(
                    "a", Double.NaN,
                    "b", Double.POSITIVE_INFINITY,
                    "c", Double.NEGATIVE_INFINITY,
                    "d", -0.0,
                    "e", Double.MIN_VALUE,
                    "f", 0.1),
                OptionalDouble.of(2),
                Optional.of(5L)));

    assertThat(
            StudyExport.line(
                new StudyEvent.EntriesRecorded(8, 9, new AttemptRef(7, 2), 40, entries)))
        .isEqualTo(
            """
            {"kind":"entries","number":8,"time":9,"attempt":{"trial":7,"attempt":2},"firstSeq":40,\
            "entries":{"rows":[0],"shapes":[{"names":["a","b","c","d","e","f"],"cost":true,\
            "wall":true}],"steps":[3],\
            "values":["NaN","Infinity","-Infinity",-0.0,4.9E-324,0.1,2.0],"walls":[5],\
            "saved":null,"ended":[]}}\
            """);
  }

  @Test
  void shouldBeginWithWhatTheStudyWasMadeFrom() {
    assertThat(export(GoldenEvents.all()))
        .startsWith(
            """
            {"format":"rung-study","version":1,"study":"018f-a1","name":"digits","events":%d,\
            "source":"name: digits\\n"}
            """
                .formatted(GoldenEvents.all().size()));
  }

  @Test
  void shouldRefuseAnExportThatIsCutShort() {
    String lines = export(STUDY.events());

    assertDamaged(lines.substring(0, lines.length() - 9), "expected a StudyEvent");
    assertDamaged(
        lines.substring(0, lines.stripTrailing().lastIndexOf('\n')),
        "expected %d events, but came %d"
            .formatted(STUDY.events().size(), STUDY.events().size() - 1));
    assertDamaged("", "came nothing");
    assertDamaged(lines.replace("\"version\":1,\"study\"", "\"version\":2,\"study\""), "version 2");
  }

  private static void assertDamaged(String lines, String message) {
    assertThatThrownBy(() -> read(lines))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_LOSS))
        .hasMessageContaining(message);
  }

  private static String export(List<StudyEvent> events) {
    StringBuilder lines = new StringBuilder();
    lines.append(StudyExport.header(events.get(0), events.size())).append('\n');
    events.forEach(event -> lines.append(StudyExport.line(event)).append('\n'));
    return lines.toString();
  }

  private static StudyExport.Read read(String lines) throws IOException {
    return StudyExport.read(new BufferedReader(new StringReader(lines)));
  }
}
