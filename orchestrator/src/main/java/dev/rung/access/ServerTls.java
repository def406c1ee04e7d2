package dev.rung.access;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's half of TLS: 1.2 and 1.3, ciphers that authenticate what they encrypt, and keys that
 * are taken from their files again when these change. Connections that are open go on with the keys
 * that they began with, so a change fails no call.
 */
public final class ServerTls {
  private static final Logger log = LoggerFactory.getLogger(ServerTls.class);

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /** All with an ephemeral exchange of keys and with authenticated encryption. */
  private static final List<String> CIPHERS =
      List.of(
          "TLS_AES_256_GCM_SHA384",
          "TLS_AES_128_GCM_SHA256",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private static final Duration SOON = Duration.ofDays(14);

  private final TlsFiles files;
  private final InstantSource clock;
  private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
  private final Optional<AdvancedTlsX509TrustManager> clients;
  private List<String> read = List.of();
  private boolean complained;

  private ServerTls(
      TlsFiles files, InstantSource clock, Optional<AdvancedTlsX509TrustManager> clients) {
    this.files = files;
    this.clock = clock;
    this.clients = clients;
  }

  /**
   * Reads the keys.
   *
   * @throws AccessException they cannot be used: a file is no such file, the key is not the
   *     certificate's, or the certificate has expired
   */
  public static ServerTls open(TlsFiles files, InstantSource clock) {
    try {
      Optional<AdvancedTlsX509TrustManager> clients =
          files.clientAuthority().isEmpty()
              ? Optional.empty()
              : Optional.of(
                  AdvancedTlsX509TrustManager.newBuilder()
                      .setVerification(Verification.CERTIFICATE_ONLY_VERIFICATION)
                      .build());
      ServerTls tls = new ServerTls(files, clock, clients);
      List<String> stamps = tls.stamps();
      tls.load();
      tls.read = stamps;
      return tls;
    } catch (IOException | GeneralSecurityException e) {
      throw new AccessException("expected keys for TLS that can be used, but: " + e, e);
    }
  }

  /** What Netty needs. */
  public SslContext context() {
    SslContextBuilder builder =
        GrpcSslContexts.configure(SslContextBuilder.forServer(keys))
            .protocols(PROTOCOLS)
            .ciphers(CIPHERS);
    clients.ifPresent(trust -> builder.trustManager(trust).clientAuth(ClientAuth.REQUIRE));
    try {
      return builder.build();
    } catch (SSLException e) {
      throw new AccessException("expected TLS to be possible, but: " + e, e);
    }
  }

  /**
   * Takes the keys anew where a file has changed. Two files change one after the other: until they
   * fit each other the old keys stay, as they do for files that are no good.
   */
  public synchronized void refresh() {
    try {
      List<String> stamps = stamps();
      if (!stamps.equals(read)) {
        load();
        read = stamps;
        complained = false;
      }
    } catch (IOException | GeneralSecurityException | AccessException e) {
      if (!complained) {
        log.error("The server goes on with the keys that it has: {}", e.getMessage());
        complained = true;
      }
    }
  }

  private void load() throws GeneralSecurityException, IOException {
    List<X509Certificate> chain = Pem.certificates(files.certificate());
    PrivateKey key = Pem.key(files.key());
    X509Certificate own = chain.get(0);
    if (!Pem.belongs(key, own)) {
      throw new AccessException(
          "expected the key of the certificate %s in %s, but came another"
              .formatted(files.certificate(), files.key()));
    }
    Instant end = own.getNotAfter().toInstant();
    if (!clock.instant().isBefore(end)) {
      throw new AccessException(
          "expected a certificate that is valid now in %s, but it has expired at %s"
              .formatted(files.certificate(), end));
    }
    if (clients.isPresent()) {
      List<X509Certificate> authorities = Pem.certificates(files.clientAuthority().orElseThrow());
      clients.get().updateTrustCredentials(authorities.toArray(X509Certificate[]::new));
    }
    keys.updateIdentityCredentials(chain.toArray(X509Certificate[]::new), key);
    if (clock.instant().plus(SOON).isBefore(end)) {
      log.info("the certificate in {} is valid until {}", files.certificate(), end);
    } else {
      log.warn("the certificate in {} is valid until {} only", files.certificate(), end);
    }
  }

  private List<String> stamps() throws IOException {
    List<Path> all = new ArrayList<>(List.of(files.certificate(), files.key()));
    files.clientAuthority().ifPresent(all::add);
    List<String> stamps = new ArrayList<>();
    for (Path file : all) {
      // Of the file that a link points to, as they are changed where an orchestrator mounts them.
      BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
      stamps.add(now.fileKey() + " " + now.lastModifiedTime() + " " + now.size());
    }
    return stamps;
  }
}
