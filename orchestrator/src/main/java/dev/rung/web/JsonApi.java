package dev.rung.web;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import com.google.protobuf.util.JsonFormat;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import dev.rung.api.ErrorMapper;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The rpcs of studies as POST with JSON: the protobuf JSON of the same messages. It only translates
 * to calls of the services behind it, which know tokens and limits.
 */
public final class JsonApi {
  /** Of a request: as of a message of gRPC. */
  static final int MOST_BYTES = 1 << 20;

  /** What comes with a call of gRPC has as many. */
  private static final int LONGEST_AUTHORIZATION = 8 << 10;

  /** Below the time after which the JDK's server cuts a connection that was not answered. */
  private static final long SECONDS_TO_ANSWER = 12;

  /** Fewer than the connections of the server, so that those who watch it are still answered. */
  static final int MOST_OPEN = 200;

  private static final String JSON = "application/json";
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /** The field that a message about bad input begins with. */
  private static final Pattern FIELD = Pattern.compile("([a-z_]+(\\[\\d+])?(\\.[a-z_]+)*): ");

  private static final Pattern UNKNOWN_FIELD = Pattern.compile("Cannot find field: (\\w+)");

  private final Channel channel;
  private final Executor executor;
  private final Semaphore free = new Semaphore(MOST_OPEN);

  /**
   * An api in front of services.
   *
   * @param channel to them
   * @param executor writes answers, and may block
   */
  public JsonApi(Channel channel, Executor executor) {
    this.channel = channel;
    this.executor = executor;
  }

  /** Reads a request whose Host was found to be right; the answer comes later, by itself. */
  void handle(HttpExchange exchange) throws IOException {
    try {
      begin(exchange);
    } catch (Refusal e) {
      refuse(exchange, e.status, String.valueOf(e.getMessage()), e.code);
    }
  }

  private void begin(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Route route =
        Route.find(path)
            .orElseThrow(() ->
                new Refusal(
                    404,
                    Status.Code.NOT_FOUND,
                    "path: expected one of docs/guide/ask-tell.md, but came " + cut(path)));
    if (!exchange.getRequestMethod().equals("POST")) {
      exchange.getResponseHeaders().set("Allow", "POST");
      throw new Refusal(
          405, Status.Code.UNIMPLEMENTED, "expected POST, but came " + exchange.getRequestMethod());
    }
    Headers headers = exchange.getRequestHeaders();
    checkOrigin(headers);
    checkType(headers.getFirst("Content-Type"));
    Metadata metadata = metadata(headers);
    Message request = request(route, path, body(exchange));
    call(exchange, route.rpc(), request, metadata);
  }

  /** A page in a browser names where it is from; only one of this server may call it. */
  private static void checkOrigin(Headers headers) {
    String origin = headers.getFirst("Origin");
    if (origin != null && !origin.equals("http://" + headers.getFirst("Host"))) {
      throw new Refusal(
          403,
          Status.Code.PERMISSION_DENIED,
          "expected no Origin but this server's own, but came " + cut(origin));
    }
  }

  /** No form of a foreign page can have this type without asking first. */
  private static void checkType(@Nullable String type) {
    String name = type == null ? "" : type.split(";", 2)[0].strip();
    if (!name.equalsIgnoreCase(JSON)) {
      throw new Refusal(
          415,
          Status.Code.INVALID_ARGUMENT,
          "expected Content-Type: application/json, but came "
              + (type == null ? "none" : cut(type)));
    }
  }

  private static Metadata metadata(Headers headers) {
    Metadata metadata = new Metadata();
    List<String> shown = headers.getOrDefault("Authorization", List.of());
    for (String authorization : shown) {
      if (authorization.length() > LONGEST_AUTHORIZATION) {
        throw new Refusal(
            431,
            Status.Code.RESOURCE_EXHAUSTED,
            "expected an Authorization of at most %,d characters, but came %,d"
                .formatted(LONGEST_AUTHORIZATION, authorization.length()));
      }
      metadata.put(AUTHORIZATION, authorization);
    }
    return metadata;
  }

