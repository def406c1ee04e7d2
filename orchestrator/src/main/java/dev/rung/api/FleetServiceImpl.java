package dev.rung.api;

import dev.rung.fleet.Fleet;
import dev.rung.fleet.NodeInfo;
import dev.rung.fleet.RatedNode;
import dev.rung.proto.v1.CountSlotsRequest;
import dev.rung.proto.v1.CountSlotsResponse;
import dev.rung.proto.v1.DrainNodeRequest;
import dev.rung.proto.v1.DrainNodeResponse;
import dev.rung.proto.v1.FleetServiceGrpc;
import dev.rung.proto.v1.GpuReading;
import dev.rung.proto.v1.ListNodesRequest;
import dev.rung.proto.v1.ListNodesResponse;
import dev.rung.proto.v1.Node;
import dev.rung.proto.v1.SlotCount;
import dev.rung.study.ErrorCode;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The fleet as clients see it. */
public final class FleetServiceImpl extends FleetServiceGrpc.FleetServiceImplBase {
  private static final int LONGEST_REASON = 256;
  private static final Duration LONGEST_DRAIN = Duration.ofHours(24);

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
                  throw silent();
                })
                .thenApply(FleetServiceImpl::toProto));
  }

  @Override
  public void countSlots(CountSlotsRequest request, StreamObserver<CountSlotsResponse> observer) {
    Unary.answer(
        observer,
        () ->
            fleet
                .slots()
                .exceptionally(failure -> {
                  throw silent();
                })
                .thenApply(counts -> {
                  CountSlotsResponse.Builder message = CountSlotsResponse.newBuilder();
                  for (dev.rung.fleet.SlotCount count : counts) {
                    message.addCounts(
                        SlotCount.newBuilder()
                            .setKind(count.kind())
                            .setWanted(count.wanted())
                            .setFree(count.free())
                            .setBusy(count.busy()));
                  }
                  return message.build();
                }));
  }

  @Override
  public void drainNode(DrainNodeRequest request, StreamObserver<DrainNodeResponse> observer) {
    Unary.answer(
        observer,
        () -> {
          String reason = reason(request.getReason());
          Optional<Duration> deadline =
              request.hasDeadline()
                  ? Optional.of(deadline(request.getDeadline()))
                  : Optional.empty();
          return fleet
              .drain(request.getNode(), reason, deadline)
              .exceptionally(failure -> {
                throw silent();
              })
              .thenApply(isThere -> {
                if (!isThere) {
                  throw new ApiException(
                      ErrorCode.NOT_FOUND,
                      "there is no connected node '%s'".formatted(request.getNode()));
                }
                return DrainNodeResponse.getDefaultInstance();
              });
        });
  }

  private static String reason(String text) {
    String reason = Limits.text("reason", text, 0, LONGEST_REASON);
    if (reason.chars().anyMatch(Character::isISOControl)) {
      throw new ApiException(ErrorCode.INVALID, "reason: expected no control characters");
    }
    return reason.isEmpty() ? "a client asked for it" : reason;
  }

  private static Duration deadline(com.google.protobuf.Duration message) {
    boolean fits =
        message.getSeconds() >= 0
            && message.getNanos() >= 0
            && message.getSeconds() < LONGEST_DRAIN.toSeconds();
    if (!fits) {
      throw new ApiException(
          ErrorCode.INVALID,
          "expected a deadline from 0 to %d s, but came %d s"
              .formatted(LONGEST_DRAIN.toSeconds(), message.getSeconds()));
    }
    return Duration.ofSeconds(message.getSeconds(), message.getNanos());
  }

  private static ApiException silent() {
    return new ApiException(ErrorCode.UNAVAILABLE, "the fleet did not answer in time; try again");
  }

  private static ListNodesResponse toProto(List<RatedNode> nodes) {
    ListNodesResponse.Builder message = ListNodesResponse.newBuilder();
    for (RatedNode rated : nodes) {
      NodeInfo node = rated.node();
      Node.Builder item =
          Node.newBuilder()
              .setName(node.name())
              .setSlots(node.slots())
              .setBusy(node.busy())
              .addAllKinds(node.kinds())
              .setPool(node.pool())
              .putAllLabels(node.labels())
              .setSlotHourPrice(node.slotHourPrice())
              .setDraining(node.draining())
              .setPid(node.pid())
              .setSoftware(node.software());
      rated.speed().ifPresent(item::setSpeed);
      node.gpus().forEach(gpu -> item.addGpus(toProto(gpu)));
      message.addNodes(item);
    }
    return message.build();
  }

  private static GpuReading toProto(dev.rung.fleet.GpuReading gpu) {
    GpuReading.Builder item = GpuReading.newBuilder().setIndex(gpu.index()).setName(gpu.name());
    gpu.memoryUsed().ifPresent(item::setMemoryUsed);
    gpu.memoryTotal().ifPresent(item::setMemoryTotal);
    gpu.utilization().ifPresent(item::setUtilization);
    gpu.temperature().ifPresent(item::setTemperature);
    return item.build();
  }
}
