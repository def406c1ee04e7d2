package dev.rung.access;

import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.Rule;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds every call to the rule of its rpc, before the service sees it, and open streams to their
 * tokens for as long as they are open.
 */
public final class Guard implements ServerInterceptor {
  /** The token of the call that is served; none where the server asks for none. */
  public static final Context.Key<Token> TOKEN = Context.key("token");

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final String SCHEME = "Bearer ";
  private static final String HINT = " (--token-file or RUNG_TOKEN gives it)";

  private final Optional<Tokens> tokens;
  private final Refusals refusals = new Refusals(System::nanoTime);
  private final Map<GuardedCall<?, ?>, Token> open = new ConcurrentHashMap<>();

  /**
   * A guard.
   *
   * @param tokens that callers must show; empty: none, on a loopback that its users trust
   */
  public Guard(Optional<Tokens> tokens) {
    this.tokens = tokens;
  }

  @Override
  public <Q, S> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
    Rule rule = Rules.of(call.getMethodDescriptor());
    if (rule == Rule.RULE_UNSPECIFIED || rule == Rule.UNRECOGNIZED) {
      return refuse(call, Status.PERMISSION_DENIED, "expected an rpc with a rule, but it has none");
    }
    if (tokens.isEmpty()) {
      return rule == Rule.RULE_ADMINISTER
          ? refuse(
              call,
              Status.PERMISSION_DENIED,
              "this server asks for no tokens, so it cannot know an admin: use --data DIR")
          : next.startCall(call, headers);
    }
    List<String> shown = shown(headers);
    if (shown.size() != 1 || !hasScheme(shown.get(0))) {
      return refuse(
          call,
          Status.UNAUTHENTICATED,
          "expected one token as 'authorization: Bearer TOKEN'%s, but came %s"
              .formatted(HINT, shown.isEmpty() ? "none" : "something else"));
    }
    Secret secret = Secret.of(shown.get(0).substring(SCHEME.length()).strip());
    Optional<Token> found = tokens.get().find(secret);
    if (found.isEmpty()) {
      return refuse(
          call,
          Status.UNAUTHENTICATED,
          "expected a token of this server" + HINT + ", but came another");
    }
    Token token = found.get();
    Token.State state = tokens.get().state(token);
    if (state != Token.State.VALID) {
      return refuse(call, Status.UNAUTHENTICATED, worthless(token, state));
    }
    if (!token.role().may(rule)) {
      return refuse(
          call,
          Status.PERMISSION_DENIED,
          "token %s has the role %s, which may not call %s"
              .formatted(
                  token.id(), token.role().text(), call.getMethodDescriptor().getFullMethodName()));
    }
    return watched(new GuardedCall<>(call), token, headers, next);
  }

  /** Ends every open stream whose token is worth nothing any more. */
  public void cutWorthless() {
    Iterator<Map.Entry<GuardedCall<?, ?>, Token>> calls = open.entrySet().iterator();
    while (tokens.isPresent() && calls.hasNext()) {
      Map.Entry<GuardedCall<?, ?>, Token> call = calls.next();
      Token.State state = tokens.get().state(call.getValue());
      if (state != Token.State.VALID) {
        calls.remove();
        call.getKey()
            .cut(Status.UNAUTHENTICATED.withDescription(worthless(call.getValue(), state)));
      }
    }
  }

  /** How many streams are open. */
  int open() {
    return open.size();
  }

  private <Q, S> ServerCall.Listener<Q> watched(
      GuardedCall<Q, S> call, Token token, Metadata headers, ServerCallHandler<Q, S> next) {
    boolean lasts =
        !call.getMethodDescriptor().getType().clientSendsOneMessage()
            || !call.getMethodDescriptor().getType().serverSendsOneMessage();
    if (lasts) {
      open.put(call, token);
    }
    ServerCall.Listener<Q> listener =
        Contexts.interceptCall(Context.current().withValue(TOKEN, token), call, headers, next);
    return new SimpleForwardingServerCallListener<>(listener) {
      @Override
      public void onMessage(Q message) {
        if (isOfAnotherPool(message, token)) {
          String why =
              "token %s is for nodes of the pool '%s' only".formatted(token.id(), token.pool());
          refusals.note(call, why);
          call.cut(Status.PERMISSION_DENIED.withDescription(why));
        }
        if (!call.isCut()) {
          super.onMessage(message);
        }
      }

      @Override
      public void onHalfClose() {
        if (!call.isCut()) {
          super.onHalfClose();
        }
      }

      @Override
      public void onCancel() {
        open.remove(call);
        super.onCancel();
      }

      @Override
      public void onComplete() {
        open.remove(call);
        if (call.isCut()) {
          // The service did not end it, so to the service it is as if the caller had left.
          super.onCancel();
        } else {
          super.onComplete();
        }
      }
    };
  }

  private static boolean isOfAnotherPool(Object message, Token token) {
    return !token.pool().isEmpty()
        && message instanceof NodeMessage node
        && node.hasHello()
        && !node.getHello().getPool().equals(token.pool());
  }

  private static List<String> shown(Metadata headers) {
    Iterable<String> all = headers.getAll(AUTHORIZATION);
    List<String> shown = new ArrayList<>();
    if (all != null) {
      all.forEach(shown::add);
    }
    return shown;
  }

  private static boolean hasScheme(String text) {
    return text.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  private static String worthless(Token token, Token.State state) {
    return "token %s %s".formatted(token.id(), state.text());
  }

  private <Q, S> ServerCall.Listener<Q> refuse(ServerCall<Q, S> call, Status status, String why) {
    refusals.note(call, why);
    call.close(status.withDescription(why), new Metadata());
    return new ServerCall.Listener<>() {};
  }
}
