package dev.rung.benchmarks;

import dev.rung.proto.v1.AttemptRef;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Places at which nodes come, stay for a while, leave, and come back as the same or as others. */
final class ElasticFleet implements ElasticNode.Owner, AutoCloseable {
  private static final long REDIAL_MILLIS = 1_000;

  /**
   * How a fleet behaves.
   *
   * @param nodes places
   * @param slots of a node
   * @param stepMillis of a step of training
   * @param staySeconds how long a node stays in the mean
   * @param awaySeconds how long its place is empty in the mean
   * @param seed of chance
   */
  record Habits(
      int nodes, int slots, long stepMillis, int staySeconds, int awaySeconds, int seed) {}

  private final int port;
  private final Habits habits;
  private final SlotUse use = new SlotUse();
  private final Random random;
  private final List<Place> places = new ArrayList<>();
  private final Map<AttemptRef, Long> acknowledged = new ConcurrentHashMap<>();
  private final AtomicLong joins = new AtomicLong();
  private final AtomicLong goodbyes = new AtomicLong();
  private final AtomicLong resets = new AtomicLong();
  private final AtomicLong silences = new AtomicLong();
  private final AtomicLong drops = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();
  private final ScheduledExecutorService clock =
      Executors.newScheduledThreadPool(2, Thread.ofPlatform().daemon().name("fleet-", 0).factory());
  private volatile boolean frozen;
  private volatile @Nullable Throwable failure;
  private volatile String lastDrop = "";

  /** Where one node is at a time. */
  private final class Place {
    private final int number;
    private int names;
    private long incarnation;
    private ElasticNode node;

    Place(int number) {
      this.number = number;
      this.node = another();
    }

    private ElasticNode another() {
      return node("place-%d.%d".formatted(number, ++names), List.of());
    }

    private ElasticNode again(List<ScriptedAttempt> leftOver) {
      return node(node.name(), leftOver);
    }

    private ElasticNode node(String name, List<ScriptedAttempt> leftOver) {
      return new ElasticNode(
          port, name, ++incarnation, habits.slots(), leftOver, use, ElasticFleet.this);
    }

    synchronized void tick() {
      node.tick();
    }

    synchronized ElasticNode node() {
      return node;
    }

    synchronized void leave() {
      if (frozen) {
        return;
      }
      double how = chance();
      if (how < 0.4) {
        goodbyes.incrementAndGet();
        node.drain();
        // Comes back when it is gone.
        return;
      } else if (how < 0.7) {
        resets.incrementAndGet();
        node.reset();
      } else {
        silences.incrementAndGet();
        node.fallSilent();
      }
      after(exponential(habits.awaySeconds()), this::comeBack);
    }

    /** The process itself, the same node started anew with or without its logs, or another. */
    synchronized void comeBack() {
      if (frozen) {
        return;
      }
      double how = chance();
      if (how >= 0.4) {
        List<ScriptedAttempt> logs = node.die();
        node = how < 0.55 ? again(logs) : how < 0.7 ? again(List.of()) : another();
      }
      arrive();
    }

    synchronized void comeBackAfterGoodbye() {
      if (!frozen) {
        node = chance() < 0.5 ? again(List.of()) : another();
        arrive();
      }
    }

    synchronized void arrive() {
      node.dial();
      after(exponential(habits.staySeconds()), this::leave);
    }

    synchronized void redial(ElasticNode dropped) {
      if (node == dropped) {
        node.dial();
      }
    }
  }

  ElasticFleet(int port, Habits habits) {
    this.port = port;
    this.habits = habits;
    this.random = new Random(habits.seed());
    for (int i = 1; i <= habits.nodes(); i++) {
      places.add(new Place(i));
    }
  }

  /** All nodes dial, spread over a time. */
  void start(int seconds) {
    for (Place place : places) {
      long delay = (long) (chance() * seconds * 1_000);
      after(delay, place::arrive);
      long phase = delay + (long) (chance() * habits.stepMillis());
      var unused =
          clock.scheduleAtFixedRate(
              guarded(place::tick), phase, habits.stepMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** From now on nobody comes and nobody leaves but those that drain. */
  void freeze() {
    frozen = true;
  }

  /**
   * Nothing went wrong in the fleet itself.
   *
   * @throws IllegalStateException something has
   */
  void check() {
    if (failure != null) {
      throw new IllegalStateException("expected the fleet to go on", failure);
    }
  }

  /** Attempts that train on nodes that the server has. */
  Set<AttemptRef> training() {
    Set<AttemptRef> all = new HashSet<>();
    for (Place place : places) {
      ElasticNode node = place.node();
      if (node.isThere()) {
        all.addAll(node.training());
      }
    }
    return all;
  }

  /** Nodes that the server has. */
  long there() {
    return places.stream().filter(place -> place.node().isThere()).count();
  }

  SlotUse.Total use() {
    return use.total();
  }

  long joins() {
    return joins.get();
  }

  /** How far the log of each attempt was acknowledged. */
  Map<AttemptRef, Long> acknowledged() {
    return acknowledged;
  }

  /** How nodes came and went. */
  String describe() {
    return "%,d joins, %,d said goodbye, %,d were cut, %,d fell silent; %,d runs without a slot, %,d dropped%s"
        .formatted(
            joins.get(),
            goodbyes.get(),
            resets.get(),
            silences.get(),
            refusals.get(),
            drops.get(),
            lastDrop);
  }

  @Override
  public void joined() {
    joins.incrementAndGet();
  }

  @Override
  public void gone(ElasticNode node) {
    place(node)
        .forEach(place -> after(exponential(habits.awaySeconds()), place::comeBackAfterGoodbye));
  }

  @Override
  public void dropped(ElasticNode node, Throwable error) {
    drops.incrementAndGet();
    lastDrop = ", the last one by: " + error.getMessage();
    place(node).forEach(place -> after(REDIAL_MILLIS, () -> place.redial(node)));
  }

  /** The place whose names a node has. */
  private List<Place> place(ElasticNode node) {
    String number = node.name().replaceFirst("place-(\\d+)\\..*", "$1");
    return List.of(places.get(Integer.parseInt(number) - 1));
  }

  @Override
  public void refused() {
    refusals.incrementAndGet();
  }

  @Override
  public void acknowledged(AttemptRef attempt, long seq) {
    acknowledged.merge(attempt, seq, Math::max);
  }

  @Override
  public void close() {
    clock.shutdownNow();
    places.forEach(place -> place.node().close());
  }

  private double chance() {
    synchronized (random) {
      return random.nextDouble();
    }
  }

  private long exponential(int meanSeconds) {
    return (long) (-Math.log(1 - chance()) * meanSeconds * 1_000);
  }

  private void after(long millis, Runnable task) {
    if (!clock.isShutdown()) {
      var unused = clock.schedule(guarded(task), millis, TimeUnit.MILLISECONDS);
    }
  }

  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        failure = e;
      }
    };
  }
}
