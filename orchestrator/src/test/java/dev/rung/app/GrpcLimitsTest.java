package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.proto.v1.ListStudiesRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is too much for one caller is that caller's trouble alone. */
class GrpcLimitsTest {
  private static final int MOST_BYTES = 1 << 20;

  @TempDir private static Path data;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = new RunningServer(data, 0, Duration.ofSeconds(60));
  }

  @AfterAll
  static void end() {
    server.close();
  }

  @AfterEach
  void shouldHaveServedOthersAllTheWhile() {
    assertThat(server.studies().listStudies(ListStudiesRequest.getDefaultInstance()).getTotal())
        .isZero();
  }

  @Test
  void shouldKeepToTheNumbersThatItIsDocumentedToHave() {
    assertThat(GrpcSettings.DEFAULTS)
        .isEqualTo(
            new GrpcSettings(
                1_048_576,
                8_192,
                256,
                200,
                Duration.ofSeconds(10),
                Duration.ofSeconds(10),
                Duration.ofMinutes(15),
                Duration.ofSeconds(20),
                Duration.ofMinutes(1),
                Duration.ofDays(1),
                Duration.ofMinutes(5)));
  }

  @Test
  void shouldReadAMessageOfOneMebibyteAndNotOneByteMore() {
    // The first is refused by what reads study files, which have at most 256 KiB.
    assertThat(refusal(MOST_BYTES)).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(refusal(MOST_BYTES + 1)).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
  }

  private static Status.Code refusal(int bytes) {
    CreateStudyRequest.Builder request = CreateStudyRequest.newBuilder().setFile("x".repeat(bytes));
    int more = request.build().getSerializedSize() - bytes;
    CreateStudyRequest exact = request.setFile("x".repeat(bytes - more)).build();
    assertThat(exact.getSerializedSize()).isEqualTo(bytes);
    try {
      throw new AssertionError(
          "expected a refusal, but came " + server.studies().createStudy(exact));
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    }
  }

  @Test
  void shouldRefuseTenThousandEntriesOfMetadata() {
    Metadata metadata = new Metadata();
    for (int i = 0; i < 10_000; i++) {
      metadata.put(Metadata.Key.of("x-" + i, Metadata.ASCII_STRING_MARSHALLER), "");
    }
    var studies =
        server.studies().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    assertThatThrownBy(() -> studies.listStudies(ListStudiesRequest.getDefaultInstance()))
        .isInstanceOf(StatusRuntimeException.class);
  }

  /** The answer comes when the message has said its size: none of its bytes are sent here. */
  @Test
  void shouldRefuseAHundredMegabytesBeforeTheyCome() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.server.port())) {
      socket.setSoTimeout(20_000);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      frame(out, 4, 0, 0, new byte[0]);
      frame(out, 1, 4, 1, headers());
      frame(out, 0, 0, 1, new byte[] {0, 0x06, 0x40, 0, 0});
      out.flush();
      assertThat(awaitEnd(new DataInputStream(socket.getInputStream()))).isTrue();
    }
  }

  /** A frame of HTTP/2 (RFC 9113, section 4.1). */
  private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.writeByte(payload.length >> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
  }

  /** A call's headers (RFC 7541): POST and http by their indices, the rest as they are. */
  private static byte[] headers() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(0x83);
    out.write(0x86);
    out.write(0x04);
    text(out, "/rung.v1.StudyService/CreateStudy");
    out.write(0x01);
    text(out, "localhost");
    out.write(0x0f);
    out.write(0x10);
    text(out, "application/grpc");
    out.write(0);
    text(out, "te");
    text(out, "trailers");
    return out.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) throws IOException {
    out.write(text.length());
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Waits until the call has ended: by its trailers, or reset. */
  private static boolean awaitEnd(DataInputStream in) throws IOException {
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      in.skipNBytes(length);
      if (stream == 1 && (type == 3 || (type == 1 && (flags & 1) != 0))) {
        return true;
      }
    }
  }
}
