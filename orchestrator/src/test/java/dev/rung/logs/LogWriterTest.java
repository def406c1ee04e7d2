package dev.rung.logs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.logs.LogReader.Cursor;
import dev.rung.logs.LogReader.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines come out of the files as they went in, once, and the files stay small. */
class LogWriterTest {
  private static final String STUDY = "aaaabbbb";

  @TempDir Path root;
  private long nanos;

  private LogWriter writer(LogSettings settings) {
    return new LogWriter(root, settings, () -> nanos);
  }

  private LogWriter writer() {
    return writer(LogSettings.DEFAULTS);
  }

  private static LogLine line(int attempt, long number, String text) {
    return new LogLine(attempt, number, 1_700_000_000_000L + number, text);
  }

  /** Lines whose texts are their numbers, padded to 80 characters. */
  private static List<LogLine> lines(long first, long last) {
    return LongStream.rangeClosed(first, last)
        .mapToObj(n -> line(1, n, "%080d".formatted(n)))
        .toList();
  }

  private List<LogLine> read(int trial) throws IOException {
    LogReader reader = new LogReader(root);
    List<LogLine> all = new ArrayList<>();
    Part part = reader.read(STUDY, trial, Cursor.START);
    Cursor last = Cursor.START;
    while (!part.next().equals(last)) {
      all.addAll(part.lines());
      last = part.next();
      part = reader.read(STUDY, trial, last);
    }
    return all;
  }

  private List<Long> numbers(int trial) throws IOException {
    return read(trial).stream().map(LogLine::number).toList();
  }

  private static long bytes(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length()).sum();
    }
  }

  @Test
  void shouldGiveBackLinesAsTheyCame() throws Exception {
    List<LogLine> lines =
        List.of(
            line(1, 1, "epoch 1: loss=0.5"),
            line(1, 2, "\u001b[31mred\u001b[0m \t\u0000 ümlaut \ud83d\ude00 \u202e"),
            line(1, 3, ""),
            line(2, 1, " 2 1 a text like a line"));
    writer().append(STUDY, 7, lines);

    assertThat(read(7)).containsExactlyElementsOf(lines);
    assertThat(root.resolve(STUDY).resolve("7")).isDirectoryContaining("glob:**/1.log");
  }

  @Test
  void shouldKeepALineOnceHoweverOftenItComes() throws Exception {
    LogWriter writer = writer();
    writer.append(STUDY, 1, lines(1, 3));
    writer.append(STUDY, 1, lines(2, 5));
    writer.append(STUDY, 1, lines(1, 5));

    assertThat(numbers(1)).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void shouldShowWhatTheNodeDroppedByAGap() throws Exception {
    LogWriter writer = writer();
    writer.append(STUDY, 1, lines(1, 2));
    writer.append(STUDY, 1, lines(9, 9));

    assertThat(numbers(1)).containsExactly(1L, 2L, 9L);
  }

  @Test
  void shouldGoOnWhereAServerBeforeItEnded() throws Exception {
    writer().append(STUDY, 1, lines(1, 3));
    Files.writeString(
        root.resolve(STUDY).resolve("1").resolve("1.log"), "1 4 17", StandardOpenOption.APPEND);
    writer().append(STUDY, 1, lines(2, 4));

    assertThat(read(1)).containsExactlyElementsOf(lines(1, 4));
  }

  @Test
  void shouldKeepTwoFilesATrial() throws Exception {
    // 80 characters of text and 20 more: "1 NNNN 1700000000000 ".
    LogWriter writer = writer(new LogSettings(10_000, 1 << 20, 1 << 20, 1 << 20));
    for (int i = 0; i < 20; i++) {
      writer.append(STUDY, 1, lines(50 * i + 1, 50 * i + 50));
    }

    assertThat(bytes(root)).isBetween(10_000L, 20_000L);
    List<Long> kept = numbers(1);
    assertThat(kept).last().isEqualTo(1_000L);
    assertThat(kept).hasSize((int) (1_000 - kept.get(0) + 1)).isSorted();
    try (var files = Files.list(root.resolve(STUDY).resolve("1"))) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void shouldLetAReaderFollowAcrossFiles() throws Exception {
    LogWriter writer = writer(new LogSettings(2_000, 1 << 20, 1 << 20, 1 << 20));
    LogReader reader = new LogReader(root);
    Cursor cursor = reader.read(STUDY, 1, Cursor.START).next();
    List<Long> seen = new ArrayList<>();
    for (int i = 1; i <= 100; i++) {
      writer.append(STUDY, 1, lines(i, i));
      Part part = reader.read(STUDY, 1, cursor);
      part.lines().forEach(line -> seen.add(line.number()));
      cursor = part.next();
    }

    assertThat(seen).containsExactlyElementsOf(LongStream.rangeClosed(1, 100).boxed().toList());
  }

  @Test
  void shouldNotGiveOutALineThatIsOnlyHalfWritten() throws Exception {
    writer().append(STUDY, 1, lines(1, 1));
    Path file = root.resolve(STUDY).resolve("1").resolve("1.log");
    LogReader reader = new LogReader(root);
    Cursor cursor = reader.read(STUDY, 1, Cursor.START).next();
    Files.writeString(file, "1 2 1700 ha", StandardOpenOption.APPEND);
    assertThat(reader.read(STUDY, 1, cursor)).isEqualTo(new Part(List.of(), cursor));
    Files.writeString(file, "lf\n", StandardOpenOption.APPEND);

    assertThat(reader.read(STUDY, 1, cursor).lines())
        .containsExactly(new LogLine(1, 2, 1700, "half"));
  }

  @Test
  void shouldDropWhatOneTrialWritesTooFast() throws Exception {
    // About 100 bytes a line: ten at once, then ten a second.
    LogWriter writer = writer(new LogSettings(1 << 20, 1 << 20, 1_050, 1_050));
    writer.append(STUDY, 1, lines(1, 50));
    nanos += 1_000_000_000L;
    writer.append(STUDY, 1, lines(51, 100));
    writer.append(STUDY, 2, lines(1, 5));

    assertThat(numbers(1))
        .containsExactly(
            1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L, 51L, 52L, 53L, 54L, 55L, 56L, 57L, 58L, 59L,
            60L);
    assertThat(numbers(2)).hasSize(5);
  }

  @Test
  void shouldForgetTheTrialThatWroteLeastRecentlyWhenAStudyTakesTooMuch() throws Exception {
    // A trial counts as 4,096 bytes at least: three of them fit.
    LogSettings settings = new LogSettings(1 << 20, 3 * 4_096, 1 << 20, 1 << 20);
    LogWriter writer = writer(settings);
    for (int trial : new int[] {1, 2, 3, 1, 4}) {
      writer.append(STUDY, trial, lines(trial == 1 ? 2 : 1, trial == 1 ? 2 : 1));
    }

    assertThat(numbers(2)).isEmpty();
    assertThat(root.resolve(STUDY).resolve("2")).doesNotExist();
    for (int trial : new int[] {1, 3, 4}) {
      assertThat(numbers(trial)).as("trial %d", trial).hasSize(1);
    }
    // The same after a restart, which finds them on disk.
    writer(settings).append(STUDY, 5, lines(1, 1));
    try (var folders = Files.list(root.resolve(STUDY))) {
      assertThat(folders).hasSize(3);
    }
  }

  @Test
  void shouldMakeNoPathOfWhatIsNoId() {
    for (String study : List.of("", "..", "../x", "A", "a/b", "a".repeat(65))) {
      assertThatThrownBy(() -> writer().append(study, 1, lines(1, 1)))
          .as(study)
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThat(root).isEmptyDirectory();
  }
}
