package dev.rung.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.proto.v1.GetHealthRequest;
import dev.rung.proto.v1.GetHealthResponse;
import dev.rung.proto.v1.ServerServiceGrpc;
import dev.rung.proto.v1.ServerServiceGrpc.ServerServiceBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server says to clients that do not know it, or do not know TLS. */
class TlsTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir private static Path certificates;
  private static CertificateAuthority authority;
  private static CertificateAuthority stranger;

  private final List<ManagedChannel> channels = new ArrayList<>();
  private @Nullable ServerTls tls;
  private @Nullable Server server;

  @BeforeAll
  static void make() {
    authority = new CertificateAuthority(certificates.resolve("own"));
    authority.create();
    stranger = new CertificateAuthority(certificates.resolve("stranger"));
    stranger.create();
  }

  @AfterEach
  void end() {
    channels.forEach(ManagedChannel::shutdownNow);
    if (server != null) {
      server.shutdownNow();
    }
  }

  @Test
  void shouldServeWhoTrustsItsAuthority() throws Exception {
    start(List.of("localhost", "127.0.0.1"));
    assertThat(health(dial(authority, "localhost"))).isEqualTo("well");
    assertThat(health(dial(authority, "127.0.0.1"))).isEqualTo("well");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(authority.serverKey())))
        .isEqualTo("rw-------");
    assertThat(authority.hosts()).containsExactly("localhost", "127.0.0.1");
  }

  @Test
  void shouldBeRefusedByWhoTrustsAnother() throws Exception {
    start(List.of("localhost"));
    assertThat(refusal(dial(stranger, "localhost"))).contains("trust anchors");
  }

  @Test
  void shouldBeRefusedUnderANameThatIsNotItsOwn() throws Exception {
    start(List.of("rung.example"));
    assertThat(refusal(dial(authority, "localhost"))).contains("localhost");
  }

  @Test
  void shouldBeRefusedWithACertificateThatHasExpired() throws Exception {
    authority.certifyServer(List.of("localhost"), "-10d", DAY.multipliedBy(5));
    assertThatThrownBy(() -> open(Clock.systemUTC()))
        .isInstanceOf(AccessException.class)
        .hasMessageContaining("expected a certificate that is valid now in")
        .hasMessageContaining("it has expired at");

    // A server whose certificate expired while it ran: its clients look for themselves.
    serve(open(Clock.offset(Clock.systemUTC(), DAY.multipliedBy(-7))));
    assertThat(refusal(dial(authority, "localhost"))).contains("NotAfter");
  }

  @Test
  void shouldRefuseWhoSpeaksWithoutTls() throws Exception {
    start(List.of("localhost"));
    ManagedChannel plain =
        NettyChannelBuilder.forAddress("localhost", port()).usePlaintext().build();
    channels.add(plain);
    assertThatThrownBy(() -> health(plain)).isInstanceOf(StatusRuntimeException.class);
  }

  /** The client can do all of them: it is the server that cannot. */
  @ParameterizedTest
  @CsvSource({
    "TLSv1, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLSv1.1, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA",
    "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"
  })
  void shouldRefuseWhatIsWeak(String version, String cipher) throws Exception {
    start(List.of("localhost"));
    assertThatThrownBy(() -> health(dial(version, cipher)))
        .isInstanceOf(StatusRuntimeException.class)
        .hasMessageContaining("UNAVAILABLE");
  }

  @ParameterizedTest
  @CsvSource({
    "TLSv1.2, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLSv1.2, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    "TLSv1.3, TLS_AES_256_GCM_SHA384"
  })
  void shouldSpeakWhatIsStrong(String version, String cipher) throws Exception {
    start(List.of("localhost"));
    assertThat(health(dial(version, cipher))).isEqualTo("well");
  }

  @Test
  void shouldRefuseAKeyThatIsNotTheCertificates() throws Exception {
    authority.certifyServer(List.of("localhost"));
    stranger.certifyServer(List.of("localhost"));
    TlsFiles mixed =
        new TlsFiles(authority.serverCertificate(), stranger.serverKey(), Optional.empty());
    assertThatThrownBy(() -> ServerTls.open(mixed, Clock.systemUTC()))
        .isInstanceOf(AccessException.class)
        .hasMessageContaining("expected the key of the certificate");
  }

  @Test
  void shouldSayNothingOfWhatIsInAKey(@TempDir Path folder) throws Exception {
    authority.certifyServer(List.of("localhost"));
    String secret = "c2VjcmV0LWNhbmFyeQ==";
    Path key =
        Files.writeString(
            folder.resolve("key"),
            "-----BEGIN PRIVATE KEY-----\n" + secret + "\n-----END PRIVATE KEY-----\n");
    assertThatThrownBy(() -> Pem.key(key))
        .isInstanceOf(AccessException.class)
        .hasMessageContaining(key.toString())
        .hasNoCause()
        .hasMessageNotContainingAny(secret, "secret-canary");
  }

  @Test
  void shouldTakeOnlyClientsThatItsAuthoritySigned() throws Exception {
    authority.certifyServer(List.of("localhost"));
    serve(
        ServerTls.open(
            new TlsFiles(
                authority.serverCertificate(),
                authority.serverKey(),
                Optional.of(stranger.authorityCertificate())),
            Clock.systemUTC()));
    assertThatThrownBy(() -> health(dial(authority, "localhost")))
        .isInstanceOf(StatusRuntimeException.class);
  }

  /** Calls on new connections and on old ones, while the certificate is replaced. */
  @Test
  void shouldFailNoCallWhileItsKeysAreReplaced() throws Exception {
    start(List.of("localhost"));
    X509Certificate first = Pem.certificates(authority.serverCertificate()).get(0);
    AtomicBoolean going = new AtomicBoolean(true);
    int calls = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      List<Future<Integer>> callers = new ArrayList<>();
      callers.add(threads.submit(repeat(going, false)));
      callers.add(threads.submit(repeat(going, true)));
      callers.add(threads.submit(repeat(going, true)));
      for (int i = 0; i < 3; i++) {
        authority.certifyServer(List.of("localhost"));
        refresh();
      }
      going.set(false);
      for (Future<Integer> caller : callers) {
        calls += caller.get(30, TimeUnit.SECONDS);
      }
    }
    X509Certificate last = Pem.certificates(authority.serverCertificate()).get(0);
    assertThat(served()).isEqualTo(last).isNotEqualTo(first);
    System.out.printf("rotation: 3 new certificates, %,d calls, none failed%n", calls);
    assertThat(calls).isGreaterThan(30);
  }

  @Test
  void shouldKeepItsKeysUntilBothFilesFit(@TempDir Path folder) throws Exception {
    start(List.of("localhost"));
    X509Certificate first = served();
    Path key = folder.resolve("key");
    Files.copy(authority.serverKey(), key);
    stranger.certifyServer(List.of("localhost"));
    Files.copy(stranger.serverKey(), authority.serverKey(), StandardCopyOption.REPLACE_EXISTING);

    refresh();

    assertThat(served()).isEqualTo(first);
    assertThat(health(dial(authority, "localhost"))).isEqualTo("well");
    Files.copy(key, authority.serverKey(), StandardCopyOption.REPLACE_EXISTING);
  }

  /** Calls for as long as it is told to, on one connection or each time on a new one. */
  private Callable<Integer> repeat(AtomicBoolean going, boolean anew) {
    return () -> {
      int calls = 0;
      ManagedChannel channel = dial(authority, "localhost");
      while (going.get()) {
        assertThat(health(channel)).isEqualTo("well");
        calls++;
        if (anew) {
          channel.shutdownNow();
          channel = dial(authority, "localhost");
        }
      }
      return calls;
    };
  }

  private void start(List<String> hosts) throws IOException {
    if (!Files.exists(authority.serverCertificate())
        || !authority.hosts().equals(hosts)
        || hasExpired()) {
      authority.certifyServer(hosts);
    }
    serve(open(Clock.systemUTC()));
  }

  private static boolean hasExpired() {
    X509Certificate made = Pem.certificates(authority.serverCertificate()).get(0);
    return made.getNotAfter().toInstant().isBefore(Instant.now());
  }

  private static ServerTls open(Clock clock) {
    return ServerTls.open(
        new TlsFiles(authority.serverCertificate(), authority.serverKey(), Optional.empty()),
        clock);
  }

  private void serve(ServerTls keys) throws IOException {
    tls = keys;
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sslContext(keys.context())
            .addService(
                new ServerServiceGrpc.ServerServiceImplBase() {
                  @Override
                  public void getHealth(
                      GetHealthRequest request, StreamObserver<GetHealthResponse> observer) {
                    observer.onNext(GetHealthResponse.newBuilder().setSoftware("well").build());
                    observer.onCompleted();
                  }
                })
            .build()
            .start();
  }

  private ManagedChannel dial(CertificateAuthority trusted, String host) throws IOException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(host, port())
            .sslContext(
                GrpcSslContexts.configure(SslContextBuilder.forClient())
                    .trustManager(trusted.authorityCertificate().toFile())
                    .build())
            .build();
    synchronized (channels) {
      channels.add(channel);
    }
    return channel;
  }

  private ManagedChannel dial(String version, String cipher) throws IOException {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("localhost", port())
            .sslContext(
                GrpcSslContexts.configure(SslContextBuilder.forClient())
                    .trustManager(authority.authorityCertificate().toFile())
                    .protocols(version)
                    .ciphers(List.of(cipher))
                    .build())
            .build();
    channels.add(channel);
    return channel;
  }

  private int port() {
    return Objects.requireNonNull(server).getPort();
  }

  private void refresh() {
    Objects.requireNonNull(tls).refresh();
  }

  private static String health(ManagedChannel channel) {
    ServerServiceBlockingStub stub = ServerServiceGrpc.newBlockingStub(channel);
    return stub.withDeadlineAfter(20, TimeUnit.SECONDS)
        .getHealth(GetHealthRequest.getDefaultInstance())
        .getSoftware();
  }

  /** Why a client does not speak to the server. */
  private static String refusal(ManagedChannel channel) {
    try {
      throw new AssertionError("expected no answer, but came " + health(channel));
    } catch (StatusRuntimeException e) {
      assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return String.valueOf(cause.getMessage());
    }
  }

  /** The certificate that a client is shown now. */
  private X509Certificate served() throws Exception {
    try (SSLSocket socket = socket()) {
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private SSLSocket socket() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Trusting()}, null);
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port());
    socket.setSoTimeout(20_000);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    try {
      socket.startHandshake();
    } catch (SSLException e) {
      socket.close();
      throw e;
    }
    return socket;
  }

  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
