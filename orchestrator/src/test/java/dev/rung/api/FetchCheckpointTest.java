package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rung.checkpoint.Stores;
import dev.rung.proto.v1.FetchCheckpointRequest;
import dev.rung.proto.v1.FetchCheckpointResponse;
import dev.rung.proto.v1.GetStudyRequest;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.study.Entry;
import dev.rung.study.StudyStatus;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FetchCheckpointTest {
  private static final int BYTES = 1_000_001;

  @TempDir Path folder;
  private Path root;
  private Path file;
  private byte[] content;
  private final AtomicLong read = new AtomicLong();
  private final AtomicBoolean closed = new AtomicBoolean();
  private TestServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws IOException {
    root = Files.createDirectories(folder.resolve("checkpoints"));
    file = Files.createDirectories(root.resolve("study/2/2")).resolve("9.ckpt");
    content = new byte[BYTES];
    new Random(1).nextBytes(content);
    Files.write(file, content);
    StoreCheckpoints files = new StoreCheckpoints(Set.of(Stores.base(root.toString())));
    server = TestServer.inProcess(checkpoint -> counted(files.open(checkpoint)));
    channel = server.channel();
    server.reads.studies.add(Samples.row(Samples.summary(StudyStatus.ENDED, "")));
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  @Test
  void shouldSendTheContentInSmallChunks() throws Exception {
    offer(file.toUri().toString());

    List<FetchCheckpointResponse> messages = fetch();

    assertThat(messages.get(0).getTrial()).isEqualTo(2);
    assertThat(messages.get(0).getCheckpoint().getStep()).isEqualTo(9);
    assertThat(messages).allMatch(m -> m.getChunk().size() <= 64 * 1024);
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    for (FetchCheckpointResponse message : messages) {
      message.getChunk().writeTo(received);
    }
    assertThat(received.toByteArray()).isEqualTo(content);
  }

  @Test
  void shouldSendAnEmptyFile() throws Exception {
    content = new byte[0];
    Files.write(file, content);
    offer(file.toUri().toString());

    assertThat(fetch()).singleElement().matches(FetchCheckpointResponse::hasCheckpoint);
  }

  @Test
  void shouldReadNoMoreThanTheClientTakes() throws Exception {
    offer(file.toUri().toString());
    SlowReader<FetchCheckpointRequest, FetchCheckpointResponse> reader = new SlowReader<>();

    StudyServiceGrpc.newStub(channel).fetchCheckpoint(request(), reader);

    for (int taken = 1; taken <= 3; taken++) {
      assertThat(reader.messages.poll(10, TimeUnit.SECONDS)).isNotNull();
      // An idle server: what it would read too early it has read by now.
      var unused = StudyServiceGrpc.newBlockingStub(channel).getStudy(study());
      assertThat(read.get()).isLessThanOrEqualTo((taken + 1) * 64L * 1024);
      reader.call().request(1);
    }
    reader.call().cancel("enough", null);
    await(closed::get);
  }

  @Test
  void shouldTellWhenTheContentIsDamaged() throws Exception {
    offer(file.toUri().toString());
    content[500_000]++;
    Files.write(file, content);

    assertThat(refusal()).isEqualTo(Status.Code.DATA_LOSS);
  }

  @Test
  void shouldTellWhenTheFileIsGoneOrOfAnotherSize() throws Exception {
    offer(file.toUri().toString());
    Files.write(file, new byte[] {1});
    assertThat(refusal()).isEqualTo(Status.Code.DATA_LOSS);

    Files.delete(file);
    assertThat(refusal()).isEqualTo(Status.Code.DATA_LOSS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%s/../secret",
        "%s/study/%%2e%%2e/../secret",
        "%s/link/secret",
        "%s/link-to-secret",
        "%s-beside/secret",
        "s3://bucket/secret",
        "http://127.0.0.1/secret",
        "file://host/secret",
        "file:secret",
        "/etc/passwd",
        "file:///etc/passwd#x",
        "file:/\u0000",
        ""
      })
  void shouldReadNothingOutsideTheRoot(String place) throws Exception {
    Path secret = Files.write(folder.resolve("secret"), content);
    Path beside = Files.createDirectories(folder.resolve("checkpoints-beside"));
    Files.copy(secret, beside.resolve("secret"));
    Files.createSymbolicLink(root.resolve("link"), folder);
    Files.createSymbolicLink(root.resolve("link-to-secret"), secret);
    offer(place.formatted("file:" + root));

    assertThat(refusal()).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void shouldTellWhenATrialHasNoCheckpoint() {
    server.reads.trials.add(Samples.best(null));

    assertThat(refusal()).isEqualTo(Status.Code.NOT_FOUND);
  }

  private void offer(String place) throws GeneralSecurityException {
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    server.reads.trials.add(Samples.best(new Entry.Checkpoint(9, place, content.length, digest)));
  }

  private List<FetchCheckpointResponse> fetch() {
    List<FetchCheckpointResponse> messages = new ArrayList<>();
    StudyServiceGrpc.newBlockingStub(channel)
        .fetchCheckpoint(request())
        .forEachRemaining(messages::add);
    return messages;
  }

  private Status.Code refusal() {
    return catchThrowableOfType(StatusRuntimeException.class, this::fetch).getStatus().getCode();
  }

  private static FetchCheckpointRequest request() {
    return FetchCheckpointRequest.newBuilder().setStudy("digits").build();
  }

  private static GetStudyRequest study() {
    return GetStudyRequest.newBuilder().setStudy("digits").build();
  }

  private InputStream counted(InputStream file) {
    return new FilterInputStream(file) {
      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = super.read(buffer, offset, length);
        read.addAndGet(Math.max(0, count));
        return count;
      }

      @Override
      public int readNBytes(byte[] buffer, int offset, int length) throws IOException {
        int count = in.readNBytes(buffer, offset, length);
        read.addAndGet(count);
        return count;
      }

      @Override
      public void close() throws IOException {
        super.close();
        closed.set(true);
      }
    };
  }

  private static void await(BooleanSupplier condition) throws TimeoutException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new TimeoutException("the condition did not come true");
      }
      Thread.onSpinWait();
    }
  }
}
