package dev.rung.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Point;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutflowTest {
  private final Window window = new Window();
  private final AttemptLog log = new AttemptLog();
  private final Outflow outflow = new Outflow(FakeServer.ref("s/1", 1), log, window);

  @Test
  void shouldSendEachEntryOnceWhenNothingIsLost() {
    append(3);
    assertThat(steps(sent(outflow))).containsExactly(1L, 2L, 3L);
    assertThat(outflow.next()).isNull();
    append(1);
    Entries entries = sent(outflow);
    assertThat(entries.getFirstSeq()).isEqualTo(4);
  }

  @Test
  void shouldHoldBackWhenWindowOfEntriesIsFull() {
    window.limit(2, 0);
    append(2);
    assertThat(outflow.hasRoom()).isFalse();
    append(1);
    assertThat(steps(sent(outflow))).containsExactly(1L, 2L);
    assertThat(outflow.next()).isNull();
    assertThat(outflow.ack(1, false)).isTrue();
    assertThat(outflow.hasRoom()).isFalse();
    assertThat(steps(sent(outflow))).containsExactly(3L);
    assertThat(outflow.ack(2, false)).isTrue();
    assertThat(outflow.hasRoom()).isTrue();
  }

  @Test
  void shouldHoldBackOverAllAttemptsWhenWindowOfBytesIsFull() {
    int size = entry(1).getSerializedSize();
    window.limit(0, 2L * size);
    Outflow other = new Outflow(FakeServer.ref("s/2", 1), new AttemptLog(), window);
    other.append(entry(1));
    append(2);
    assertThat(outflow.hasRoom()).isFalse();
    assertThat(steps(sent(other))).containsExactly(1L);
    assertThat(steps(sent(outflow))).containsExactly(1L);
    assertThat(outflow.next()).isNull();
    assertThat(other.ack(1, false)).isTrue();
    assertThat(steps(sent(outflow))).containsExactly(2L);
  }

  @Test
  void shouldSendEntryAloneWhenItIsLargerThanTheWindow() {
    window.limit(0, 1);
    append(2);
    assertThat(steps(sent(outflow))).containsExactly(1L);
    assertThat(outflow.next()).isNull();
    assertThat(outflow.ack(1, false)).isTrue();
    assertThat(steps(sent(outflow))).containsExactly(2L);
  }

  @Test
  void shouldForgetPrefixWhenAcknowledged() {
    append(3);
    assertThat(outflow.next()).isNotNull();
    assertThat(outflow.ack(2, false)).isTrue();
    assertThat(log.acked()).isEqualTo(2);
    assertThat(log.bytes()).isEqualTo(entry(3).getSerializedSize());
    assertThat(outflow.ack(1, false)).isTrue();
    assertThat(log.acked()).isEqualTo(2);
    assertThat(outflow.delivered()).isFalse();
    assertThat(outflow.ack(3, false)).isTrue();
    assertThat(outflow.delivered()).isTrue();
    assertThat(log.bytes()).isZero();
  }

  @Test
  void shouldSendAgainFromTheGapWhenAsked() {
    append(3);
    assertThat(outflow.next()).isNotNull();
    assertThat(outflow.ack(1, true)).isTrue();
    Entries again = sent(outflow);
    assertThat(again.getFirstSeq()).isEqualTo(2);
    assertThat(steps(again)).containsExactly(2L, 3L);
  }

  @Test
  void shouldNotSendWhatTheServerAlreadyHasWhenAcknowledgedBeforeSent() {
    append(3);
    assertThat(outflow.ack(2, false)).isTrue();
    Entries entries = sent(outflow);
    assertThat(entries.getFirstSeq()).isEqualTo(3);
  }

  @Test
  void shouldRefuseAcknowledgementWhenThereIsNoSuchEntry() {
    append(1);
    assertThat(outflow.ack(2, false)).isFalse();
    assertThat(outflow.ack(-1, false)).isFalse();
    assertThat(log.acked()).isZero();
  }

  @Test
  void shouldFreeTheWindowWhenForgotten() {
    window.limit(0, 1);
    append(1);
    assertThat(outflow.next()).isNotNull();
    outflow.forget();
    assertThat(outflow.delivered()).isTrue();
    assertThat(window.hasRoom()).isTrue();
    assertThat(window.maySend(100)).isTrue();
  }

  @Test
  void shouldSplitMessagesWhenEntriesAreMany() {
    window.limit(5_000, 0);
    append(1_500);
    assertThat(steps(sent(outflow))).hasSize(1_024);
    assertThat(steps(sent(outflow))).hasSize(476);
  }

  private void append(int count) {
    for (int i = 0; i < count; i++) {
      outflow.append(entry(log.last() + 1));
    }
  }

  /** Steps up to 127 have the same size on the wire. */
  private static Entry entry(long step) {
    return Entry.newBuilder().setPoint(Point.newBuilder().setStep(step)).build();
  }

  private static Entries sent(Outflow from) {
    Entries entries = from.next();
    if (entries == null) {
      throw new AssertionError("expected entries to send");
    }
    return entries;
  }

  private static List<Long> steps(Entries entries) {
    return entries.getEntriesList().stream().map(e -> e.getPoint().getStep()).toList();
  }
}
