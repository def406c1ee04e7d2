package dev.rung.access;

import com.google.protobuf.Message;
import dev.rung.proto.v1.Hello;
import dev.rung.proto.v1.NodeMessage;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Every rpc behind a guard; what gets through it is counted and does nothing. */
final class GuardedServer implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  /** What got through: a message, or that a call was cancelled. */
  final BlockingQueue<Object> reached = new LinkedBlockingQueue<>();

  private final Server server;
  private final ManagedChannel channel;

  GuardedServer(ServerInterceptor guard, List<ServiceDescriptor> services) throws IOException {
    String name = UUID.randomUUID().toString();
    InProcessServerBuilder builder = InProcessServerBuilder.forName(name).intercept(guard);
    services.forEach(service -> builder.addService(counting(service)));
    server = builder.build().start();
    channel = InProcessChannelBuilder.forName(name).build();
  }

  private ServerServiceDefinition counting(ServiceDescriptor service) {
    ServerServiceDefinition.Builder definition = ServerServiceDefinition.builder(service);
    service.getMethods().forEach(method -> add(definition, method));
    return definition.build();
  }

  private <Q, S> void add(
      ServerServiceDefinition.Builder definition, MethodDescriptor<Q, S> method) {
    definition.addMethod(method, new Counting<>());
  }

  /** Answers with an empty message when the caller has said all, as every kind of rpc may. */
  private final class Counting<Q, S> implements ServerCallHandler<Q, S> {
    @Override
    public ServerCall.Listener<Q> startCall(ServerCall<Q, S> call, Metadata headers) {
      call.request(2);
      return new ServerCall.Listener<>() {
        @Override
        public void onMessage(Q message) {
          reached.add(message);
        }

        @Override
        public void onHalfClose() {
          call.sendHeaders(new Metadata());
          call.sendMessage(empty(call.getMethodDescriptor().getResponseMarshaller()));
          call.close(Status.OK, new Metadata());
        }

        @Override
        public void onCancel() {
          reached.add("cancelled");
        }
      };
    }
  }

  @SuppressWarnings("unchecked")
  private static <T> T empty(MethodDescriptor.Marshaller<T> marshaller) {
    return ((PrototypeMarshaller<T>) marshaller).getMessagePrototype();
  }

  /** Makes a call with one message, and waits for its end. */
  <Q, S> Status call(MethodDescriptor<Q, S> method, Optional<String> authorization)
      throws Exception {
    return call(method, authorization, message(method));
  }

  <Q, S> Status call(MethodDescriptor<Q, S> method, Optional<String> authorization, Q message)
      throws Exception {
    Open<Q, S> open = open(method, authorization, message);
    open.call.halfClose();
    return open.end();
  }

  /** Begins a call with one message. */
  <Q, S> Open<Q, S> open(MethodDescriptor<Q, S> method, Optional<String> authorization) {
    return open(method, authorization, message(method));
  }

  private <Q, S> Open<Q, S> open(
      MethodDescriptor<Q, S> method, Optional<String> authorization, Q message) {
    Metadata headers = new Metadata();
    authorization.ifPresent(value ->
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), value));
    Open<Q, S> open = begin(method, headers);
    open.call.sendMessage(message);
    return open;
  }

  /** Begins a call that says nothing. */
  <Q, S> Open<Q, S> begin(MethodDescriptor<Q, S> method, Metadata headers) {
    Open<Q, S> open = new Open<>(channel.newCall(method, CallOptions.DEFAULT));
    open.call.start(open, headers);
    open.call.request(2);
    return open;
  }

  private static <Q> Q message(MethodDescriptor<Q, ?> method) {
    Q message = empty(method.getRequestMarshaller());
    return message instanceof NodeMessage ? hello(message, "") : message;
  }

  /** The first message of a node, as whoever sends it. */
  @SuppressWarnings("unchecked")
  static <Q> Q hello(Q message, String pool) {
    NodeMessage.Builder hello = ((NodeMessage) message).toBuilder();
    return (Q) (Message) hello.setHello(Hello.newBuilder().setPool(pool)).build();
  }

  /** A call that goes on. */
  static final class Open<Q, S> extends ClientCall.Listener<S> {
    final ClientCall<Q, S> call;
    private final CompletableFuture<Status> end = new CompletableFuture<>();

    Open(ClientCall<Q, S> call) {
      this.call = call;
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      end.complete(status);
    }

    Status end() throws Exception {
      return end.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
  }
}
