package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.ListStudiesRequest;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What one connection sends too much of takes no memory, and others do not notice. */
@Timeout(60)
class GrpcAbuseTest {
  private static final String CREATE = "StudyService/CreateStudy";
  private static final int MIB = 1 << 20;
  private static final long MOST_BYTES = 16L * MIB;
  private static final int MILLION = 1_000_000;

  /** The largest frame that a server has to take (RFC 9113, section 4.2). */
  private static final byte[] FRAME = new byte[1 << 14];

  private static final Logger TRANSPORT = Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty");

  private static final List<String> LOGGED = new CopyOnWriteArrayList<>();

  private static final Handler KEEPING =
      new Handler() {
        @Override
        public void publish(LogRecord line) {
          LOGGED.add(line.getLevel() + " " + line.getMessage());
        }

        @Override
        public void flush() {
          // Nothing is held back.
        }

        @Override
        public void close() {
          // Nothing is open.
        }
      };

  @TempDir private static Path data;
  private static RunningServer server;
  private RawHttp2 client;

  @BeforeAll
  static void start() throws IOException {
    TRANSPORT.addHandler(KEEPING);
    server = new RunningServer(data, 0, Duration.ofSeconds(60));
    // What is loaded and allocated once is not to be counted.
    try (RawHttp2 first = RawHttp2.greeted(server.server.port())) {
      declare(first, 2 * MIB);
      first.awaitEnd(1);
    }
    shouldServeOthers();
  }

  @AfterAll
  static void end() {
    server.close();
    TRANSPORT.removeHandler(KEEPING);
  }

  @BeforeEach
  void dial() throws IOException {
    client = RawHttp2.greeted(server.server.port());
  }

  @AfterEach
  void close() throws IOException {
    client.close();
    shouldServeOthers();
    assertThat(LOGGED).as("what a caller can have the server log").isEmpty();
  }

  private static void shouldServeOthers() {
    assertThat(server.studies().listStudies(ListStudiesRequest.getDefaultInstance()).getTotal())
        .isZero();
  }

  /** Begins a call whose message says that it has so many bytes. */
  private static void declare(RawHttp2 caller, int bytes) throws IOException {
    caller.call(1, CREATE);
    caller.frame(
        RawHttp2.DATA,
        0,
        1,
        (byte) 0,
        (byte) (bytes >> 24),
        (byte) (bytes >> 16),
        (byte) (bytes >> 8),
        (byte) bytes);
    caller.flush();
  }

  @Test
  void shouldMakeNoRoomForAHundredMegabytes() throws IOException {
    long before = allocated();
    declare(client, 100 * MIB);
    // As much as a caller may send that waits for no answer.
    for (int sent = 5; sent + FRAME.length < 65_535; sent += FRAME.length) {
      client.frame(RawHttp2.DATA, 0, 1, FRAME);
    }
    client.flush();
    client.awaitEnd(1);
    shouldHaveAllocatedLittle("a message of 100 MiB", before);
  }

  @Test
  void shouldMakeNoRoomForAByteAboveOneMebibyte() throws IOException {
    long before = allocated();
    declare(client, MIB + 1);
    client.awaitEnd(1);
    shouldHaveAllocatedLittle("a message of 1 MiB + 1 B", before);
  }

  @Test
  void shouldMakeNoRoomForTenThousandEntriesOfMetadata() throws IOException {
    Map<String, String> entries =
        IntStream.range(0, 10_000).boxed().collect(Collectors.toMap(i -> "x-" + i, i -> "v"));
    byte[] block = RawHttp2.headers(CREATE, entries);
    long before = allocated();
    try {
      client.frame(RawHttp2.HEADERS, 0, 1);
      for (int sent = 0; sent < block.length; sent += FRAME.length) {
        int end = Math.min(block.length, sent + FRAME.length);
        client.frame(
            RawHttp2.CONTINUATION,
            end == block.length ? RawHttp2.END_HEADERS : 0,
            1,
            Arrays.copyOfRange(block, sent, end));
      }
      client.flush();
    } catch (IOException e) {
      // It was not listened to until the end.
    }
    client.awaitEnd(1);
    shouldHaveAllocatedLittle("10,000 entries of metadata", before);
  }

  /** A message that comes whole but for its last byte, each byte in a frame of its own. */
  @Test
  void shouldHoldAMillionFramesOfOneByteInLittleMemory() throws IOException {
    long before = live();
    declare(client, MILLION);
    for (int sent = 1; sent < MILLION; sent++) {
      client.frame(RawHttp2.DATA, 0, 1, (byte) 'x');
    }
    client.flush();
    // What is asked on the same connection is answered in order.
    client.frame(RawHttp2.PING, 0, 0, new byte[8]);
    client.flush();
    awaitPong();
    shouldServeOthers();
    shouldHoldLittle("1,000,000 frames of 1 B", before);
  }

  @Test
  void shouldCloseAConnectionWhoseFramesSayNothing() throws IOException {
    long before = live();
    long begun = System.nanoTime();
    for (int type : new int[] {RawHttp2.DATA, RawHttp2.SETTINGS, RawHttp2.PRIORITY}) {
      try (RawHttp2 offender = RawHttp2.greeted(server.server.port())) {
        offender.call(1, CREATE);
        byte[] payload = new byte[type == RawHttp2.PRIORITY ? 5 : 0];
        int stream = type == RawHttp2.SETTINGS ? 0 : 1;
        try {
          for (int sent = 0; sent < MILLION; sent++) {
            offender.frame(type, 0, stream, payload);
          }
          offender.flush();
        } catch (IOException e) {
          // It was not listened to until the end.
        }
        offender.awaitClosed();
      }
    }
    System.out.printf(
        "abuse: frames that say nothing: closed 3 times in %,d ms%n",
        Duration.ofNanos(System.nanoTime() - begun).toMillis());
    shouldServeOthers();
    shouldHoldLittle("frames that say nothing", before);
  }

  private void awaitPong() throws IOException {
    RawHttp2.Frame frame = client.next();
    while (frame.type() != RawHttp2.PING || frame.flags() == 0) {
      frame = client.next();
    }
  }

  private static void shouldHaveAllocatedLittle(String what, long before) {
    long bytes = allocated() - before;
    System.out.printf("abuse: %s: %,d bytes allocated%n", what, bytes);
    assertThat(bytes).isLessThan(MOST_BYTES);
  }

  private static void shouldHoldLittle(String what, long before) {
    long bytes = live() - before;
    System.out.printf("abuse: %s: %,d bytes held%n", what, bytes);
    assertThat(bytes).isLessThan(MOST_BYTES);
  }

  /** Bytes that all threads ever made room for on the heap, and those outside of it now. */
  private static long allocated() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getTotalThreadAllocatedBytes() + outside();
  }

  /** Bytes that are in use now. */
  private static long live() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + outside();
  }

  private static long outside() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }
}
