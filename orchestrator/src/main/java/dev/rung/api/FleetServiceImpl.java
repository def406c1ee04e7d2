package dev.rung.api;

import dev.rung.fleet.Fleet;
import dev.rung.fleet.NodeInfo;
import dev.rung.proto.v1.FleetServiceGrpc;
import dev.rung.proto.v1.ListNodesRequest;
import dev.rung.proto.v1.ListNodesResponse;
import dev.rung.proto.v1.Node;
import dev.rung.study.ErrorCode;
import io.grpc.stub.StreamObserver;
import java.util.List;

/** The fleet as clients see it. */
public final class FleetServiceImpl extends FleetServiceGrpc.FleetServiceImplBase {
  private final Fleet fleet;

  /** A service over a fleet. */
  public FleetServiceImpl(Fleet fleet) {
    this.fleet = fleet;
  }

  @Override
  public void listNodes(ListNodesRequest request, StreamObserver<ListNodesResponse> observer) {
    Unary.answer(
        observer,
        () ->
            fleet
                .nodes()
                .exceptionally(failure -> {
                  throw new ApiException(
                      ErrorCode.UNAVAILABLE, "the fleet did not answer in time; try again");
                })
                .thenApply(FleetServiceImpl::toProto));
  }

  private static ListNodesResponse toProto(List<NodeInfo> nodes) {
    ListNodesResponse.Builder message = ListNodesResponse.newBuilder();
    for (NodeInfo node : nodes) {
      message.addNodes(
          Node.newBuilder()
              .setName(node.name())
              .setSlots(node.slots())
              .setBusy(node.busy())
              .addAllKinds(node.kinds())
              .setPool(node.pool())
              .setPid(node.pid())
              .setSoftware(node.software()));
    }
    return message.build();
  }
}
