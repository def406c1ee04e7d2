package dev.rung.simulation;

import dev.rung.simulate.Rerun;
import dev.rung.space.KeyedRandom;
import dev.rung.study.SimulatedStudies;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyReply;
import dev.rung.study.ToSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
final class Simulation {
  private static final long MILLIS = 1_000_000;
  private static final long SECONDS = 1_000 * MILLIS;
  private static final long LONGEST = 4 * 3_600 * SECONDS;
  private static final long SETTLING = 90 * SECONDS;
  private static final int MOST_SETTLINGS = 4;
  private static final long MOST_STEPS = 3_000_000;
  private static final long BEGIN_MILLIS = 1_700_000_000_000L;

  private static @Nullable Simulation current;
  private static int count;

  /**
   * What came of it.
   *
   * @param digest equal for equal histories
   * @param deaths how often a server died at each point
   */
  record Result(long digest, long steps, Map<Failpoint, Integer> deaths, String summary) {}

  private final long seed;
  private final int number = ++count;
  private final Style style;
  private final Timeline timeline;
  private final KeyedRandom random;
  private final KeyedRandom messages;
  private final Disk disk;
  private final Map<String, StudyPlan> plans = new LinkedHashMap<>();
  private final Set<String> remembered = new TreeSet<>();
  private final Set<StudyCommand> answers = new HashSet<>();
  private final Set<String> created = new HashSet<>();
  private final Set<String> ended = new HashSet<>();
  private final Map<String, byte[]> checkpoints = new HashMap<>();
  private final List<Host> hosts = new ArrayList<>();
  private final List<Rerun.Input> inputs = new ArrayList<>();
  private final Set<Wire> wires = new LinkedHashSet<>();
  private final Map<String, Deque<Runnable>> held = new HashMap<>();
  private final Map<Failpoint, Integer> traps = new EnumMap<>(Failpoint.class);
  private final Map<Failpoint, Integer> sprung = new EnumMap<>(Failpoint.class);
  private final History history;
  private SimulatedServer server;
  private boolean stormy;
  private boolean dying;
  private boolean scripted;
  private long dieAfterSteps = Long.MAX_VALUE;
  private int lives;
  private int incarnations;
  private long jump;

  /**
   * A world that has not begun.
   *
   * @param fixedStyle null: by the seed
   * @param plan of the only study; null: by the seed
   */
  private Simulation(long seed, @Nullable Style fixedStyle, @Nullable StudyPlan plan) {
    this.seed = seed;
    this.random = KeyedRandom.stream(seed, "world", 0);
    this.messages = KeyedRandom.stream(seed, "messages", 0);
    this.style = fixedStyle == null ? Style.of(random) : fixedStyle;
    this.timeline =
        new Timeline(
            random.nextInt(3) == 0 ? null : KeyedRandom.stream(seed, "order of actors", 0));
    this.disk = new Disk(this, timeline, KeyedRandom.stream(seed, "disk", 0));
    for (int i = 1; i <= style.studies(); i++) {
      plans.put("study-" + i, plan == null ? Style.plan(random, seed + i, style.split()) : plan);
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
      simulate(seed);
    }
    return simulate(seed);
  }

  private static Result simulate(long seed) {
    OneThread.system();
    OneThread.Log log = new OneThread.Log();
    Simulation simulation = new Simulation(seed, null, null);
    try {
      return simulation.run();
    } finally {
      simulation.cleanUp();
      log.close();
    }
  }

