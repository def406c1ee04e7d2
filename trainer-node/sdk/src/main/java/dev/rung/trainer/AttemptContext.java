package dev.rung.trainer;

import dev.rung.proto.v1.Checkpoint;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Point;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A trial as its trainer sees it. Used from the trainer's thread. */
final class AttemptContext extends RunTrial {
  /** The server ends the stream of a node that sends a larger one. */
  private static final long LARGEST_STEP = 1L << 48;

  /** The wait at a milestone where the server names none. */
  private static final long DEFAULT_LINGER_NANOS = 1_000_000_000L;

  private final Monitor monitor;
  private final Attempt attempt;
  private final LogWriter log;
  private final NodeCheckpoints store;
  private final Optional<ResumePoint> resume;
  private final long begun;
  private final Set<String> measuredAtStep = new HashSet<>();
  private long lastStep;
  private long lastCheckpoint;

  /**
   * Reads what the server asks for and verifies the checkpoint to go on from.
   *
   * @throws IOException the checkpoint is missing or damaged
   * @throws IllegalArgumentException a value or an address is not what this node takes
   */
  AttemptContext(Monitor monitor, Attempt attempt, NodeCheckpoints store) throws IOException {
    super(attempt.run());
    this.monitor = monitor;
    this.attempt = attempt;
    this.log = new LogWriter(monitor, attempt);
    this.store = store;
    if (!run.getCheckpointPrefix().isEmpty()) {
      store.check(run.getCheckpointPrefix());
    }
    this.resume = run.hasResume() ? Optional.of(store.verify(run.getResume())) : Optional.empty();
    this.lastStep = startStep();
    this.begun = monitor.now();
  }

  @Override
  public Optional<ResumePoint> resumeFrom() {
    return resume;
  }

  @Override
  public long milestone() {
    synchronized (monitor) {
      return attempt.orders().milestone();
    }
  }

  @Override
  public boolean checkpointDue(long step) {
    synchronized (monitor) {
      boolean atMilestone = step >= attempt.orders().milestone();
      // Without waiting, several steps may pass before the next milestone is known.
      boolean savedThere = run.getGoOn() && lastCheckpoint >= attempt.orders().milestone();
      return (atMilestone && !savedThere) || attempt.orders().awaitsCheckpoint();
    }
  }

  @Override
  public void log(String text) {
    attempt.log().add(text);
  }

  @Override
  public Directive directive() {
    synchronized (monitor) {
      return attempt.orders().tell();
    }
  }

  @Override
  public void checkpoint(long step, CheckpointWriter writer) throws IOException {
    checkStep("checkpoint", step, Math.max(lastCheckpoint, startStep()));
    if (run.getCheckpointPrefix().isEmpty()) {
      throw new IOException("expected a place for checkpoints, but the server named none");
    }
    synchronized (monitor) {
      if (attempt.orders().isFenced()) {
        return;
      }
    }
    if (step == lastCheckpoint) {
      return;
    }
    Checkpoint stored = store.write(run.getCheckpointPrefix(), step, writer);
    lastCheckpoint = step;
    Entry entry = Entry.newBuilder().setCheckpoint(stored).build();
    synchronized (monitor) {
      awaitRoom();
    }
    if (log.write(entry)) {
      synchronized (monitor) {
        append(entry);
        attempt.orders().checkpointed();
      }
    }
  }

  @Override
  public Directive report(long step, Map<String, Double> metrics) {
    checkStep("report", step, lastStep);
    return report(step, metrics, point(step, metrics));
  }

  @Override
  public Directive report(long step, Map<String, Double> metrics, double cost) {
    checkStep("report", step, lastStep);
    if (!(cost >= 0 && Double.isFinite(cost))) {
      throw new IllegalArgumentException(
          "expected a cost from 0 at step " + step + ", got " + cost);
    }
    return report(step, metrics, point(step, metrics).setCost(cost));
  }

  private Directive report(long step, Map<String, Double> metrics, Point.Builder point) {
    Entry entry = Entry.newBuilder().setPoint(point).build();
    if (step > lastStep) {
      measuredAtStep.clear();
      lastStep = step;
    }
    measuredAtStep.addAll(metrics.keySet());
    Orders orders = attempt.orders();
    synchronized (monitor) {
      boolean toldToEnd = orders.told().directive().mustEnd();
      awaitRoom();
      if (toldToEnd && !attempt.outflow().hasRoom()) {
        return orders.tell();
      }
    }
    boolean written = log.write(entry);
    synchronized (monitor) {
      if (!written) {
        return orders.tell();
      }
      long seen = orders.answered();
      append(entry);
      boolean judged =
          step >= orders.milestone() && measuredAtStep.containsAll(run.getObjectivesList());
      if (judged && !run.getGoOn() && !orders.mustEnd()) {
        awaitAnswer(orders, seen, step);
      }
      return orders.tell();
    }
  }

  private void awaitAnswer(Orders orders, long seen, long step) {
    long linger = run.hasLinger() ? Monitor.nanos(run.getLinger()) : DEFAULT_LINGER_NANOS;
    boolean answered =
        monitor.await(() -> orders.answered() != seen || orders.mustEnd(), monitor.now() + linger);
    if (!answered) {
      orders.lingered("no directive came within " + linger / 1_000_000 + " ms after step " + step);
    }
  }

  private void awaitRoom() {
    monitor.await(() -> attempt.outflow().hasRoom() || attempt.orders().mustEnd(), Monitor.NEVER);
  }

  private void append(Entry entry) {
    if (!attempt.orders().isFenced()) {
      attempt.outflow().append(entry);
      monitor.changed();
    }
  }

  private Point.Builder point(long step, Map<String, Double> metrics) {
    return Points.of(step, metrics).setWall(Monitor.proto(monitor.now() - begun));
  }

  private static void checkStep(String what, long step, long last) {
    if (step < 1 || step < last) {
      throw new IllegalArgumentException(
          "expected the step of a "
              + what
              + " to be positive and not before "
              + last
              + ", got "
              + step);
    }
    if (step > LARGEST_STEP) {
      throw new IllegalArgumentException(
          "expected the step of a " + what + " to be at most 2^48, got " + step);
    }
  }
}