  private static String body(HttpExchange exchange) throws IOException {
    byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
    if (body.length > MOST_BYTES) {
      throw new Refusal(
          413, Status.Code.RESOURCE_EXHAUSTED, "body: expected at most 1 MiB, but came more");
    }
    return new String(body, StandardCharsets.UTF_8);
  }

  private static Message request(Route route, String path, String body) {
    Message.Builder request = route.request();
    try {
      if (!body.isBlank()) {
        JsonFormat.parser().merge(body, request);
      }
      route.fill(request, path);
    } catch (InvalidProtocolBufferException e) {
      throw new Refusal(
          400,
          Status.Code.INVALID_ARGUMENT,
          "%s: expected the JSON of %s, but: %s"
              .formatted(
                  unknownField(String.valueOf(e.getMessage())),
                  request.getDescriptorForType().getFullName(),
                  cut(String.valueOf(e.getMessage()))));
    } catch (IllegalArgumentException e) {
      throw new Refusal(400, Status.Code.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
    }
    return request.build();
  }

  private static String unknownField(String message) {
    Matcher unknown = UNKNOWN_FIELD.matcher(message);
    return unknown.find() ? unknown.group(1) : "body";
  }

  @SuppressWarnings("unchecked") // What a route makes is of its rpc.
  private void call(
      HttpExchange exchange, MethodDescriptor<?, ?> rpc, Message request, Metadata metadata) {
    Channel with =
        ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(metadata));
    ClientCall<Message, Message> call =
        with.newCall(
            (MethodDescriptor<Message, Message>) rpc,
            CallOptions.DEFAULT
                .withExecutor(executor)
                .withDeadlineAfter(SECONDS_TO_ANSWER, TimeUnit.SECONDS));
    if (!free.tryAcquire()) {
      throw new Refusal(
          429,
          Status.Code.RESOURCE_EXHAUSTED,
          "expected at most %d calls over HTTP at a time, but came more".formatted(MOST_OPEN));
    }
    ClientCalls.asyncUnaryCall(
        call,
        request,
        new StreamObserver<>() {
          private Optional<Message> answer = Optional.empty();

          @Override
          public void onNext(Message message) {
            answer = Optional.of(message);
          }

          @Override
          public void onError(Throwable failure) {
            free.release();
            Status status = Status.fromThrowable(failure);
            refuse(
                exchange,
                ErrorMapper.http(status.getCode()),
                String.valueOf(status.getDescription()),
                status.getCode());
          }

          @Override
          public void onCompleted() {
            free.release();
            answer.ifPresent(message -> respond(exchange, 200, json(message)));
          }
        });
  }

  private static void refuse(HttpExchange exchange, int status, String message, Status.Code code) {
    com.google.protobuf.Struct.Builder error =
        com.google.protobuf.Struct.newBuilder()
            .putFields("code", text(code.name()))
            .putFields("message", text(message));
    Matcher field = FIELD.matcher(message);
    if (status == 400 && field.lookingAt()) {
      error.putFields("field", text(field.group(1)));
    }
    respond(exchange, status, json(error));
  }

  private static com.google.protobuf.Value text(String text) {
    return com.google.protobuf.Value.newBuilder().setStringValue(text).build();
  }

  private static String json(MessageOrBuilder message) {
    try {
      return JsonFormat.printer().omittingInsignificantWhitespace().print(message) + "\n";
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("the protocol has no message that JSON cannot say", e);
    }
  }

  private static void respond(HttpExchange exchange, int status, String json) {
    try (exchange) {
      WebServer.send(exchange, status, JSON, json);
    } catch (IOException e) {
      // Whoever called is gone.
    }
  }

  private static String cut(String text) {
    String head = text.length() > 200 ? text.substring(0, 200) + "..." : text;
    return head.replaceAll("\\p{Cntrl}", " ");
  }

  /** A request that is not passed on. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    final int status;
    final Status.Code code;

    Refusal(int status, Status.Code code, String message) {
      super(message);
      this.status = status;
      this.code = code;
    }
  }
}
