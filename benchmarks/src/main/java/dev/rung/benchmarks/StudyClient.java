package dev.rung.benchmarks;

import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.proto.v1.GetStudyRequest;
import dev.rung.proto.v1.ListTrialsRequest;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.proto.v1.Trial;
import io.grpc.ManagedChannel;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Creates and shows studies. */
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

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
