package dev.rung.benchmarks;

import com.google.protobuf.ByteString;
import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.proto.v1.ExportStudyRequest;
import dev.rung.proto.v1.ExportStudyResponse;
import dev.rung.proto.v1.FleetServiceGrpc;
import dev.rung.proto.v1.GetStudyRequest;
import dev.rung.proto.v1.ListNodesRequest;
import dev.rung.proto.v1.ListTrialsRequest;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.proto.v1.Trial;
import dev.rung.storage.StudyExport;
import io.grpc.ManagedChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Creates, shows and exports studies, and counts nodes. */
final class StudyClient implements AutoCloseable {
  private final ManagedChannel channel;

  StudyClient(int port) {
    this(Link.plain(port));
  }

  StudyClient(Link link) {
    channel = link.operator().build();
  }

  /** The id of a new study. */
  String create(String file) {
    return StudyServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(20, TimeUnit.SECONDS)
        .createStudy(
            CreateStudyRequest.newBuilder()
                .setFile(file)
                .setFileName("benchmark.yaml")
                .setKey(UUID.randomUUID().toString())
                .build())
        .getStudy()
        .getId();
  }

  Study show(String study) {
    return StudyServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .getStudy(GetStudyRequest.newBuilder().setStudy(study).build())
        .getStudy();
  }

  /** The first trial, from a read side that knows all that the study knows. */
  Trial firstTrial(String study) {
    return StudyServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .listTrials(ListTrialsRequest.newBuilder().setStudy(study).setLimit(1).build())
        .getTrials(0);
  }

  /**
   * All that happened to a study until now.
   *
   * @throws IOException the export cannot be read
   */
  StudyExport.Read export(String study) throws IOException {
    ByteString.Output bytes = ByteString.newOutput();
    Iterator<ExportStudyResponse> chunks =
        StudyServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(300, TimeUnit.SECONDS)
            .exportStudy(ExportStudyRequest.newBuilder().setStudy(study).build());
    while (chunks.hasNext()) {
      chunks.next().getChunk().writeTo(bytes);
    }
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(bytes.toByteString().newInput(), StandardCharsets.UTF_8))) {
      return StudyExport.read(lines);
    }
  }

  /** How many nodes have a session. */
  int nodes() {
    return FleetServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .withMaxInboundMessageSize(64 << 20)
        .listNodes(ListNodesRequest.getDefaultInstance())
        .getNodesCount();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
