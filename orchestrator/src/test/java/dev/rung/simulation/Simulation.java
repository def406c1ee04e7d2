package dev.rung.simulation;

import dev.rung.simulate.Rerun;
import dev.rung.space.KeyedRandom;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import dev.rung.study.ToSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The world of one seed: a server, nodes, and people who use them, in one thread and on a clock of
 * its own. The server's actors and the nodes are the real ones; network, clock, disk and trainers
 * are not. For a while everything goes wrong that can; then the studies have to come to their end,
 * and everything has to fit together.
 */
final class Simulation implements AutoCloseable {
  private static final long MILLIS = 1_000_000;
  private static final long SECONDS = 1_000 * MILLIS;
  private static final long LONGEST = 4 * 3_600 * SECONDS;
  private static final long SETTLING = 90 * SECONDS;
  private static final int MOST_SETTLINGS = 4;
  private static final long MOST_STEPS = 3_000_000;

  private static @Nullable Simulation current;
  private static int count;

  /**
   * What came of it.
   *
   * @param digest equal for equal histories
   * @param deaths how often a server died at each point
   */
  record Result(long digest, long steps, Map<Failpoint, Integer> deaths, String summary) {}

  private final OneThread.Log log;
  private final long seed;
  private final int number = ++count;
  private final Style style;
  private final Timeline timeline;
  private final KeyedRandom random;
  private final Messages messages;
  private final Disk disk;
  private final Map<String, StudyPlan> plans = new LinkedHashMap<>();
  private final Set<String> remembered = new TreeSet<>();
  private final People people = new People(this, plans);
  private final Set<String> ended = new HashSet<>();
  private final Map<String, byte[]> checkpoints = new HashMap<>();
  private final Map<String, Integer> training = new HashMap<>();
  private final List<Host> hosts = new ArrayList<>();
  private final List<Rerun.Input> inputs = new ArrayList<>();
  private final Wires wires = new Wires();
  private final HeldUpStudies heldUp = new HeldUpStudies();
  private final Traps traps = new Traps();
  private final Aftermath aftermath = new Aftermath(this);
  private final WallClock clock;
  private final History history;
  private SimulatedServer server;
  private boolean stormy;
  private boolean dying;
  private boolean scripted;
  private long dieAfterSteps = Long.MAX_VALUE;
  private int lives;
  private int incarnations;

  /**
   * A world that has not begun.
   *
   * @param fixedStyle null: by the seed
   * @param given plans of the studies; empty: by the seed
   */
  private Simulation(long seed, @Nullable Style fixedStyle, List<StudyPlan> given) {
    OneThread.system();
    this.log = new OneThread.Log();
    this.seed = seed;
    this.random = KeyedRandom.stream(seed, "world", 0);
    this.messages = new Messages(this);
    this.style = fixedStyle == null ? Style.of(random) : fixedStyle;
    this.timeline =
        new Timeline(
            random.nextInt(3) == 0 ? null : KeyedRandom.stream(seed, "order of actors", 0));
    this.clock = new WallClock(timeline);
    this.disk = new Disk(this, timeline, KeyedRandom.stream(seed, "disk", 0));
    for (int i = 1; i <= style.studies(); i++) {
      plans.put(
          "study-" + i,
          given.isEmpty() ? Style.plan(random, seed + i, style.split()) : given.get(i - 1));
    }
    timeline.begin();
    current = this;
    this.server = begin();
    this.history = new History(timeline, server.settings());
  }

  /** The world that is simulated now. */
  static Simulation current() {
    if (current == null) {
      throw new IllegalStateException("expected a simulation");
    }
    return current;
  }

  /**
   * Simulates the world of a seed.
   *
   * @throws AssertionError something does not hold
   */
  static Result run(long seed) {
    if (count == 0) {
      // The first in a system starts its journal, too, which would be another history.
      Result unused = simulate(seed);
    }
    return simulate(seed);
  }

  private static Result simulate(long seed) {
    try (Simulation world = new Simulation(seed, null, List.of())) {
      return world.run();
    }
  }

  /** Plays a script in a world in which nothing goes wrong but what the script says. */
  static void play(Style style, StudyPlan plan, Consumer<Simulation> script) {
    play(style, Collections.nCopies(style.studies(), plan), script);
  }

  /** The same with studies that are not alike. */
  static void play(Style style, List<StudyPlan> plans, Consumer<Simulation> script) {
    try (Simulation world = new Simulation(0, style, plans)) {
      world.scripted = true;
      world.populate();
      script.accept(world);
    }
  }

  /** Lets time pass until something holds; false: it did not in so long a time. */
  boolean runUntil(BooleanSupplier condition, Duration longest) {
    long until = timeline.now() + longest.toNanos();
    while (!condition.getAsBoolean()) {
      if (timeline.steps() >= dieAfterSteps) {
        crash();
      } else if (!timeline.runReady() && !timeline.runDue(until)) {
        return condition.getAsBoolean();
      }
    }
    return true;
  }

  Traps traps() {
    return traps;
  }

  People people() {
    return people;
  }

  Messages messages() {
    return messages;
  }

  HeldUpStudies heldUp() {
    return heldUp;
  }

  long seed() {
    return seed;
  }

  int number() {
    return number;
  }

  Style style() {
    return style;
  }

  Timeline timeline() {
    return timeline;
  }

  Disk disk() {
    return disk;
  }

  History history() {
    return history;
  }

