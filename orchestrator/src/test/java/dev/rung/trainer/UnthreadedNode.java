package dev.rung.trainer;

import dev.rung.checkpoint.Digests;
import dev.rung.proto.v1.Checkpoint;
import io.grpc.ManagedChannel;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A trainer node without the threads, the clock and the disk of a real one: whoever owns it takes
 * its steps when it says that one is due, and lends its trainers threads.
 */
public final class UnthreadedNode {

  /** What the node lives in. */
  public interface Surroundings {
    /** Nanoseconds of the clock. */
    long now();

    /** Something changed: a step may be due, or a trainer may go on. */
    void changed();

    /**
     * Called on a trainer's thread that holds the lock: lets it wait until the condition holds or
     * the time has come.
     */
    void await(Object lock, BooleanSupplier condition, long until);
  }

  private final Monitor monitor;
  private final Attempts attempts;
  private final NodeLoop loop;
  private boolean idle;
  private long idleUntil;

  /**
   * A node that has not begun to dial.
   *
   * @param threads runs at most as many trainers at once as there are slots
   * @param checkpoints by their places; shared by all nodes
   */
  public UnthreadedNode(
      String name,
      long incarnation,
      int slots,
      Trainer trainer,
      long seed,
      Supplier<ManagedChannel> channels,
      Surroundings surroundings,
      ExecutorService threads,
      Map<String, byte[]> checkpoints) {
    NodeSettings settings =
        new NodeSettings(
            name,
            "localhost:7350",
            "",
            Map.of(),
            0,
            slots,
            null,
            Map.of("scripted", trainer),
            seed,
            channels,
            null,
            "",
            1 << 20,
            Duration.ofSeconds(20),
            NodeSettings.Timing.DEFAULT);
    this.monitor = new VirtualMonitor(surroundings);
    NodeCheckpoints store = new MemoryStore(checkpoints);
    this.attempts = new Attempts(monitor, settings, store, threads);
    this.loop = new NodeLoop(monitor, settings, attempts, store, new NoDropper(store, name));
    loop.startedAs(incarnation);
  }

  /**
   * Takes every step that is due.
   *
   * @return when the next is due, if nothing changes before; empty-handed nodes say {@link
   *     Long#MAX_VALUE}
   */
  public long step() {
    idle = false;
    boolean more = true;
    while (more && !idle) {
      more = loop.step();
    }
    if (!more) {
      loop.finish(false);
      return Long.MAX_VALUE;
    }
    return idleUntil;
  }

  /** How it ended; null while it has not. */
  public @Nullable Outcome outcome() {
    return loop.outcome();
  }

  /** Begins to drain. */
  public void drain() {
    loop.drain(new Outcome(Outcome.Kind.CLOSED, "it was closed"));
  }

  /** Whether it trains nothing and has delivered everything. */
  public boolean isAtRest() {
    synchronized (monitor) {
      return attempts.isIdle() && attempts.isDelivered();
    }
  }

  /** What it has, for a person. */
  @Override
  public String toString() {
    synchronized (monitor) {
      return "running %d, not delivered %s, connected %s"
          .formatted(attempts.running(), attempts.refs(), loop.isConnected());
    }
  }

  /** The lock of the node, for trainers that wait for nothing but time. */
  public Object lock() {
    return monitor;
  }

  /** Waits on the clock of the surroundings; the node's own loop never waits. */
  private final class VirtualMonitor extends Monitor {
    private final LongSupplier clock;
    private final Surroundings surroundings;

    VirtualMonitor(Surroundings surroundings) {
      this.surroundings = surroundings;
      this.clock = surroundings::now;
    }

    @Override
    long now() {
      return clock.getAsLong();
    }

    @Override
    void changed() {
      super.changed();
      surroundings.changed();
    }

    @Override
    void awaitChange(long until) {
      idle = true;
      idleUntil = until;
    }

    @Override
    boolean await(BooleanSupplier condition, long until) {
      while (!condition.getAsBoolean()) {
        if (until <= now()) {
          return false;
        }
        surroundings.await(this, condition, until);
      }
      return true;
    }
  }

  /** Has no thread to delete on. */
  private static final class NoDropper extends Dropper {
    NoDropper(NodeCheckpoints store, String name) {
      super(store, name, Duration.ZERO);
    }

    @Override
    void drop(String place) {}
  }

  /** Checkpoints in a map that all nodes share, as they would share a folder. */
  private static final class MemoryStore extends NodeCheckpoints {
    private final Map<String, byte[]> checkpoints;

    MemoryStore(Map<String, byte[]> checkpoints) {
      super("", "", 1 << 20);
      this.checkpoints = checkpoints;
    }

    @Override
    Checkpoint write(String prefix, long step, CheckpointWriter writer) throws IOException {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      writer.write(out);
      String place = prefix + step + ".ckpt";
      checkpoints.put(place, out.toByteArray());
      return Checkpoint.newBuilder()
          .setStep(step)
          .setPlace(place)
          .setBytes(out.size())
          .setDigest(
              com.google.protobuf.ByteString.copyFrom(Digests.sha256().digest(out.toByteArray())))
          .build();
    }

    @Override
    ResumePoint verify(Checkpoint checkpoint) throws IOException {
      byte[] content = checkpoints.get(checkpoint.getPlace());
      if (content == null) {
        throw new IOException("expected a checkpoint at " + checkpoint.getPlace());
      }
      return new ResumePoint() {
        @Override
        public long step() {
          return checkpoint.getStep();
        }

        @Override
        public InputStream open() {
          return new ByteArrayInputStream(content);
        }
      };
    }

    @Override
    void check(String prefix) {}

    @Override
    void drop(String place) {
      checkpoints.remove(place);
    }
  }
}
