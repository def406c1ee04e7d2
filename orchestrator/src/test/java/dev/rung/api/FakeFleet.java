package dev.rung.api;

import dev.rung.fleet.Fleet;
import dev.rung.fleet.NodeInfo;
import dev.rung.fleet.SlotCount;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A fleet that is as a test says. */
public final class FakeFleet implements Fleet {
  public final List<NodeInfo> nodes = new CopyOnWriteArrayList<>();
  public final List<SlotCount> slots = new CopyOnWriteArrayList<>();

  /** What nodes were told to do. */
  public final List<String> drained = new CopyOnWriteArrayList<>();

  @Override
  public CompletionStage<List<NodeInfo>> nodes() {
    return CompletableFuture.completedFuture(nodes);
  }

  @Override
  public CompletionStage<List<SlotCount>> slots() {
    return CompletableFuture.completedFuture(slots);
  }

  @Override
  public CompletionStage<Boolean> drain(String node, String reason, Optional<Duration> deadline) {
    drained.add(node + " within " + deadline + ": " + reason);
    return CompletableFuture.completedFuture(
        nodes.stream().anyMatch(known -> known.name().equals(node)));
  }
}
