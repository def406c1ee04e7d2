package dev.rung.chaos;

import dev.rung.chaos.History.Kind;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.ServerMessage;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Writes down what goes over a node's stream, before it does. */
final class Recorder implements ClientInterceptor {
  private final History history;
  private final Map<AttemptRef, Long> sent = new ConcurrentHashMap<>();

  /** One for all streams of a process. */
  Recorder(History history) {
    this.history = history;
  }

  @Override
  public <Q, T> ClientCall<Q, T> interceptCall(
      MethodDescriptor<Q, T> method, CallOptions options, Channel next) {
    return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
      @Override
      public void start(Listener<T> listener, Metadata headers) {
        super.start(
            new SimpleForwardingClientCallListener<>(listener) {
              @Override
              public void onMessage(T message) {
                if (message instanceof ServerMessage said) {
                  heard(said);
                }
                super.onMessage(message);
              }
            },
            headers);
      }

      @Override
      public void sendMessage(Q message) {
        if (message instanceof NodeMessage said && said.hasEntries()) {
          sends(said.getEntries());
        }
        super.sendMessage(message);
      }
    };
  }

  private void sends(Entries message) {
    AttemptRef ref = message.getAttempt();
    long seq = message.getFirstSeq();
    for (dev.rung.proto.v1.Entry entry : message.getEntriesList()) {
      if (seq > sent.getOrDefault(ref, 0L)) {
        sent.put(ref, seq);
        write(Kind.SENT, ref, seq, Contents.of(entry));
      }
      seq++;
    }
  }

  private void heard(ServerMessage message) {
    if (message.hasAck()) {
      write(Kind.ACKED, message.getAck().getAttempt(), message.getAck().getAckedSeq(), "");
    } else if (message.hasDirective() && message.getDirective().hasFenced()) {
      write(
          Kind.FENCED, message.getDirective().getAttempt(), 0, message.getDirective().getReason());
    }
  }

  private void write(Kind kind, AttemptRef ref, long seq, String content) {
    history.write(kind, ref.getTrial(), ref.getAttempt(), seq, content);
  }
}
