package dev.rung.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.Commit;
import dev.rung.study.EndReason;
import dev.rung.study.Entry;
import dev.rung.study.ErrorCode;
import dev.rung.study.Order;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyStatus;
import dev.rung.study.TrialStatus;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EventCodecTest {
  private static final Path GOLDEN = Path.of("src/test/resources/journal/v1");
  private static final ObjectMapper PLAIN = new CBORMapper();

  static List<StudyEvent> events() {
    return GoldenEvents.all();
  }

  @ParameterizedTest
  @MethodSource("events")
  void shouldReadAndWriteTheSameBytesAsTheFirstVersion(StudyEvent event) {
    byte[] golden = golden(event);
    assertThat(EventCodec.decode(golden)).isEqualTo(event);
    assertThat(EventCodec.encode(event)).isEqualTo(golden);
  }

  @Test
  void shouldReadAndWriteTheSameBytesOfPartsAsTheirFirstVersion() {
    Map<String, StudyEvent> events = new TreeMap<>(GoldenEvents.ofSpaces());
    events.putAll(GoldenEvents.ofParts());
    events.forEach((name, event) -> {
      byte[] golden = golden(name);
      assertThat(EventCodec.decode(golden)).as(name).isEqualTo(event);
      assertThat(EventCodec.encode(event)).as(name).isEqualTo(golden);
    });
  }

  /** An expression is stored as its text, and is compiled again. */
  @Test
  void shouldReadAConditionThatCanBeEvaluated() {
    SearchSpace space =
        ((StudyEvent.StudyCreated) EventCodec.decode(golden("study-created-with-space")))
            .plan()
            .space();
    Assignment large = space.decode(new double[] {0.9, 0.3, 0.5, 0.5, 0.5});
    assertThat(space.active(large)).containsKey("optimizer.rate");
    Assignment small = space.decode(new double[] {0.1, 0.3, 0.5, 0.5, 0.5});
    assertThat(space.active(small)).doesNotContainKey("optimizer.rate");
    assertThat(space.isAllowed(large)).isTrue();
  }

  @Test
  void shouldReadAndWriteTheSameCommitAsTheFirstVersion() {
    Commit commit = new Commit(GoldenEvents.all().subList(0, 20));
    byte[] golden = golden("commit");
    assertThat(EventCodec.decodeCommit(golden)).isEqualTo(commit);
    assertThat(EventCodec.encode(commit)).isEqualTo(golden);
  }

  /** CBOR by hand: a map without a length, its one key "events", a list of as many. */
  @Test
  void shouldWriteTheEventsOfACommitAsTheyAreWrittenAlone() {
    List<StudyEvent> events = GoldenEvents.all();
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    expected.writeBytes(new byte[] {(byte) 0xbf, 0x66, 'e', 'v', 'e', 'n', 't', 's'});
    // More than 23 take a byte of their own for their number.
    expected.writeBytes(new byte[] {(byte) 0x98, (byte) events.size()});
    events.forEach(event -> expected.writeBytes(EventCodec.encode(event)));
    expected.write(0xff);
    assertThat(EventCodec.encode(new Commit(events))).isEqualTo(expected.toByteArray());
  }

  @Test
  void shouldRefuseBytesThatAreNoCommit() {
    byte[] commit = EventCodec.encode(Commit.of(new StudyEvent.StudyResumed(1, 2)));
    byte[] none = {(byte) 0xbf, 0x66, 'e', 'v', 'e', 'n', 't', 's', (byte) 0x80, (byte) 0xff};
    byte[] event = EventCodec.encode(new StudyEvent.StudyResumed(1, 2));
    for (byte[] bytes : List.of(none, event, Arrays.copyOf(commit, commit.length - 1))) {
      assertThatThrownBy(() -> EventCodec.decodeCommit(bytes))
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_LOSS));
    }
  }

  @Test
  void shouldHaveGoldenBytesOfEveryKind() {
    Set<Class<?>> covered =
        GoldenEvents.all().stream().map(StudyEvent::getClass).collect(Collectors.toSet());
    Set<Class<?>> kinds =
        Arrays.stream(StudyEvent.class.getPermittedSubclasses()).collect(Collectors.toSet());
    assertThat(covered).isEqualTo(kinds);
  }

  /** Constants are stored by their names, so none may be renamed or taken away. */
  @Test
  void shouldKnowEveryStoredConstant() {
    assertThat(names(Cause.values()))
        .startsWith(
            "COMPLETED", "PAUSED", "STOPPED", "PREEMPTED", "LOST", "OUT_OF_MEMORY", "DIVERGED")
        .contains("INFEASIBLE", "NO_METRICS", "USER_ERROR");
    assertThat(names(EndReason.values()))
        .contains("COMPLETED", "TARGET", "TIME", "RESOURCE", "STOPPED", "CANCELLED");
    assertThat(names(TrialStatus.values()))
        .contains("WAITING", "RUNNING", "PAUSED", "COMPLETED", "STOPPED", "FAILED", "INFEASIBLE");
    assertThat(names(StudyStatus.values()))
        .contains("EMPTY", "RUNNING", "PAUSED", "STOPPING", "ENDED");
    assertThat(names(StudyEvent.Verdict.values())).contains("CONTINUE", "PAUSE", "STOP");
    assertThat(names(StudyPlan.Goal.values())).contains("MAXIMIZE", "MINIMIZE");
    assertThat(names(StudyPlan.Take.values())).contains("LAST", "BEST");
    assertThat(names(Order.Kind.values())).contains("CONTINUE", "PAUSE", "STOP", "FENCED");
  }

  @Test
  void shouldKeepEveryBitOfAValue() {
    double[] values = {
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      -0.0,
      0.0,
      Double.MIN_VALUE,
      -Double.MIN_VALUE,
      Double.MAX_VALUE,
      0.1,
      0x1.fffffffffffffp-1023
    };
    List<Entry> entries = new ArrayList<>();
    for (double value : values) {
      entries.add(point(1, Map.of("m", value)));
    }
    List<Entry> decoded = EventCodec.decodeEntries(EventCodec.encode(entries));
    for (int i = 0; i < values.length; i++) {
      double value = ((Entry.Point) decoded.get(i)).metrics().getOrDefault("m", 7.0);
      assertThat(Double.doubleToRawLongBits(value))
          .isEqualTo(Double.doubleToRawLongBits(values[i]));
    }
  }

  /** 128 KiB of entries on the wire, in the shapes that make the largest events. */
  @Test
  void shouldStaySmallerThanACrossingFrameWhateverPointsCarry() {
    int most = 128 << 10;
    List<Entry> smallest = new ArrayList<>();
    for (int i = 0; i < most / 4; i++) { // An empty point takes 4 bytes: two tags and lengths.
      smallest.add(point(i % 100, Map.of()));
    }
    List<Entry> ordinary = new ArrayList<>();
    for (int i = 0; i < most / 24; i++) { // Tag, length, step, and an entry of 16 bytes.
      ordinary.add(point(i, Map.of("loss", i / 7.0)));
    }
    List<Entry> distinct = new ArrayList<>();
    for (int i = 0; i < most / 24; i++) { // As before, but no two points share a name.
      distinct.add(point(i, Map.of("%04x".formatted(i), i / 7.0)));
    }
    List<Entry> wide = new ArrayList<>();
    Map<String, Double> metrics = new HashMap<>();
    for (int i = 0; i < most / 16; i++) {
      metrics.put("%04x".formatted(i), i / 7.0);
    }
    wide.add(point(1, metrics));
    List<Entry> saved = new ArrayList<>();
    for (int i = 0; i < most / 43; i++) { // A digest of 32 bytes, three short fields, four tags.
      saved.add(new Entry.Saved(new Entry.Checkpoint(1, "p", 1, "0123456789abcdef".repeat(4))));
    }
    for (List<Entry> entries : List.of(smallest, ordinary, distinct, wide, saved)) {
      byte[] bytes =
          EventCodec.encode(
              new StudyEvent.EntriesRecorded(
                  Long.MAX_VALUE, Long.MAX_VALUE, new AttemptRef(1, 1), 1, entries));
      assertThat(bytes.length).isLessThan(256 << 10);
      assertThat(EventCodec.decode(bytes))
          .isInstanceOfSatisfying(
              StudyEvent.EntriesRecorded.class, e -> assertThat(e.entries()).isEqualTo(entries));
    }
  }

  @Test
  void shouldIgnoreWhatANewerVersionAdded() throws IOException {
    StudyEvent event = new StudyEvent.StudyPaused(3, 4, "by hand");
    ObjectNode tree = (ObjectNode) PLAIN.readTree(EventCodec.encode(event));
    tree.put("by", "somebody").putArray("tags").add(1);
    assertThat(EventCodec.decode(PLAIN.writeValueAsBytes(tree))).isEqualTo(event);
  }

  @Test
  void shouldSayWhichComponentIsMissing() throws IOException {
    StudyEvent event = new StudyEvent.StudyPaused(3, 4, "by hand");
    ObjectNode tree = (ObjectNode) PLAIN.readTree(EventCodec.encode(event));
    tree.remove("reason");
    byte[] bytes = PLAIN.writeValueAsBytes(tree);
    assertThatThrownBy(() -> EventCodec.decode(bytes))
        .isInstanceOfSatisfying(
            StorageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_LOSS))
        .hasMessageContaining("StudyEvent")
        .hasMessageContaining("'reason'");
  }

  @Test
  void shouldRefuseBytesThatAreNoEvent() throws IOException {
    byte[] event = EventCodec.encode(new StudyEvent.StudyResumed(1, 2));
    byte[] longer = Arrays.copyOf(event, event.length + 1);
    byte[] unknown = PLAIN.writeValueAsBytes(Map.of("kind", "study-renamed", "number", 1));
    byte[] torn = PLAIN.writeValueAsBytes(withoutSteps());
    for (byte[] bytes :
        List.of(new byte[0], Arrays.copyOf(event, 9), longer, unknown, torn, new byte[] {1})) {
      assertThatThrownBy(() -> EventCodec.decode(bytes))
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_LOSS));
    }
  }

  private static ObjectNode withoutSteps() throws IOException {
    List<Entry> entries = List.of(point(1, Map.of("m", 1.0)));
    ObjectNode tree =
        (ObjectNode)
            PLAIN.readTree(
                EventCodec.encode(
                    new StudyEvent.EntriesRecorded(1, 2, new AttemptRef(1, 1), 1, entries)));
    ((ObjectNode) tree.get("entries")).putArray("steps");
    return tree;
  }

  private static Entry.Point point(long step, Map<String, Double> metrics) {
    return new Entry.Point(step, metrics, OptionalDouble.empty(), Optional.empty());
  }

  private static List<String> names(Enum<?>[] constants) {
    return Arrays.stream(constants).map(constant -> constant.name()).toList();
  }

  private static byte[] golden(StudyEvent event) {
    return golden(EventCodec.name(event));
  }

  private static byte[] golden(String name) {
    Path file = GOLDEN.resolve(name + ".cbor");
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "expected the bytes of a released version in " + file + "; never write it anew", e);
    }
  }
}
