package dev.rung.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Point;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  private static final AttemptRef REF = FakeServer.ref("s/1", 2);
  private static final int NEVER = Integer.MAX_VALUE;

  @TempDir Path folder;
  private Path path;

  @BeforeEach
  void choose() {
    path = folder.resolve("a.log");
  }

  @Test
  void shouldReadBackWhatWasWritten() throws IOException {
    try (LogFile file = LogFile.create(path, REF, NEVER)) {
      file.append(entry(1));
      file.append(entry(2));
      assertThat(read().attempt()).isEqualTo(REF);
      assertThat(steps(read())).containsExactly(1L, 2L);
      assertThat(read().closed()).isFalse();
      file.append(end());
      assertThat(read().closed()).isTrue();
      assertThat(read().entries().last()).isEqualTo(3);
      assertThat(read().entries().acked()).isZero();
    }
  }

  /**
   * The bytes by hand. AttemptRef of trial "s/1", attempt 2 is 0a 03 73 2f 31 10 02 in protobuf;
   * their CRC-32C with the kind 01 before them was computed bit by bit from the polynomial
   * 0x82f63b78 by a program that gives e3069283 for "123456789", the check value of the catalogue
   * of CRCs.
   */
  @Test
  void shouldWriteTheFormatThatItNames() throws IOException {
    LogFile.create(path, REF, NEVER).close();
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(path)))
        .isEqualTo("00000008" + "5653f45b" + "01" + "0a03732f311002");
  }

  @Test
  void shouldLoseOnlyTheLastRecordWhenItIsCutAtAnyByte() throws IOException {
    List<Integer> ends = new ArrayList<>();
    try (LogFile file = LogFile.create(path, REF, NEVER)) {
      ends.add((int) Files.size(path));
      for (int step = 1; step <= 5; step++) {
        file.append(entry(step));
        ends.add((int) Files.size(path));
      }
    }
    byte[] whole = Files.readAllBytes(path);
    for (int cut = 0; cut <= whole.length; cut++) {
      Files.write(path, Arrays.copyOf(whole, cut));
      int length = cut;
      int records = (int) ends.stream().filter(end -> end <= length).count();
      if (records == 0) {
        assertThat(LogReader.read(path)).as("cut at %d", cut).isNull();
      } else {
        assertThat(read().entries().last()).as("cut at %d", cut).isEqualTo(records - 1);
      }
    }
  }

  @Test
  void shouldReadAPrefixAndNothingWrongWhenAnyByteIsAnother() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("LogFileTest -Dseed=" + seed);
    SplittableRandom random = new SplittableRandom(seed);
    List<Long> ends = new ArrayList<>();
    try (LogFile file = LogFile.create(path, REF, NEVER)) {
      ends.add(Files.size(path));
      for (int step = 1; step <= 40; step++) {
        file.append(entry(step));
        ends.add(Files.size(path));
      }
    }
    byte[] whole = Files.readAllBytes(path);
    for (int i = 0; i < 200; i++) {
      int at = random.nextInt(whole.length);
      byte[] damaged = whole.clone();
      damaged[at] ^= (byte) (1 + random.nextInt(255));
      Files.write(path, damaged);
      long before = ends.stream().filter(end -> end <= at).count();
      if (before == 0) {
        assertThat(LogReader.read(path)).isNull();
      } else {
        List<Long> expected = new ArrayList<>();
        for (long step = 1; step < before; step++) {
          expected.add(step);
        }
        assertThat(steps(read())).as("byte %d", at).isEqualTo(expected);
      }
    }
  }

  @Test
  void shouldNotReadAgainWhatIsNotedAsAcknowledged() throws IOException {
    try (LogFile file = LogFile.create(path, REF, NEVER)) {
      for (int step = 1; step <= 100; step++) {
        file.append(entry(step));
      }
      file.ack(63);
      file.append(entry(101));
      assertThat(read().entries().acked()).isZero();
      file.ack(90);
      file.ack(80);
      file.append(entry(102));
      assertThat(read().entries().acked()).isEqualTo(90);
      assertThat(steps(read())).first().isEqualTo(91L);
      assertThat(read().entries().last()).isEqualTo(102);
    }
  }

  @Test
  void shouldStaySmallWhenEverythingIsAcknowledged() throws IOException {
    try (LogFile file = LogFile.create(path, REF, 1_000)) {
      for (int step = 1; step <= 1_000; step++) {
        file.append(entry(step));
        file.ack(step - 3);
        // An entry takes about 35 bytes, so it is at most one beyond the limit.
        assertThat(Files.size(path)).isLessThan(1_100);
        assertThat(read().entries().last()).isEqualTo(step);
        assertThat(steps(read())).endsWith((long) step);
      }
    }
    assertThat(read().attempt()).isEqualTo(REF);
    assertThat(read().entries().acked()).isBetween(900L, 997L);
    assertThat(steps(read())).endsWith(997L, 998L, 999L, 1_000L);
    assertThat(folder.toFile().list()).containsExactly("a.log");
  }

  @Test
  void shouldNotTakeAFileThatIsThere() throws IOException {
    Files.writeString(path, "x");
    assertThatThrownBy(() -> LogFile.create(path, REF, NEVER))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(path).hasContent("x");
  }

  private LogReader.Content read() throws IOException {
    return content(path);
  }

  /** What a file holds, which must at least name its attempt. */
  static LogReader.Content content(Path path) throws IOException {
    LogReader.Content content = LogReader.read(path);
    if (content == null) {
      throw new AssertionError("expected a log in " + path + ", got nothing whole");
    }
    return content;
  }

  static List<Long> steps(LogReader.Content content) {
    List<Long> steps = new ArrayList<>();
    AttemptLog entries = content.entries();
    for (long seq = entries.acked() + 1; seq <= entries.last(); seq++) {
      steps.add(entries.get(seq).getPoint().getStep());
    }
    return steps;
  }

  static Entry entry(long step) {
    Point point = Point.newBuilder().setStep(step).putMetrics("loss", 1.0 / step).build();
    return Entry.newBuilder().setPoint(point).build();
  }

  static Entry end() {
    return Entry.newBuilder().setEnded(Ended.newBuilder().setCause(Cause.CAUSE_COMPLETED)).build();
  }
}
