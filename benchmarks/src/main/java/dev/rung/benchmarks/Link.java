package dev.rung.benchmarks;

import dev.rung.access.CertificateAuthority;
import dev.rung.access.Role;
import dev.rung.access.Tokens;
import io.grpc.Metadata;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * How a server on the loopback is called.
 *
 * @param keys what it takes beside its port; empty: nothing
 */
record Link(int port, Optional<Keys> keys) {

  /**
   * TLS and tokens of one server.
   *
   * @param certificates the authority's folder
   * @param trainer token of nodes
   * @param operator token of who creates studies
   */
  record Keys(CertificateAuthority certificates, String trainer, String operator) {

    /** Makes them, for a server that is started after. */
    static Keys make(Path certificates, Path data) throws IOException {
      CertificateAuthority authority = new CertificateAuthority(certificates);
      authority.create();
      authority.certifyServer(List.of("127.0.0.1"));
      Tokens tokens = Tokens.open(Files.createDirectories(data), Clock.systemUTC());
      return new Keys(
          authority,
          tokens.create(Role.TRAINER, "", "", Tokens.USUAL_LIFETIME).secret().text(),
          tokens.create(Role.OPERATOR, "", "", Tokens.USUAL_LIFETIME).secret().text());
    }

    /** What {@code rung serve} is told. */
    List<String> arguments() {
      return List.of(
          "--auth",
          "--tls-cert",
          certificates.serverCertificate().toString(),
          "--tls-key",
          certificates.serverKey().toString());
    }
  }

  /** Without TLS and without a token. */
  static Link plain(int port) {
    return new Link(port, Optional.empty());
  }

  /** A channel of a trainer node. */
  NettyChannelBuilder trainer() {
    return dial(keys.map(Keys::trainer));
  }

  /** A channel of who creates studies. */
  NettyChannelBuilder operator() {
    return dial(keys.map(Keys::operator));
  }

  private NettyChannelBuilder dial(Optional<String> token) {
    NettyChannelBuilder builder = NettyChannelBuilder.forAddress("127.0.0.1", port);
    if (keys.isEmpty()) {
      return builder.usePlaintext();
    }
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + token.orElseThrow());
    try {
      return builder
          .sslContext(
              GrpcSslContexts.forClient()
                  .trustManager(keys.get().certificates().authorityCertificate().toFile())
                  .build())
          .intercept(MetadataUtils.newAttachHeadersInterceptor(headers));
    } catch (SSLException e) {
      throw new IllegalStateException("expected TLS to be possible", e);
    }
  }
}