  SimulatedServer server() {
    return server;
  }

  Map<String, byte[]> checkpoints() {
    return checkpoints;
  }

  /** How many trials of each study are trained now. */
  Map<String, Integer> training() {
    return training;
  }

  /** Studies whose actors were not told to leave. */
  Set<String> remembered() {
    return remembered;
  }

  Set<String> studies() {
    return plans.keySet();
  }

  boolean isStormy() {
    return stormy;
  }

  boolean isServerUp() {
    return server.isUp() && !dying;
  }

  WallClock clock() {
    return clock;
  }

  /** Servers that there were. */
  int lives() {
    return lives;
  }

  boolean hasEnded(String study) {
    return ended.contains(study);
  }

  // ---- what the parts of the world say

  /** A command is given to a study's actor. */
  void delivered(StudyCommand command) {
    history.note("asks " + command);
    inputs.add(new Rerun.Input(command, clock().millis()));
  }

  /** Every command that was given to a study's actor, in order. */
  List<Rerun.Input> inputs() {
    return inputs;
  }

  /** A server has come to a point where it may die. */
  void reach(Failpoint point) {
    if (!dying && server.isUp() && traps.spring(point)) {
      history.note("the server dies at " + point);
      dying = true;
      dieAfterSteps = timeline.steps();
    }
  }

  void committed(String persistenceId, List<StudyEvent> events) {
    String study = persistenceId.substring("study|".length());
    history.committed(study, events);
    for (StudyEvent event : events) {
      if (event instanceof StudyEvent.StudyEnded) {
        ended.add(study);
      }
      reach(Failpoint.after(event));
    }
  }

  /** An answer to what a person asked. */
  void answered(ToSession.Answer answer) {
    history.note("answer to " + answer.command().getClass().getSimpleName());
    people.answered(answer);
  }

  // ---- its course

  private Result run() {
    stormy = style.stormSeconds() > 0;
    populate();
    if (stormy) {
      Failpoint[] points = Failpoint.values();
      Failpoint trap = points[(int) Math.floorMod(seed, (long) points.length)];
      traps.set(points[random.nextInt(points.length)], 1 + random.nextInt(12));
      traps.set(trap, 1 + random.nextInt(trap.isRare() ? 1 : 3));
      Storm.plan(this, trap, KeyedRandom.stream(seed, "storm", 0));
    }
    timeline.after(style.stormSeconds() * SECONDS, this::calm);
    go(LONGEST, true);
    if (ended.size() < plans.size()) {
      throw aftermath.wrong("a study is stuck");
    }
    // A server may still die at its trap, and a node take most of a minute to find that out.
    int waits = 0;
    do {
      go(timeline.now() + SETTLING, false);
    } while (++waits < MOST_SETTLINGS && !isAtRest());
    aftermath.check(plans);
    return new Result(history.digest(), timeline.steps(), traps.sprung(), aftermath.summary());
  }

  private boolean isAtRest() {
    return hosts.stream().allMatch(host -> !host.isUp() || host.isAtRest());
  }

  private void go(long until, boolean toTheEnd) {
    while (!(toTheEnd && !stormy && ended.size() == plans.size())) {
      if (timeline.steps() >= dieAfterSteps) {
        crash();
      } else if (!timeline.runReady() && !timeline.runDue(until)) {
        return;
      }
      if (timeline.steps() > MOST_STEPS) {
        throw aftermath.wrong("it does not come to rest");
      }
    }
  }

  private SimulatedServer begin() {
    int[] lostAfter = {5, 10, 20, 60};
    return new SimulatedServer(
        this, ++lives, Duration.ofSeconds(lostAfter[random.nextInt(lostAfter.length)]));
  }

  /** The server's process dies now; another is started later. */
  void crash() {
    dieAfterSteps = Long.MAX_VALUE;
    if (!server.isUp()) {
      return;
    }
    history.note("the server dies");
    server.die();
    disk.serverDied();
    wires.serverDied();
    timeline.runAllReady();
    dying = false;
    timeline.after(random.nextInt(8_000) * MILLIS, this::restart);
  }

  private void restart() {
    if (!server.isUp()) {
      history.note("a server starts");
      server = begin();
    }
  }

  Host startHost(String name) {
    Host host = new Host(this, name, ++incarnations);
    history.note("started " + name + " as " + incarnations);
    hosts.add(host);
    return host;
  }

  List<Host> hosts() {
    return hosts;
  }

  Wires wires() {
    return wires;
  }

  void send(String study, StudyCommand command) {
    if (server.isUp()) {
      history.note("a person says " + command.getClass().getSimpleName() + " to " + study);
      server.send(study, command);
    }
  }

  private void populate() {
    for (int i = 0; i < style.nodes(); i++) {
      startHost("node-" + i);
    }
    look();
  }

  /** People look after their studies from time to time. */
  private void look() {
    people.look(!stormy && !scripted);
    timeline.after(5 * SECONDS, this::look);
  }

  /** Nothing goes wrong any more. */
  private void calm() {
    history.note("the storm is over");
    stormy = false;
    wires.forEach(Wire::cutIfLossy);
  }

  @Override
  public void close() {
    stormy = false;
    traps.clear();
    hosts.forEach(Host::kill);
    if (server.isUp()) {
      server.die();
      disk.serverDied();
    }
    timeline.runAllReady();
    List<String> unused = OneThread.errors();
    log.close();
  }
}
