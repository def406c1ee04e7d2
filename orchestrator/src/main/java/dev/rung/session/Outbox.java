package dev.rung.session;

import dev.rung.proto.v1.Ack;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.study.Order;
import io.grpc.Status;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * What waits for the stream to take more: of each attempt the newest acknowledgement and the newest
 * directive, since both replace what came before. So it never grows with a slow node.
 */
final class Outbox {
  /** An acknowledgement and a directive for each attempt that a node may have. */
  private static final int MOST = 2 * HelloReader.MOST_ATTEMPTS;

  private final PeerStream<ServerMessage> stream;
  private final Map<AttemptKey, Ack> acks = new LinkedHashMap<>();
  private final Map<AttemptKey, Order> orders = new LinkedHashMap<>();

  Outbox(PeerStream<ServerMessage> stream) {
    this.stream = stream;
  }

  void acknowledge(AttemptKey key, long seq, boolean resend) {
    Ack waiting = acks.get(key);
    // A newer acknowledgement does not undo that entries after it were not taken.
    boolean again = resend || (waiting != null && waiting.getResend());
    acks.put(
        key, Ack.newBuilder().setAttempt(key.toWire()).setAckedSeq(seq).setResend(again).build());
    flush();
  }

  void direct(AttemptKey key, Order order) {
    orders.put(key, order);
    flush();
  }

  /**
   * Sends what waits for as long as the stream takes it.
   *
   * @throws ProtocolException RESOURCE_EXHAUSTED: more attempts wait than an honest node has
   */
  void flush() {
    send(acks, (key, ack) -> ServerMessage.newBuilder().setAck(ack));
    send(
        orders,
        (key, order) -> ServerMessage.newBuilder().setDirective(WireWriter.directive(key, order)));
    if (acks.size() + orders.size() > MOST) {
      throw new ProtocolException(
          Status.Code.RESOURCE_EXHAUSTED, "expected the node to read what it is told");
    }
  }

  private <T> void send(
      Map<AttemptKey, T> waiting, BiFunction<AttemptKey, T, ServerMessage.Builder> message) {
    Iterator<Map.Entry<AttemptKey, T>> next = waiting.entrySet().iterator();
    while (next.hasNext() && stream.isReady()) {
      Map.Entry<AttemptKey, T> entry = next.next();
      stream.send(message.apply(entry.getKey(), entry.getValue()).build());
      next.remove();
    }
  }
}
