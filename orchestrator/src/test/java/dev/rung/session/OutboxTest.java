package dev.rung.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.proto.v1.Ack;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.study.AttemptRef;
import dev.rung.study.Order;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

final class OutboxTest {
  private static final AttemptKey KEY = new AttemptKey("s", new AttemptRef(1, 1));

  private final FakeStream<ServerMessage> stream = new FakeStream<>();
  private final Outbox outbox = new Outbox(stream);

  @Test
  void shouldKeepTheNewestWhileTheNodeDoesNotRead() {
    stream.ready = false;
    outbox.acknowledge(KEY, 1, false);
    outbox.acknowledge(KEY, 2, false);
    outbox.direct(KEY, new Order(1, Order.Kind.CONTINUE, 3, ""));
    outbox.direct(KEY, new Order(2, Order.Kind.PAUSE, 0, ""));
    assertThat(stream.sent).isEmpty();
    stream.ready = true;
    outbox.flush();
    assertThat(stream.sent).hasSize(2);
    assertThat(stream.sent.remove().getAck().getAckedSeq()).isEqualTo(2);
    assertThat(stream.sent.remove().getDirective().hasPause()).isTrue();
    outbox.flush();
    assertThat(stream.sent).isEmpty();
  }

  @Test
  void shouldNotForgetThatEntriesHaveToComeAgain() {
    stream.ready = false;
    outbox.acknowledge(KEY, 5, true);
    outbox.acknowledge(KEY, 6, false);
    stream.ready = true;
    outbox.flush();
    Ack ack = stream.sent.remove().getAck();
    assertThat(ack.getAckedSeq()).isEqualTo(6);
    assertThat(ack.getResend()).isTrue();
  }

  @Test
  void shouldEndTheStreamOfANodeThatNeverReads() {
    stream.ready = false;
    // Two messages for each of the 8,192 attempts that a node may have.
    for (int trial = 1; trial <= 16_384; trial++) {
      outbox.direct(new AttemptKey("s", new AttemptRef(trial, 1)), Order.fenced("unknown"));
    }
    assertThatThrownBy(() -> outbox.acknowledge(KEY, 1, false))
        .isInstanceOfSatisfying(
            ProtocolException.class,
            e -> assertThat(e.status().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
  }
}
