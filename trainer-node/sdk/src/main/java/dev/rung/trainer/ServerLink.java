package dev.rung.trainer;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.TlsChannelCredentials;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Dials a server, each time with the keys and the token that are in the files then, so that both
 * may be renewed while a node runs.
 */
final class ServerLink implements Supplier<ManagedChannel> {
  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,256}");
  private static final int MOST_BYTES = 4_096;

  /** Finds a server that vanished without a word. It allows a ping every 20 s. */
  private static final long SECONDS_BETWEEN_PINGS = 30;

  /** Gives a token when a call begins. */
  interface TokenSource {
    String token() throws IOException;
  }

  private final String target;
  private final boolean encrypted;
  private final @Nullable Path authority;
  private final @Nullable Path certificate;
  private final @Nullable Path key;
  private final @Nullable TokenSource tokens;

  /**
   * A way to a server.
   *
   * @param encrypted whether by TLS
   * @param authority who vouches for the server; null: whom the JVM trusts
   * @param certificate of the node, with {@code key}; null: it has none
   * @param tokens what is shown; null: nothing
   */
  ServerLink(
      String target,
      boolean encrypted,
      @Nullable Path authority,
      @Nullable Path certificate,
      @Nullable Path key,
      @Nullable TokenSource tokens) {
    this.target = target;
    this.encrypted = encrypted;
    this.authority = authority;
    this.certificate = certificate;
    this.key = key;
    this.tokens = tokens;
  }

  @Override
  public ManagedChannel get() {
    try {
      var builder = Grpc.newChannelBuilder(target, credentials());
      if (tokens != null) {
        builder.intercept(new Showing(check(tokens.token())));
      }
      return builder.keepAliveTime(SECONDS_BETWEEN_PINGS, TimeUnit.SECONDS).build();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read what it takes to dial the server: " + e, e);
    }
  }

  private ChannelCredentials credentials() throws IOException {
    if (!encrypted) {
      return InsecureChannelCredentials.create();
    }
    TlsChannelCredentials.Builder tls = TlsChannelCredentials.newBuilder();
    if (authority != null) {
      tls.trustManager(authority.toFile());
    }
    if (certificate != null && key != null) {
      tls.keyManager(certificate.toFile(), key.toFile());
    }
    return tls.build();
  }

  /** The token in a file, of which blanks and the end of the line are no part. */
  static TokenSource in(Path file) {
    return () -> {
      try (var in = Files.newInputStream(file)) {
        return new String(in.readNBytes(MOST_BYTES), StandardCharsets.ISO_8859_1);
      }
    };
  }

  /**
   * A token without blanks around it.
   *
   * @throws IllegalArgumentException it is none; what it is instead is not said
   */
  static String check(String token) {
    String stripped = token.strip();
    if (!TOKEN.matcher(stripped).matches()) {
      throw new IllegalArgumentException(
          "expected a token of 1 to 256 visible characters, got something else");
    }
    return stripped;
  }

  /** Shows a token with every call. */
  private static final class Showing implements ClientInterceptor {
    private final String value;

    Showing(String token) {
      this.value = "Bearer " + token;
    }

    @Override
    public <Q, S> ClientCall<Q, S> interceptCall(
        MethodDescriptor<Q, S> method, CallOptions options, Channel next) {
      return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
        @Override
        public void start(Listener<S> listener, Metadata headers) {
          headers.put(AUTHORIZATION, value);
          super.start(listener, headers);
        }
      };
    }
  }
}
