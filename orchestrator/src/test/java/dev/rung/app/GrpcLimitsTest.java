package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.proto.v1.ListStudiesRequest;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
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
                1_000,
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
}
