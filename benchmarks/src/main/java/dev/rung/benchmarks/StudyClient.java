package dev.rung.benchmarks;

import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.proto.v1.GetStudyRequest;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/** Creates and shows studies. */
final class StudyClient implements AutoCloseable {
  private final ManagedChannel channel;

  StudyClient(int port) {
    channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
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

  @Override
  public void close() {
    channel.shutdownNow();
  }
}
