package dev.rung.cli;

import dev.rung.access.AccessException;
import dev.rung.access.Pem;
import dev.rung.access.Secret;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * A server and what it takes to call it.
 *
 * @param address HOST:PORT
 * @param authority file of who vouches for the server; empty: off loopback those that Java knows,
 *     on it nobody, and nothing is encrypted unless there is an identity
 * @param identity of the caller, for a server that takes only clients with one; empty: none
 * @param token that is shown
 */
record ServerAccess(
    String address, Optional<Path> authority, Optional<Identity> identity, Optional<Secret> token) {

  /** Files of a certificate and its key, in PEM. */
  record Identity(Path certificate, Path key) {}

  private static final Pattern LOOPBACK = Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1");
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,256}");
  private static final int MOST_BYTES = 4_096;

  private static final Metadata.Key<String> AUTHORIZATION =
      Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

  /**
   * The token in a file, of which blanks and the end of the line are no part.
   *
   * @throws Failure there is none
   */
  static Secret read(Path file) {
    byte[] bytes = NamedFile.read(file, Files::newInputStream, in -> in.readNBytes(MOST_BYTES));
    return token(file.toString(), new String(bytes, StandardCharsets.ISO_8859_1));
  }

  /**
   * A token that somebody gave.
   *
   * @param where it came from, for the message
   * @throws Failure it is none; what it is instead is not said
   */
  static Secret token(String where, String text) {
    String stripped = text.strip();
    if (!TOKEN.matcher(stripped).matches()) {
      throw new Failure(Failure.USAGE, where + ": expected a token, but came something else");
    }
    return Secret.of(stripped);
  }

  /**
   * A channel to be built, encrypted unless the server is on a loopback and neither side has a
   * certificate.
   *
   * @throws Failure the address or the file is no good
   */
  NettyChannelBuilder dial() {
    HostAndPort server = HostAndPort.parse(address);
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress(server.host(), server.port());
    if (authority.isEmpty() && identity.isEmpty() && LOOPBACK.matcher(server.host()).matches()) {
      builder.usePlaintext();
    } else {
      encrypt(builder);
    }
    token.ifPresent(secret -> builder.intercept(showing(secret)));
    return builder;
  }

  private void encrypt(NettyChannelBuilder builder) {
    try {
      SslContextBuilder tls = GrpcSslContexts.forClient();
      if (authority.isPresent()) {
        tls.trustManager(Pem.certificates(authority.get()).toArray(X509Certificate[]::new));
      }
      identity.ifPresent(own -> show(own, tls));
      builder.sslContext(tls.build());
    } catch (AccessException e) {
      throw new Failure(Failure.USAGE, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new Failure(Failure.FAILED, "expected TLS to be possible, but: " + e);
    }
  }

  private static void show(Identity own, SslContextBuilder tls) {
    List<X509Certificate> chain = Pem.certificates(own.certificate());
    PrivateKey key = Pem.key(own.key());
    if (!Pem.belongs(key, chain.get(0))) {
      throw new AccessException(
          "expected the key of the certificate %s in %s, but came another"
              .formatted(own.certificate(), own.key()));
    }
    tls.keyManager(key, chain.toArray(X509Certificate[]::new));
  }

  private static ClientInterceptor showing(Secret secret) {
    Metadata headers = new Metadata();
    headers.put(AUTHORIZATION, "Bearer " + secret.text());
    return MetadataUtils.newAttachHeadersInterceptor(headers);
  }

  /** Why a call failed where TLS is why; empty: it is not. */
  static Optional<String> distrust(Status status) {
    if (status.getCode() != Status.Code.UNAVAILABLE) {
      return Optional.empty();
    }
    Optional<String> why = Optional.empty();
    for (Throwable cause = status.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException || cause instanceof CertificateException) {
        why = Optional.of(String.valueOf(cause.getMessage()));
      }
    }
    return why;
  }
}
