package dev.rung.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server answers hellos of TLS 1.2 and 1.3 with authenticated encryption, and no others. */
@Timeout(120)
class TlsScanTest {
  private static final char[] PASSWORD = "password".toCharArray();

  /** TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, TLS_CHACHA20_POLY1305_SHA256 (RFC 8446). */
  private static final List<String> OF_1_3 =
      List.of("TLS 1.3 0x1301", "TLS 1.3 0x1302", "TLS 1.3 0x1303");

  /** TLS_ECDHE_ECDSA_WITH_AES_128_GCM, AES_256_GCM (RFC 5289), CHACHA20_POLY1305 (RFC 7905). */
  private static final List<String> OF_1_2_WITH_EC =
      List.of("TLS 1.2 0xc02b", "TLS 1.2 0xc02c", "TLS 1.2 0xcca9");

  /** The same three with RSA. */
  private static final List<String> OF_1_2_WITH_RSA =
      List.of("TLS 1.2 0xc02f", "TLS 1.2 0xc030", "TLS 1.2 0xcca8");

  @TempDir private Path folder;

  @Test
  void shouldAcceptOnlyWhatIsStrongWithAKeyOfAnEllipticCurve() throws Exception {
    CertificateAuthority authority = new CertificateAuthority(folder.resolve("own"));
    authority.create();
    authority.certifyServer(List.of("localhost"));

    assertThat(scan("EC key", authority.serverCertificate(), authority.serverKey()))
        .containsExactlyInAnyOrderElementsOf(with(OF_1_3, OF_1_2_WITH_EC));
  }

  @Test
  void shouldAcceptOnlyWhatIsStrongWithAnRsaKey() throws Exception {
    KeyStore store = keys("RSA");
    Path certificate = folder.resolve("rsa.crt");
    Path key = folder.resolve("rsa.key");
    Files.writeString(certificate, pem("CERTIFICATE", store.getCertificate("server").getEncoded()));
    Files.writeString(key, pem("PRIVATE KEY", store.getKey("server", PASSWORD).getEncoded()));

    assertThat(scan("RSA key", certificate, key))
        .containsExactlyInAnyOrderElementsOf(with(OF_1_3, OF_1_2_WITH_RSA));
  }

  /** The scan finds what is weak where there is something. */
  @Test
  void shouldSeeWhatAWeakerServerAccepts() throws Exception {
    CertificateAuthority authority = new CertificateAuthority(folder.resolve("own"));
    authority.create();
    authority.certifyServer(List.of("localhost"));
    SslContext weak =
        GrpcSslContexts.configure(
                SslContextBuilder.forServer(
                    authority.serverCertificate().toFile(), authority.serverKey().toFile()))
            .protocols("TLSv1", "TLSv1.1", "TLSv1.2")
            .ciphers(
                List.of(
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA"))
            .build();
    // The second suite as RFC 4492 numbers it.
    assertThat(scan("weak", weak))
        .containsExactlyInAnyOrder(
            "TLS 1.0 0xc009", "TLS 1.1 0xc009", "TLS 1.2 0xc009", "TLS 1.2 0xc02b");
  }

  private static List<String> scan(String kind, Path certificate, Path key) throws IOException {
    return scan(
        kind,
        ServerTls.open(new TlsFiles(certificate, key, Optional.empty()), Clock.systemUTC())
            .context());
  }

  private static List<String> scan(String kind, SslContext context) throws IOException {
    Server server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(context)
            .build()
            .start();
    try {
      List<String> accepted =
          new TlsScan(server.getPort()).run().stream().map(String::valueOf).toList();
      System.out.printf("tls scan, %s: accepted %s of %s%n", kind, accepted, TlsScan.offered());
      return accepted;
    } finally {
      server.shutdownNow();
    }
  }

  private KeyStore keys(String algorithm) throws Exception {
    Path file = folder.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                algorithm,
                "-keysize",
                "2048",
                "-alias",
                "server",
                "-dname",
                "CN=localhost",
                "-keystore",
                file.toString(),
                "-storepass",
                new String(PASSWORD))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("said").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private static String pem(String type, byte[] bytes) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, Base64.getMimeEncoder().encodeToString(bytes), type);
  }

  private static List<String> with(List<String> some, List<String> others) {
    List<String> all = new ArrayList<>(some);
    all.addAll(others);
    return all;
  }
}
