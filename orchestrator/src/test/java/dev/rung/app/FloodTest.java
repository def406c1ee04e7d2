package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.access.CertificateAuthority;
import dev.rung.access.Role;
import dev.rung.access.Security;
import dev.rung.access.TlsFiles;
import dev.rung.access.Tokens;
import dev.rung.proto.v1.ListStudiesRequest;
import dev.rung.proto.v1.StudyServiceGrpc;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many who hold connections open or drown them, beside one who calls as everybody does: he is
 * served as before, and they are closed.
 */
@Tag("nightly")
@Timeout(300)
class FloodTest {
  private static final int MANY = 1_000;
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(15);
  private static final Duration FLOOD = Duration.ofSeconds(8);
  private static final long BETWEEN_CALLS_MILLIS = 5;
  private static final long BETWEEN_DIALS_MILLIS = 250;

  /** Below this a tail says more of the machine than of the server. */
  private static final double LEAST_TAIL_MILLIS = 100;

  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  @TempDir private static Path folder;
  private static Server server;
  private static ManagedChannel channel;
  private static StudyServiceGrpc.StudyServiceBlockingStub honest;
  private static RunningServer plain;

  @BeforeAll
  static void start() throws Exception {
    plain = new RunningServer(folder.resolve("plain"), 0, Duration.ofSeconds(60));
    CertificateAuthority authority = new CertificateAuthority(folder.resolve("certs"));
    authority.create();
    authority.certifyServer(List.of("localhost"));
    Path data = Files.createDirectories(folder.resolve("data"));
    String viewer =
        Tokens.open(data, Clock.systemUTC())
            .create(Role.VIEWER, "", "", Duration.ofDays(1))
            .secret()
            .text();
    TlsFiles files =
        new TlsFiles(authority.serverCertificate(), authority.serverKey(), Optional.empty());
    server =
        Server.start(
            new ServerSettings(data, "127.0.0.1", 0, Duration.ofSeconds(60))
                .protectedBy(new Security(Optional.of(files), true)));
    channel =
        Grpc.newChannelBuilder(
                "localhost:" + server.port(),
                TlsChannelCredentials.newBuilder()
                    .trustManager(authority.authorityCertificate().toFile())
                    .build())
            .build();
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + viewer);
    honest =
        StudyServiceGrpc.newBlockingStub(channel)
            .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  @AfterAll
  static void end() {
    channel.shutdownNow();
    server.close();
    plain.close();
  }

  /** Something that goes on while another calls. */
  private interface Attack {
    void run() throws Exception;
  }

  /** How an honest caller fared. */
  private record Fared(int calls, int failed, double tailMillis) {}

  /** Calls until told to end, and notes how long each took. */
  private static Fared call(StudyServiceGrpc.StudyServiceBlockingStub stub, AtomicBoolean going)
      throws InterruptedException {
    List<Double> millis = new ArrayList<>();
    int failed = 0;
    while (going.get()) {
      long begun = System.nanoTime();
      try {
        var unused =
            stub.withDeadlineAfter(20, TimeUnit.SECONDS)
                .listStudies(ListStudiesRequest.getDefaultInstance());
      } catch (StatusRuntimeException e) {
        failed++;
      }
      millis.add((System.nanoTime() - begun) / 1e6);
      TimeUnit.MILLISECONDS.sleep(BETWEEN_CALLS_MILLIS);
    }
    double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return new Fared(sorted.length, failed, sorted[(int) (sorted.length * 0.99)]);
  }

  private static void shouldServeOthers(
      String what, StudyServiceGrpc.StudyServiceBlockingStub stub, Attack attack) throws Exception {
    Fared before = during(stub, () -> TimeUnit.SECONDS.sleep(5));
    long files = openFiles();
    Fared meanwhile = during(stub, attack);
    long left = openFiles() - files;
    System.out.printf(
        "flood: %s: %,d calls, %d failed, p99 %.1f ms (before: %.1f ms), %d more files open"
            + " after%n",
        what,
        meanwhile.calls(),
        meanwhile.failed(),
        meanwhile.tailMillis(),
        before.tailMillis(),
        left);
    assertThat(meanwhile.failed()).isLessThanOrEqualTo(meanwhile.calls() / 1_000);
    assertThat(meanwhile.tailMillis())
        .isLessThanOrEqualTo(Math.max(2 * before.tailMillis(), LEAST_TAIL_MILLIS));
    assertThat(left).isLessThan(50);
  }

