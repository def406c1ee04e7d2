package dev.rung.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Checkpoint;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.Point;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryReaderTest {
  private static final String PREFIX = "file:/data/checkpoints/study/1/1/";
  private static final CheckpointPlaces.OfAttempt PLACES =
      new CheckpointPlaces.OfAttempt("node-1", "file:/data/checkpoints/", "study/1/1/");

  private static Entries message(dev.rung.proto.v1.Entry entry) {
    return Entries.newBuilder().setFirstSeq(1).addEntries(entry).build();
  }

  private static dev.rung.proto.v1.Entry point(Point.Builder point) {
    return dev.rung.proto.v1.Entry.newBuilder().setPoint(point).build();
  }

  private static dev.rung.proto.v1.Entry checkpoint(String place) {
    return dev.rung.proto.v1.Entry.newBuilder()
        .setCheckpoint(
            Checkpoint.newBuilder()
                .setStep(3)
                .setPlace(place)
                .setBytes(10)
                .setDigest(ByteString.copyFrom(new byte[32])))
        .build();
  }

  @Test
  void shouldKeepEveryBitOfAMetric() {
    Point.Builder point =
        Point.newBuilder()
            .setStep(3)
            .putMetrics("nan", Double.NaN)
            .putMetrics("zero", -0.0)
            .putMetrics("tiny", Double.MIN_VALUE);
    assertThat(new EntryReader().read(message(point(point)), PLACES))
        .containsExactly(
            new Entry.Point(
                3,
                Map.of("nan", Double.NaN, "zero", -0.0, "tiny", Double.MIN_VALUE),
                OptionalDouble.empty(),
                Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE, (1L << 48) + 1, Long.MAX_VALUE})
  void shouldRefuseAStepThatIsNotPositiveOrTooLarge(long step) {
    assertThatThrownBy(
            () -> new EntryReader().read(message(point(Point.newBuilder().setStep(step))), PLACES))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("expected a step from 1 to 281474976710656, but came " + step);
  }

  @Test
  void shouldRefuseAWallTimeThatIsNone() {
    var wall = com.google.protobuf.Duration.newBuilder().setSeconds(Long.MAX_VALUE);
    var point = point(Point.newBuilder().setStep(1).setWall(wall));
    assertThatThrownBy(() -> new EntryReader().read(message(point), PLACES))
        .isInstanceOf(ProtocolException.class)
        .hasMessageStartingWith("expected a wall time from 0 to 315576000000 s");
  }

  /** Its slot would not be free for as long as the session lasts. */
  @Test
  void shouldRefuseEntriesAfterAnEnd() {
    var ended = dev.rung.proto.v1.Entry.newBuilder().setEnded(Ended.getDefaultInstance());
    Entries entries =
        Entries.newBuilder()
            .setFirstSeq(1)
            .addEntries(ended)
            .addEntries(point(Point.newBuilder().setStep(1)))
            .build();
    assertThatThrownBy(() -> new EntryReader().read(entries, PLACES))
        .isInstanceOf(ProtocolException.class)
        .hasMessage("expected nothing after an end, but came POINT");
  }

  @Test
  void shouldRefuseMoreMetricsThanAPointMayHave() {
    Point.Builder point = Point.newBuilder().setStep(1);
    for (int i = 0; i < 65; i++) {
      point.putMetrics("m" + i, i);
    }
    assertThatThrownBy(() -> new EntryReader().read(message(point(point)), PLACES))
        .hasMessage("expected at most 64 metrics, but came 65");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:/data/checkpoints/study/1/2/3.ckpt",
        PREFIX + "../2/3.ckpt",
        PREFIX + "a/b",
        PREFIX + "..",
        PREFIX + ".hidden",
        PREFIX + "a%2fb",
        PREFIX,
        "s3://bucket/3.ckpt",
        "s3://bucket/study/1/11/3.ckpt",
        "s3://bucket/../study/1/1/3.ckpt",
        "file://node-2/data/study/1/1/3.ckpt",
        "http://169.254.169.254/study/1/1/3.ckpt",
        "/etc/passwd"
      })
  void shouldRefuseACheckpointThatIsNotDirectlyBelowItsPrefix(String place) {
    assertThatThrownBy(() -> new EntryReader().read(message(checkpoint(place)), PLACES))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("expected a checkpoint place directly below " + PREFIX);
  }

  /** A node that was started anew with another place still delivers what it wrote before. */
  @ParameterizedTest
  @ValueSource(strings = {"s3://bucket/rung/", "file:///mnt/shared/", "file://node-1/data/"})
  void shouldTakeACheckpointWhereTheNodeKeptThemBefore(String base) {
    String place = base + "study/1/1/3.ckpt";
    assertThat(new EntryReader().read(message(checkpoint(place)), PLACES))
        .containsExactly(new Entry.Saved(new Entry.Checkpoint(3, place, 10, "0".repeat(64))));
  }

  @Test
  void shouldTakeACheckpointBelowItsPrefix() {
    assertThat(new EntryReader().read(message(checkpoint(PREFIX + "3.ckpt")), PLACES))
        .containsExactly(
            new Entry.Saved(new Entry.Checkpoint(3, PREFIX + "3.ckpt", 10, "00".repeat(32))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"CAUSE_NO_METRICS", "CAUSE_UNSPECIFIED"})
  void shouldTakeACauseThatOnlyServersWriteForAnErrorOfTheTrainer(String cause) {
    var entry =
        dev.rung.proto.v1.Entry.newBuilder()
            .setEnded(Ended.newBuilder().setCause(dev.rung.proto.v1.Cause.valueOf(cause)))
            .build();
    assertThat(new EntryReader().read(message(entry), PLACES))
        .containsExactly(new Entry.Ended(Cause.USER_ERROR, ""));
  }

  @Test
  void shouldTakeItFromANodeThatItsEarlierProcessIsLost() {
    var entry =
        dev.rung.proto.v1.Entry.newBuilder()
            .setEnded(
                Ended.newBuilder()
                    .setCause(dev.rung.proto.v1.Cause.CAUSE_LOST)
                    .setMessage("node n1 was started anew"))
            .build();
    assertThat(new EntryReader().read(message(entry), PLACES))
        .containsExactly(new Entry.Ended(Cause.LOST, "node n1 was started anew"));
  }

  @Test
  void shouldRefuseAnEmptyEntryAndASequenceFromZero() {
    assertThatThrownBy(() ->
            new EntryReader().read(message(dev.rung.proto.v1.Entry.getDefaultInstance()), PLACES))
        .hasMessageContaining("came an empty entry");
    assertThatThrownBy(() ->
            new EntryReader()
                .read(
                    Entries.newBuilder().addEntries(point(Point.newBuilder().setStep(1))).build(),
                    PLACES))
        .hasMessage("expected first_seq from 1, but came 0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "study", "study/0", "/1", "study/1/1", "Study/1", "../x/1", "s/99999999999"})
  void shouldRefuseANameThatIsNoTrial(String trial) {
    assertThatThrownBy(
            () -> AttemptKey.of(AttemptRef.newBuilder().setTrial(trial).setAttempt(1).build()))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("expected a trial as STUDY/NUMBER");
  }
}
