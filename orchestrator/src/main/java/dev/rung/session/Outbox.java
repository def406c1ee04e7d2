package dev.rung.session;

import dev.rung.proto.v1.Ack;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.study.Order;
import java.util.LinkedHashMap;
import java.util.Map;

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
    while (stream.isReady() && !acks.isEmpty()) {
      AttemptKey key = acks.keySet().iterator().next();
      stream.send(ServerMessage.newBuilder().setAck(acks.remove(key)).build());
    }
    while (stream.isReady() && !orders.isEmpty()) {
      AttemptKey key = orders.keySet().iterator().next();
      Order order = orders.remove(key);
      stream.send(
          ServerMessage.newBuilder().setDirective(WireWriter.directive(key, order)).build());
    }
  }
}
