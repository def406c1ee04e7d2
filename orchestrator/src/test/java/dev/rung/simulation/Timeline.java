package dev.rung.simulation;

import dev.rung.space.KeyedRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.pekko.dispatch.Mailbox;
import org.jspecify.annotations.Nullable;

/**
 * The one thread of a simulation and its clock: what is ready now, and what is due later. Actors
 * run here, one message at a time; time passes only when nothing is ready.
 */
final class Timeline {
  private static volatile Timeline current = new Timeline(null);

  /** Something that is due at a time; one that was cancelled does nothing. */
  static final class Due {
    private final long time;
    private final long number;
    private @Nullable Runnable action;

    private Due(long time, long number, Runnable action) {
      this.time = time;
      this.number = number;
      this.action = action;
    }

    boolean cancel() {
      boolean was = action != null;
      action = null;
      return was;
    }

    boolean isCancelled() {
      return action == null;
    }
  }

  private final List<Runnable> ready = new ArrayList<>();
  private final PriorityQueue<Due> later =
      new PriorityQueue<>(
          Comparator.comparingLong((Due due) -> due.time).thenComparingLong(due -> due.number));
  private final @Nullable KeyedRandom order;
  private long now;
  private long number;
  private long steps;

  /**
   * Nothing yet.
   *
   * @param order chooses among what is ready; null: first come, first served
   */
  Timeline(@Nullable KeyedRandom order) {
    this.order = order;
  }

  /** The timeline that everything runs on now. */
  static Timeline current() {
    return current;
  }

  /** From now on everything runs on this timeline. */
  void begin() {
    current = this;
  }

  /** Nanoseconds since the simulation began. */
  long now() {
    return now;
  }

  /** What ran until now. */
  long steps() {
    return steps;
  }

  synchronized void ready(Runnable action) {
    ready.add(action);
  }

  synchronized Due after(long nanos, Runnable action) {
    Due due = new Due(now + Math.max(0, nanos), ++number, action);
    later.add(due);
    return due;
  }

  /** Runs one thing that is ready; false: nothing is. */
  boolean runReady() {
    Runnable action;
    synchronized (this) {
      if (ready.isEmpty()) {
        return false;
      }
      action = ready.remove(order == null ? 0 : order.nextInt(ready.size()));
    }
    run(action);
    return true;
  }

  /**
   * Actors with a name that become ready by the same are taken in the order of their names: Pekko
   * tells them of the end of a session in an order that is by chance.
   */
  private void run(Runnable action) {
    int before = ready.size();
    steps++;
    action.run();
    List<Integer> places = new ArrayList<>();
    List<Runnable> named = new ArrayList<>();
    for (int i = before; i < ready.size(); i++) {
      if (!name(ready.get(i)).isEmpty()) {
        places.add(i);
        named.add(ready.get(i));
      }
    }
    named.sort(Comparator.comparing(Timeline::name));
    for (int i = 0; i < named.size(); i++) {
      ready.set(places.get(i), named.get(i));
    }
  }

  /** The name of the actor whose messages are ready; empty: it has none, or it is no actor. */
  private static String name(Runnable action) {
    String name = action instanceof Mailbox mailbox ? mailbox.actor().self().path().name() : "$";
    return name.startsWith("$") ? "" : name;
  }

  /** Runs everything that is ready, and what becomes ready by it. */
  void runAllReady() {
    while (runReady()) {}
  }

  /** Lets time pass to the next thing that is due and does it; false: nothing is, until then. */
  boolean runDue(long until) {
    Due due;
    synchronized (this) {
      while (!later.isEmpty() && later.peek().isCancelled()) {
        later.remove();
      }
      if (later.isEmpty() || later.peek().time > until) {
        now = Math.max(now, until);
        return false;
      }
      due = later.remove();
      now = due.time;
    }
    Runnable action = due.action;
    due.action = null;
    if (action == null) {
      steps++;
    } else {
      run(action);
    }
    return true;
  }
}
