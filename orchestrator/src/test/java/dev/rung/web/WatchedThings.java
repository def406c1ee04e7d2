package dev.rung.web;

import dev.rung.api.FakeFleet;
import dev.rung.api.Health;
import dev.rung.fleet.Fleet;
import dev.rung.fleet.Prospect;
import dev.rung.fleet.RatedNode;
import dev.rung.fleet.SlotCount;
import dev.rung.study.CommitCount;
import dev.rung.study.StudyStatus;
import dev.rung.study.Trouble;
import io.grpc.Channel;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What metrics are asked of, as a test says. */
final class WatchedThings {
  private static final Channel NOBODY = InProcessChannelBuilder.forName("nobody").build();

  final FakeFleet fleet = new FakeFleet();
  final List<Trouble> troubles = new CopyOnWriteArrayList<>();

  /** Never completes. */
  static final class SilentFleet implements Fleet {
    final AtomicInteger asked = new AtomicInteger();

    @Override
    public CompletionStage<List<RatedNode>> nodes() {
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Prospect> prospect(String study) {
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<List<SlotCount>> slots() {
      asked.incrementAndGet();
      return new CompletableFuture<>();
    }

    @Override
    public CompletionStage<Boolean> drain(String node, String reason, Optional<Duration> deadline) {
      return new CompletableFuture<>();
    }
  }

  /** In front of no service at all. */
  JsonApi api() {
    return new JsonApi(NOBODY, Runnable::run);
  }

  Metrics metrics() {
    return metrics(fleet, () -> CompletableFuture.completedFuture(troubles));
  }

  static Metrics metrics(Fleet fleet, Health health) {
    return new Metrics(
        new Sources(
            "1.2.3",
            fleet,
            health,
            () -> CompletableFuture.completedFuture(Map.of(StudyStatus.RUNNING, 3L)),
            new CommitCount(),
            () -> 2,
            () -> 1));
  }
}
