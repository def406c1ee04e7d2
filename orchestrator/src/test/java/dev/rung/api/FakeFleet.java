package dev.rung.api;

import dev.rung.fleet.Fleet;
import dev.rung.fleet.NodeInfo;
import dev.rung.fleet.Prospect;
import dev.rung.fleet.RatedNode;
import dev.rung.fleet.SlotCount;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A fleet that is as a test says. */
public final class FakeFleet implements Fleet {
  public final List<NodeInfo> nodes = new CopyOnWriteArrayList<>();
  public final List<SlotCount> slots = new CopyOnWriteArrayList<>();

  /** What nodes were told to do. */
  public final List<String> drained = new CopyOnWriteArrayList<>();

  /** How fast nodes are, by their names. */
  public final Map<String, Double> speeds = new ConcurrentHashMap<>();

  @Override
  public CompletionStage<List<RatedNode>> nodes() {
    return CompletableFuture.completedFuture(
        nodes.stream()
            .map(node -> {
              Double speed = speeds.get(node.name());
              return new RatedNode(
                  node, speed == null ? OptionalDouble.empty() : OptionalDouble.of(speed));
            })
            .toList());
  }

  /** How every study fares. */
  public volatile Prospect prospect = Prospect.UNKNOWN;

  @Override
  public CompletionStage<Prospect> prospect(String study) {
    return CompletableFuture.completedFuture(prospect);
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