  /** Plays a script in a world in which nothing goes wrong but what the script says. */
  static void play(Style style, StudyPlan plan, Consumer<Simulation> script) {
    OneThread.system();
    OneThread.Log log = new OneThread.Log();
    Simulation simulation = new Simulation(0, style, plan);
    simulation.scripted = true;
    try {
      for (int i = 0; i < style.nodes(); i++) {
        simulation.startHost("node-" + i);
      }
      simulation.people();
      script.accept(simulation);
    } finally {
      simulation.cleanUp();
      log.close();
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

  /** The server dies when it comes to a point next. */
  void trap(Failpoint point) {
    traps.put(point, 1);
  }

  void disarm() {
    traps.clear();
  }

  /** Whether a command was answered. */
  boolean isAnswered(StudyCommand command) {
    return answers.contains(command);
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

  /** The wall clock of servers, which may jump. */
  Clock clock() {
    return new Clock() {
      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }

      @Override
      public Instant instant() {
        return Instant.ofEpochMilli(BEGIN_MILLIS + jump + timeline.now() / MILLIS);
      }
    };
  }

  // ---- what the parts of the world say

  /**
   * A message within the cluster is about to arrive.
   *
   * @param again lets it arrive
   * @return whether it arrives now; perhaps it also does so later
   */
  boolean arrives(Runnable again) {
    if (!stormy || messages.nextInt(style.messageOdds()) > 0) {
      return true;
    }
    int what = messages.nextInt(3);
    if (what > 0) {
      timeline.after(messages.nextInt(8_000) * MILLIS, again);
    }
    return what == 2;
  }

  /** What goes to a study's actor waits from now on, as if the actor hung. */
  void holdUp(String study) {
    held.put(study, new ArrayDeque<>());
  }

  /** The actor takes up what waits for it. */
  void letGo(String study) {
    Deque<Runnable> waiting = held.remove(study);
    if (waiting != null) {
      waiting.forEach(Runnable::run);
    }
  }

  /** Whether something has to wait for a study, and does so from now on. */
  boolean waits(String study, Runnable deliver) {
    Deque<Runnable> waiting = held.get(study);
    return waiting != null && waiting.add(deliver);
  }

  /**
   * A message on a way that keeps the order, and so loses what it does not bring at once, is about
   * to arrive.
   */
  boolean arrivesInOrder() {
    // Longer than an offer stands, so that what was leased is given back.
    boolean silent =
        stormy
            && traps.containsKey(Failpoint.AFTER_COMMIT_OF_RELEASE)
            && timeline.now() < 15 * SECONDS;
    return !silent && (!stormy || messages.nextInt(style.messageOdds()) > 0);
  }

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
    Integer left = traps.get(point);
    if (left == null || dying || !server.isUp()) {
      return;
    }
    if (left > 1) {
      traps.put(point, left - 1);
      return;
    }
    traps.remove(point);
    sprung.merge(point, 1, Integer::sum);
    history.note("the server dies at " + point);
    dying = true;
    dieAfterSteps = timeline.steps();
  }

  void committed(String persistenceId, List<StudyEvent> events) {
    String study = persistenceId.substring("study|".length());
    history.committed(study, events);
    for (StudyEvent event : events) {
      if (event instanceof StudyEvent.StudyEnded) {
        ended.add(study);
      }
      reach(
          switch (event) {
            case StudyEvent.StudyCreated e -> Failpoint.AFTER_COMMIT_OF_CREATION;
            case StudyEvent.LadderSet e -> Failpoint.AFTER_COMMIT_OF_CREATION;
            case StudyEvent.SuggestionAsked e -> Failpoint.AFTER_COMMIT_OF_ASK;
            case StudyEvent.TrialSuggested e -> Failpoint.AFTER_COMMIT_OF_SUGGESTION;
            case StudyEvent.SpaceExhausted e -> Failpoint.AFTER_COMMIT_OF_SUGGESTION;
            case StudyEvent.TrialPromoted e -> Failpoint.AFTER_COMMIT_OF_PROMOTION;
            case StudyEvent.AttemptLeased e -> Failpoint.BETWEEN_LEASE_AND_RUN;
            case StudyEvent.AttemptReleased e -> Failpoint.AFTER_COMMIT_OF_RELEASE;
            case StudyEvent.EntriesRecorded e -> Failpoint.AFTER_COMMIT_OF_ENTRIES;
            case StudyEvent.LateEntriesRecorded e -> Failpoint.AFTER_COMMIT_OF_LATE_ENTRIES;
            case StudyEvent.RungEntered e -> Failpoint.AFTER_COMMIT_OF_VERDICT;
            case StudyEvent.Judged e -> Failpoint.AFTER_COMMIT_OF_VERDICT;
            case StudyEvent.MetricAwaited e -> Failpoint.AFTER_COMMIT_OF_VERDICT;
            case StudyEvent.MetricPut e -> Failpoint.AFTER_COMMIT_OF_VERDICT;
            case StudyEvent.TrialScored e -> Failpoint.AFTER_COMMIT_OF_VERDICT;
            case StudyEvent.TrialCloned e -> Failpoint.AFTER_COMMIT_OF_SUGGESTION;
            case StudyEvent.PlanChanged e -> Failpoint.AFTER_COMMIT_OF_PAUSE;
            case StudyEvent.AttemptEnded e -> Failpoint.AFTER_COMMIT_OF_ATTEMPT_END;
            case StudyEvent.TrialsClosed e -> Failpoint.AFTER_COMMIT_OF_STUDY_END;
            case StudyEvent.TrialStopped e -> Failpoint.AFTER_COMMIT_OF_STOPPING;
            case StudyEvent.TrialRetried e -> Failpoint.AFTER_COMMIT_OF_RESUME;
            case StudyEvent.NodeExcluded e -> Failpoint.AFTER_COMMIT_OF_ATTEMPT_END;
            case StudyEvent.StudyPaused e -> Failpoint.AFTER_COMMIT_OF_PAUSE;
            case StudyEvent.StudyResumed e -> Failpoint.AFTER_COMMIT_OF_RESUME;
            case StudyEvent.StudyStopping e -> Failpoint.AFTER_COMMIT_OF_STOPPING;
            case StudyEvent.StudyEnded e -> Failpoint.AFTER_COMMIT_OF_STUDY_END;
          });
    }
  }

  void opened(Wire wire) {
    wires.removeIf(Wire::isCut);
    wires.add(wire);
  }

  void hostDied(Host host) {
    wires.stream().filter(wire -> wire.host() == host).forEach(Wire::nodeDied);
  }

  /** An answer to what a person asked. */
  void answered(ToSession.Answer answer) {
    history.note("answer to " + answer.command().getClass().getSimpleName());
    answers.add(answer.command());
    if (answer.command() instanceof StudyCommand.Create
        && answer.reply() instanceof StudyReply.Done) {
      created.add(answer.study());
    }
  }

  // ---- its course

  private Result run() {
    stormy = style.stormSeconds() > 0;
    for (int i = 0; i < style.nodes(); i++) {
      startHost("node-" + i);
    }
    people();
    if (stormy) {
      Failpoint[] points = Failpoint.values();
      Failpoint trap = points[(int) Math.floorMod(seed, (long) points.length)];
      traps.put(points[random.nextInt(points.length)], 1 + random.nextInt(12));
      traps.put(trap, 1 + random.nextInt(trap.isRare() ? 1 : 3));
      Storm.plan(this, trap, KeyedRandom.stream(seed, "storm", 0));
    }
    timeline.after(style.stormSeconds() * SECONDS, this::calm);
    go(LONGEST, true);
    if (ended.size() < plans.size()) {
      throw wrong("a study is stuck");
    }
    // A server may still die at its trap, and a node take most of a minute to find that out.
    int waits = 0;
    do {
      go(timeline.now() + SETTLING, false);
    } while (++waits < MOST_SETTLINGS && !isAtRest());
    check();
    return new Result(history.digest(), timeline.steps(), sprung, summary());
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
        throw wrong("it does not come to rest");
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
    wires.forEach(Wire::serverDied);
    wires.clear();
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

  Set<Wire> wires() {
    return wires;
  }

  void jumpClock(long millis) {
    jump += millis;
  }

  void send(String study, StudyCommand command) {
    if (server.isUp()) {
      history.note("a person says " + command.getClass().getSimpleName() + " to " + study);
      server.send(study, command);
    }
  }

  /** People create studies until they are there, and resume what does not go on. */
  private void people() {
    plans.forEach((study, plan) -> {
      if (!created.contains(study)) {
        send(study, new StudyCommand.Create(study, plan, "file of " + study));
      } else if (!stormy && !scripted && !ended.contains(study)) {
        send(study, new StudyCommand.Resume());
      }
    });
    if (!stormy && !scripted) {
      Set<String> up = new HashSet<>();
      hosts.stream().filter(Host::isUp).forEach(host -> up.add(host.name()));
      for (int i = 0; i < style.nodes(); i++) {
        if (!up.contains("node-" + i)) {
          startHost("node-" + i);
        }
      }
    }
    timeline.after(5 * SECONDS, this::people);
  }

  /** Nothing goes wrong any more. */
  private void calm() {
    history.note("the storm is over");
    stormy = false;
    List.copyOf(wires).forEach(Wire::cutIfLossy);
  }

  // ---- its end

  private void check() {
    history.checkEnd();
    for (Host host : hosts) {
      if (host.isUp() && !host.isAtRest()) {
        history.problems().add("a node is not at rest: " + host);
      }
    }
    List<String> errors = OneThread.errors();
    if (!history.problems().isEmpty() || !errors.isEmpty()) {
      throw wrong(history.problems() + " " + errors);
    }
    plans.forEach((study, plan) -> {
      List<StudyEvent> events = disk.events("study|" + study);
      if (!events.equals(history.events(study))) {
        throw wrong("the journal of " + study + " is not what was committed");
      }
      try {
        SimulatedStudies.check(seed, plan, events);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ", " + study + ": " + e.getMessage(), e);
      }
    });
  }

  private String summary() {
    int events = studies().stream().mapToInt(s -> history.events(s).size()).sum();
    return "%d events, %d lives, %d hosts, %.0f s"
        .formatted(events, lives, hosts.size(), timeline.now() / 1e9);
  }

  private AssertionError wrong(String what) {
    StringBuilder text = new StringBuilder("seed " + seed + ": " + what + "\n" + summary() + "\n");
    for (String study : studies()) {
      text.append(study + ": " + SimulatedStudies.describe(history.events(study)) + "\n");
    }
    hosts.forEach(host -> text.append(host).append('\n'));
    OneThread.errors().forEach(error -> text.append(error).append('\n'));
    return new AssertionError(text.toString());
  }

  private void cleanUp() {
    stormy = false;
    traps.clear();
    hosts.forEach(Host::kill);
    if (server.isUp()) {
      server.die();
      disk.serverDied();
    }
    timeline.runAllReady();
    List<String> unused = OneThread.errors();
  }
}
