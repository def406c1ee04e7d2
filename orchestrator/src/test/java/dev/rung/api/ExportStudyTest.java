package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import dev.rung.checkpoint.Stores;
import dev.rung.proto.v1.ExportStudyRequest;
import dev.rung.proto.v1.ExportStudyResponse;
import dev.rung.proto.v1.GetStudyRequest;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.storage.StudyExport;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyStatus;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.BufferedReader;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportStudyTest {
  private static final String SOURCE = "name: digits # \u2028 ß\n".repeat(10_000);
  private static final int EVENTS = 5_000;

  @TempDir Path folder;
  private TestServer server;
  private ManagedChannel channel;

  @BeforeEach
  void start() {
    server = TestServer.inProcess(new StoreCheckpoints(Set.of(Stores.base(folder.toString()))));
    channel = server.channel();
    server.reads.studies.add(Samples.row(Samples.summary(StudyStatus.ENDED, "")));
    List<StudyEvent> events = new ArrayList<>();
    events.add(new StudyEvent.StudyCreated(1, Samples.CREATED, Samples.ID, Samples.PLAN, SOURCE));
    for (int number = 2; number <= EVENTS; number++) {
      events.add(new StudyEvent.StudyPaused(number, Samples.CREATED, "%0100d".formatted(number)));
    }
    server.history.events.addAll(events);
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  @Test
  void shouldSendEveryEventInSmallChunks() throws Exception {
    List<ExportStudyResponse> messages = new ArrayList<>();
    StudyServiceGrpc.newBlockingStub(channel)
        .exportStudy(request())
        .forEachRemaining(messages::add);

    assertThat(messages).allMatch(message -> message.getChunk().size() <= 64 * 1024);
    ByteString lines =
        messages.stream().map(ExportStudyResponse::getChunk).reduce(ByteString::concat).get();
    StudyExport.Read read =
        StudyExport.read(new BufferedReader(new StringReader(lines.toStringUtf8())));
    assertThat(read.header())
        .isEqualTo(new StudyExport.Header("rung-study", 1, Samples.ID, "digits", EVENTS, SOURCE));
    assertThat(read.events()).isEqualTo(server.history.events);
  }

  @Test
  void shouldReadNoMoreThanTheClientTakes() throws Exception {
    SlowReader<ExportStudyRequest, ExportStudyResponse> reader = new SlowReader<>();

    StudyServiceGrpc.newStub(channel).exportStudy(request(), reader);

    // The source comes twice, in the header and in the first event, before anything else does.
    for (int taken = 1; taken <= 3; taken++) {
      assertThat(reader.messages.poll(10, TimeUnit.SECONDS)).isNotNull();
      // An idle server: what it would read too early it has read by now.
      var unused =
          StudyServiceGrpc.newBlockingStub(channel)
              .getStudy(GetStudyRequest.newBuilder().setStudy("digits").build());
      assertThat(server.history.read).hasValueLessThanOrEqualTo(100);
      reader.call().request(1);
    }
    reader.call().cancel("enough", null);
  }

  @Test
  void shouldEndWithTheEventThatWasTheNewestAtTheBeginning() {
    Iterator<ExportStudyResponse> messages =
        StudyServiceGrpc.newBlockingStub(channel).exportStudy(request());
    ByteString lines = messages.next().getChunk();
    server.history.events.add(new StudyEvent.StudyResumed(EVENTS + 1, Samples.CREATED));

    while (messages.hasNext()) {
      lines = lines.concat(messages.next().getChunk());
    }

    assertThat(lines.toStringUtf8()).hasLineCount(1 + EVENTS);
  }

  @Test
  void shouldTellWhenThereIsNoSuchStudy() {
    assertThat(refusal(ExportStudyRequest.newBuilder().setStudy("nothing").build()))
        .isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void shouldTellWhenTheJournalIsGone() {
    server.history.events.clear();

    assertThat(refusal(request())).isEqualTo(Status.Code.DATA_LOSS);
  }

  private Status.Code refusal(ExportStudyRequest request) {
    return catchThrowableOfType(
            StatusRuntimeException.class,
            () -> StudyServiceGrpc.newBlockingStub(channel).exportStudy(request).hasNext())
        .getStatus()
        .getCode();
  }

  private static ExportStudyRequest request() {
    return ExportStudyRequest.newBuilder().setStudy("digits").build();
  }
}
