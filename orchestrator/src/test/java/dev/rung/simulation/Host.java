package dev.rung.simulation;

import dev.rung.space.KeyedRandom;
import dev.rung.trainer.Outcome;
import dev.rung.trainer.Trainer;
import dev.rung.trainer.UnthreadedNode;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A machine with one trainer node: lends it threads, and freezes or dies with it. */
final class Host implements UnthreadedNode.Surroundings {
  private final Simulation simulation;
  private final Timeline timeline;
  private final String name;
  private final long incarnation;
  private final int slots;
  private final KeyedRandom random;
  private final UnthreadedNode node;
  private final Deque<Runnable> inbox = new ArrayDeque<>();
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final List<TrainerThread> threads = new ArrayList<>();
  private Timeline.@Nullable Due wake;
  private boolean driving;
  private boolean dirty;
  private boolean frozen;
  private boolean dead;

  Host(Simulation simulation, String name, long incarnation) {
    this.simulation = simulation;
    this.timeline = simulation.timeline();
    this.name = name;
    this.incarnation = incarnation;
    this.slots = simulation.style().slots();
    this.random = KeyedRandom.stream(simulation.seed(), "wires of " + name, incarnation);
    this.node =
        new UnthreadedNode(
            name,
            incarnation,
            slots,
            counted(new SimulatedTrainer(simulation.seed(), simulation.style(), this::sleep)),
            incarnation,
            Channel::new,
            this,
            new Slots(),
            simulation.checkpoints());
    changed();
  }

  private Trainer counted(Trainer trainer) {
    return trial -> {
      String study = trial.trial().substring(0, trial.trial().indexOf('/'));
      simulation.training().merge(study, 1, Integer::sum);
      try {
        trainer.train(trial);
      } finally {
        simulation.training().merge(study, -1, Integer::sum);
      }
    };
  }

  String name() {
    return name;
  }

  long incarnation() {
    return incarnation;
  }

  @Override
  public String toString() {
    return name + " " + incarnation + (dead ? " dead" : frozen ? " frozen" : "") + ": " + node;
  }

  /** Whether it is there and its node has not come to its end. */
  boolean isUp() {
    return !dead && node.outcome() == null;
  }

  boolean isDead() {
    return dead;
  }

  @Nullable Outcome outcome() {
    return node.outcome();
  }

  boolean isAtRest() {
    return node.isAtRest();
  }

  // ---- what can happen to it

  void kill() {
    if (dead) {
      return;
    }
    dead = true;
    inbox.clear();
    tasks.clear();
    List<TrainerThread> ends = List.copyOf(threads);
    threads.clear();
    ends.forEach(TrainerThread::kill);
    simulation.wires().hostDied(this);
  }

  void freeze() {
    frozen = true;
  }

  void thaw() {
    frozen = false;
    while (!inbox.isEmpty() && !dead) {
      inbox.remove().run();
    }
    changed();
  }

  void drain() {
    node.drain();
  }

  // ---- what its node lives in

  /** Takes in what came from the network. */
  void receive(Runnable message) {
    if (frozen) {
      inbox.add(message);
    } else if (!dead) {
      message.run();
    }
  }

  @Override
  public long now() {
    return timeline.now();
  }

  @Override
  public void changed() {
    dirty = true;
    if (!driving) {
      wakeAt(timeline.now());
    }
  }

  @Override
  public void await(Object lock, BooleanSupplier condition, long until) {
    TrainerThread.here().pause(lock, condition, until);
  }

  private void sleep(long nanos) throws InterruptedException {
    TrainerThread thread = TrainerThread.here();
    long until = timeline.now() + nanos;
    Object lock = node.lock();
    synchronized (lock) {
      while (timeline.now() < until && !thread.isInterruptedHere()) {
        thread.pause(lock, thread::isInterruptedHere, until);
      }
      if (thread.takeInterrupt()) {
        throw new InterruptedException("as the node wants it");
      }
    }
  }

  private void wakeAt(long time) {
    if (wake != null) {
      wake.cancel();
    }
    wake = timeline.after(time - timeline.now(), this::drive);
  }

  /** Does everything that is due on this machine. */
  private void drive() {
    if (frozen || dead) {
      return;
    }
    driving = true;
    long next;
    do {
      dirty = false;
      while (!tasks.isEmpty() && threads.size() < slots) {
        TrainerThread begun = TrainerThread.begin(tasks.remove(), this::changed);
        if (!begun.isDone()) {
          threads.add(begun);
        }
      }
      next = node.outcome() == null ? node.step() : Long.MAX_VALUE;
      for (TrainerThread thread : List.copyOf(threads)) {
        if (thread.isDue(timeline.now())) {
          thread.resumeNow();
          dirty = true;
        }
        if (thread.isDone()) {
          threads.remove(thread);
        } else {
          next = Math.min(next, thread.until());
        }
      }
    } while (dirty || next <= timeline.now());
    driving = false;
    if (next < Long.MAX_VALUE) {
      wakeAt(next);
    }
  }

  /** The threads of its slots. */
  private final class Slots extends AbstractExecutorService {
    private boolean shutdown;

    @Override
    public void execute(Runnable task) {
      tasks.add(task);
      changed();
    }

    @Override
    public void shutdown() {
      shutdown = true;
    }

    @Override
    public List<Runnable> shutdownNow() {
      throw new UnsupportedOperationException("expected that nodes let their trainers end");
    }

    @Override
    public boolean isShutdown() {
      return shutdown;
    }

    @Override
    public boolean isTerminated() {
      return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return shutdown;
    }
  }

  /** A channel to whatever server there is, for one stream. */
  private final class Channel extends ManagedChannel {
    private final Wire wire =
        new Wire(
            simulation,
            Host.this,
            simulation.server(),
            KeyedRandom.stream(simulation.seed(), "wire " + name, random.nextLong()));
    private boolean over;

    @Override
    @SuppressWarnings("unchecked")
    public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
      return (ClientCall<Q, R>) wire.nodeEnd();
    }

    @Override
    public String authority() {
      return "the server";
    }

    @Override
    public ManagedChannel shutdown() {
      over = true;
      return this;
    }

    @Override
    public boolean isShutdown() {
      return over;
    }

    @Override
    public boolean isTerminated() {
      return over;
    }

    @Override
    public ManagedChannel shutdownNow() {
      over = true;
      wire.nodeEnd().cancel("the channel is given up", null);
      return this;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }
}
