package dev.rung.session;

import dev.rung.proto.v1.Ack;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.study.Order;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * What waits for the stream to take more: of each attempt the newest acknowledgement and the newest
 * directive, since both replace what came before. So it never grows with a slow node.
 */
final class Outbox {
  private final NodeStream stream;
  private final Map<AttemptKey, Ack> acks = new LinkedHashMap<>();
  private final Map<AttemptKey, Order> orders = new LinkedHashMap<>();

  Outbox(NodeStream stream) {
    this.stream = stream;
  }

  void acknowledge(AttemptKey key, long seq, boolean resend) {
    acks.put(
        key, Ack.newBuilder().setAttempt(key.toWire()).setAckedSeq(seq).setResend(resend).build());
    flush();
  }

  void direct(AttemptKey key, Order order) {
    orders.put(key, order);
    flush();
  }

  /** Sends what waits for as long as the stream takes it. */
  void flush() {
    send(acks, (key, ack) -> ServerMessage.newBuilder().setAck(ack));
    send(
        orders,
        (key, order) -> ServerMessage.newBuilder().setDirective(WireWriter.directive(key, order)));
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
