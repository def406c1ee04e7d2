package dev.rung.simulation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A thread that a trainer runs on. Of all threads of a simulation one runs at a time: this one from
 * the moment it is resumed until it pauses.
 */
final class TrainerThread extends Thread {
  private static final Semaphore SIMULATION = new Semaphore(0);
  private static final Deque<TrainerThread> FREE = new ArrayDeque<>();

  /** Ends a trainer whose node was killed. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    Killed() {
      super("the node was killed", null, false, false);
    }
  }

  private final Semaphore begin = new Semaphore(0);
  private volatile @Nullable Runnable task;
  private volatile boolean running;
  private volatile boolean killed;
  private volatile boolean interruptedHere;
  private volatile @Nullable BooleanSupplier condition;
  private volatile @Nullable Object lock;
  private volatile long until;
  private volatile @Nullable Runnable interruption;

  private TrainerThread() {
    super("a simulated trainer");
    setDaemon(true);
    start();
  }

  /** Begins a task; returns when it pauses for the first time or is done. */
  static TrainerThread begin(Runnable task, Runnable onInterrupt) {
    TrainerThread thread = FREE.isEmpty() ? new TrainerThread() : FREE.pop();
    thread.task = task;
    thread.killed = false;
    thread.interruptedHere = false;
    thread.interruption = onInterrupt;
    thread.running = true;
    thread.begin.release();
    SIMULATION.acquireUninterruptibly();
    thread.recycle();
    return thread;
  }

  /** The thread that this is. */
  static TrainerThread here() {
    return (TrainerThread) Thread.currentThread();
  }

  @Override
  public void run() {
    while (true) {
      begin.acquireUninterruptibly();
      try {
        Runnable begun = task;
        if (begun != null) {
          begun.run();
        }
      } catch (Killed e) {
        // Nothing is left of it.
      } finally {
        task = null;
        running = false;
        SIMULATION.release();
      }
    }
  }

  private void recycle() {
    if (task == null) {
      FREE.push(this);
    }
  }

  /** Whether its task is over. */
  boolean isDone() {
    return task == null;
  }

  /** Whether it would go on now. */
  boolean isDue(long now) {
    BooleanSupplier paused = condition;
    return paused != null && (now >= until || paused.getAsBoolean());
  }

  /** When it goes on at the latest. */
  long until() {
    return until;
  }

  /**
   * Called on this thread, which holds the lock: waits until the simulation resumes it. The
   * simulation does so when the condition holds or the time has come.
   */
  void pause(Object heldLock, BooleanSupplier goOn, long time) {
    if (killed) {
      throw new Killed();
    }
    condition = goOn;
    until = time;
    lock = heldLock;
    running = false;
    SIMULATION.release();
    while (!running) {
      try {
        heldLock.wait();
      } catch (InterruptedException e) {
        throw new IllegalStateException("nothing interrupts it so", e);
      }
    }
    condition = null;
    if (killed) {
      throw new Killed();
    }
  }

  /** Called by the simulation: lets it run until it pauses again or is done. */
  void resumeNow() {
    Object held = lock;
    if (held == null || task == null) {
      throw new IllegalStateException("expected a thread that is paused");
    }
    synchronized (held) {
      running = true;
      held.notifyAll();
    }
    SIMULATION.acquireUninterruptibly();
    recycle();
  }

  /** Ends it, wherever it is. */
  void kill() {
    killed = true;
    if (!isDone()) {
      resumeNow();
    }
  }

  @Override
  public void interrupt() {
    interruptedHere = true;
    Runnable action = interruption;
    if (action != null) {
      action.run();
    }
  }

  /** Whether it was interrupted since the last call. */
  boolean takeInterrupt() {
    boolean was = interruptedHere;
    interruptedHere = false;
    return was;
  }

  boolean isInterruptedHere() {
    return interruptedHere;
  }
}