  private static Fared during(StudyServiceGrpc.StudyServiceBlockingStub stub, Attack attack)
      throws Exception {
    AtomicBoolean going = new AtomicBoolean(true);
    try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
      Future<Fared> fared = thread.submit(() -> call(stub, going));
      try {
        attack.run();
      } finally {
        going.set(false);
      }
      return fared.get(60, TimeUnit.SECONDS);
    }
  }

  private static long openFiles() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
      return files.count();
    }
  }

  /** Connections that say a byte a second, until the server has closed all of them. */
  private static void dawdle(String what, int port, byte[] said) throws Exception {
    List<Socket> sockets = new ArrayList<>();
    long begun = System.nanoTime();
    try {
      for (int i = 0; i < MANY; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(1);
        sockets.add(socket);
      }
      long dialled = System.nanoTime();
      System.out.printf("flood: %s: %,d files open%n", what, openFiles());
      int next = 0;
      List<Socket> open = new ArrayList<>(sockets);
      while (!open.isEmpty()) {
        byte one = said[Math.min(next++, said.length - 2)];
        open.removeIf(socket -> isClosed(socket, one));
        assertThat(Duration.ofNanos(System.nanoTime() - dialled)).isLessThan(CLOSED_WITHIN);
        TimeUnit.SECONDS.sleep(1);
      }
      System.out.printf(
          "flood: %s: %,d connections closed after %,d ms%n",
          what, MANY, Duration.ofNanos(System.nanoTime() - begun).toMillis());
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  private static boolean isClosed(Socket socket, byte next) {
    try {
      socket.getOutputStream().write(next);
      socket.getOutputStream().flush();
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void shouldCloseConnectionsThatAreSlowToBegin() throws Exception {
    shouldServeOthers(
        "slow to begin",
        plain.studies().withDeadline(null),
        () -> dawdle("slow to begin", plain.server.port(), PREFACE));
  }

  @Test
  void shouldCloseHandshakesThatNeverEnd() throws Exception {
    // A handshake of 512 bytes is said to come (RFC 8446, sections 5.1 and 4).
    byte[] hello = new byte[64];
    byte[] begin = {22, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3};
    System.arraycopy(begin, 0, hello, 0, begin.length);
    shouldServeOthers("handshakes", honest, () -> dawdle("handshakes", server.port(), hello));
  }

  /** What one connection is drowned in. */
  private interface Drowning {
    void send(RawHttp2 client, int number) throws IOException;
  }

  /** Four that dial again a moment after they are closed; they share this machine's cores. */
  private static void drown(String what, Drowning drowning) throws Exception {
    AtomicBoolean going = new AtomicBoolean(true);
    List<Long> lived = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      List<Future<List<Long>>> offenders = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        offenders.add(threads.submit(() -> offend(drowning, going)));
      }
      TimeUnit.NANOSECONDS.sleep(FLOOD.toNanos());
      going.set(false);
      for (Future<List<Long>> offender : offenders) {
        lived.addAll(offender.get(30, TimeUnit.SECONDS));
      }
    }
    long longest = lived.stream().mapToLong(Long::longValue).max().orElseThrow();
    System.out.printf(
        "flood: %s: %,d connections closed, the last to go after %,d ms%n",
        what, lived.size(), longest);
    assertThat(longest).isLessThan(CLOSED_WITHIN.toMillis());
  }

  /** How long each connection was listened to, in milliseconds. */
  private static List<Long> offend(Drowning drowning, AtomicBoolean going) throws Exception {
    List<Long> lived = new ArrayList<>();
    while (going.get()) {
      long begun = System.nanoTime();
      try (RawHttp2 client = RawHttp2.greeted(plain.server.port())) {
        Thread reader = Thread.startVirtualThread(() -> readAll(client));
        try {
          for (int number = 0; reader.isAlive(); number++) {
            drowning.send(client, number);
          }
        } catch (IOException e) {
          // The server has closed it.
        }
      }
      lived.add(Duration.ofNanos(System.nanoTime() - begun).toMillis());
      TimeUnit.MILLISECONDS.sleep(BETWEEN_DIALS_MILLIS);
    }
    return lived;
  }

  private static void readAll(RawHttp2 client) {
    try {
      client.awaitClosed();
    } catch (IOException e) {
      // It is closed all the same.
    }
  }

  @Test
  void shouldCloseWhoBreaksOffWhatHeBegins() throws Exception {
    drowned(
        "rapid reset",
        (client, number) -> {
          client.call(2 * number + 1, "StudyService/ListStudies");
          client.frame(RawHttp2.RST_STREAM, 0, 2 * number + 1, new byte[] {0, 0, 0, 8});
          client.flush();
        });
  }

  @Test
  void shouldCloseWhoPingsWithoutEnd() throws Exception {
    drowned(
        "pings",
        (client, number) -> {
          client.frame(RawHttp2.PING, 0, 0, new byte[8]);
          client.flush();
        });
  }

  @Test
  void shouldCloseWhoChangesSettingsWithoutEnd() throws Exception {
    drowned(
        "settings",
        (client, number) -> {
          client.frame(RawHttp2.SETTINGS, 0, 0);
          client.flush();
        });
  }

  private static void drowned(String what, Drowning drowning) throws Exception {
    shouldServeOthers(what, plain.studies().withDeadline(null), () -> drown(what, drowning));
  }

  @Test
  void shouldEndTenThousandCallsThatSayNothing() throws Exception {
    shouldServeOthers(
        "idle calls",
        plain.studies().withDeadline(null),
        () -> {
          List<RawHttp2> clients = new ArrayList<>();
          try {
            for (int i = 0; i < 40; i++) {
              RawHttp2 client = RawHttp2.greeted(plain.server.port());
              clients.add(client);
              for (int call = 0; call < 250; call++) {
                client.call(2 * call + 1, "TrainerService/Connect");
              }
              client.flush();
            }
            long begun = System.nanoTime();
            int ended = 0;
            for (RawHttp2 client : clients) {
              boolean[] over = new boolean[250];
              int left = 250;
              while (left > 0) {
                RawHttp2.Frame frame = client.next();
                int call = frame.stream() / 2;
                if (frame.stream() > 0 && frame.ends(frame.stream()) && !over[call]) {
                  over[call] = true;
                  left--;
                  ended++;
                }
              }
            }
            Duration took = Duration.ofNanos(System.nanoTime() - begun);
            System.out.printf("flood: %,d idle calls ended after %,d ms%n", ended, took.toMillis());
            assertThat(took).isLessThan(CLOSED_WITHIN);
          } finally {
            for (RawHttp2 client : clients) {
              client.close();
            }
          }
        });
  }
}
