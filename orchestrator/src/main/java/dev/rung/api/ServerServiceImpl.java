package dev.rung.api;

import com.google.protobuf.util.Durations;
import dev.rung.proto.v1.GetHealthRequest;
import dev.rung.proto.v1.GetHealthResponse;
import dev.rung.proto.v1.ServerServiceGrpc;
import dev.rung.study.ErrorCode;
import dev.rung.study.Trouble;
import io.grpc.stub.StreamObserver;
import java.util.List;

/** The server as clients see it. */
public final class ServerServiceImpl extends ServerServiceGrpc.ServerServiceImplBase {
  private final Health health;
  private final String software;

  /** A service of a server with this name and version. */
  public ServerServiceImpl(Health health, String software) {
    this.health = health;
    this.software = software;
  }

  @Override
  public void getHealth(GetHealthRequest request, StreamObserver<GetHealthResponse> observer) {
    Unary.answer(
        observer,
        () ->
            health
                .troubles()
                .exceptionally(failure -> {
                  throw new ApiException(
                      ErrorCode.UNAVAILABLE, "the server did not answer in time; try again");
                })
                .thenApply(this::toProto));
  }

  private GetHealthResponse toProto(List<Trouble> troubles) {
    GetHealthResponse.Builder message = GetHealthResponse.newBuilder().setSoftware(software);
    for (Trouble trouble : troubles) {
      message.addTroubles(
          dev.rung.proto.v1.Trouble.newBuilder()
              .setStudy(trouble.study())
              .setLasting(Durations.fromMillis(trouble.lasting().toMillis()))
              .setCause(trouble.cause()));
    }
    return message.build();
  }
}
