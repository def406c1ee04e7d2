package dev.rung.study;

import dev.rung.space.KeyedRandom;
import dev.rung.study.StudyKernel.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A study and a fleet that behaves as badly as fleets do, all by one seed: nodes come and go,
 * reports arrive late, twice, with gaps and out of order, trainers fail in every way, people pause
 * and cancel. It sees replies, effects and events only, never the state, so that it can drive any
 * shell of the kernel:
 *
 * <pre>{@code
 * RandomFleet fleet = new RandomFleet(seed);
 * for (Step step = fleet.next(); step != null; step = fleet.next()) {
 *   fleet.took(StudyKernel.handle(state, step.command(), step.now()));
 * }
 * }</pre>
 */
public final class RandomFleet {
  private static final int STEPS_WITH_FAULTS = 2_500;
  private static final int MOST_STEPS = 40_000;
  private static final Cause[] ENDS = {
    Cause.PREEMPTED,
    Cause.PREEMPTED,
    Cause.BAD_CHECKPOINT,
    Cause.USER_ERROR,
    Cause.OUT_OF_MEMORY,
    Cause.INFEASIBLE,
    Cause.DIVERGED,
    Cause.COMPLETED,
    Cause.STOPPED,
    Cause.PAUSED,
    Cause.LOST
  };

  /**
   * What comes next.
   *
   * @param now wall clock in milliseconds since 1970
   */
  public record Step(StudyCommand command, long now) {}

  private final KeyedRandom random;
  private final FleetStyle style;
  private final StudyPlan plan;
  private final int[] incarnations;
  private final Map<AttemptRef, TrainerLog> logs = new LinkedHashMap<>();
  private final List<Integer> asked = new ArrayList<>();
  private final List<Integer> awaiting = new ArrayList<>();
  private final List<StudyCommand> sent = new ArrayList<>();
  private final List<StudyCommand> due = new ArrayList<>();
  private final Map<AttemptRef, Order> orders = new HashMap<>();
  private long now = 1_700_000_000_000L;
  private long offers;
  private int steps;
  private int newest;
  private boolean paused;
  private boolean over;

  /** The fleet and the study of a seed. */
  public RandomFleet(long seed) {
    this(seed, plans -> plans);
  }

  /** The fleet of a seed, and its study with something else about it. */
  RandomFleet(long seed, UnaryOperator<Plans> changed) {
    random = KeyedRandom.stream(seed, "random fleet", 0);
    style = FleetStyle.of(random);
    plan = changed.apply(FleetStyle.plan(random, seed)).build();
    incarnations = new int[1 + random.nextInt(6)];
    due.add(new StudyCommand.Create("study-" + seed, plan, "file of " + seed));
  }

  /** What the study is to do. */
  public StudyPlan plan() {
    return plan;
  }

  /** The next command; null once the study has ended. What came of it goes to {@link #took}. */
  public @Nullable Step next() {
    if (over) {
      return null;
    }
    steps++;
    if (steps > MOST_STEPS) {
      throw new IllegalStateException("expected an end within " + MOST_STEPS + " steps");
    }
    now += random.nextInt(50) - 2;
    StudyCommand command = due.isEmpty() ? choose() : due.remove(0);
    sent.add(command);
    return new Step(command, now);
  }

  /** What came of the newest command. */
  public void took(Outcome outcome) {
    for (StudyEvent event : outcome.events()) {
      switch (event) {
        case StudyEvent.StudyPaused e -> paused = true;
        case StudyEvent.StudyResumed e -> paused = false;
        case StudyEvent.StudyEnded e -> over = true;
        case StudyEvent.AttemptLeased e -> newest = Math.max(newest, e.attempt().trial());
        case StudyEvent.MetricAwaited e -> awaiting.add(e.attempt().trial());
        case StudyEvent.TrialScored e -> awaiting.remove((Integer) e.trial());
        default -> {
          // Seen by its effects.
        }
      }
    }
    switch (outcome.reply()) {
      case StudyReply.Taken taken -> {
        TrainerLog log = logs.get(taken.attempt());
        if (log != null) {
          log.acked(taken.ackedSeq());
        }
        taken.order().ifPresent(order -> tell(taken.attempt(), order));
      }
      case StudyReply.Attached attached -> attached.orders().forEach(this::tell);
      case StudyReply.Used u -> {}
      case StudyReply.Recalled r -> {}
      case StudyReply.Done d -> {}
      case StudyReply.Declined d -> {}
      case StudyReply.Rejected r -> {}
    }
    for (StudyEffect effect : outcome.effects()) {
      switch (effect) {
        case StudyEffect.Drop drop -> {
          // Its checkpoints take no room.
        }
        case StudyEffect.Ask ask -> asked.add(ask.trial());
        case StudyEffect.Tell tell -> tell(tell.attempt(), tell.order());
        case StudyEffect.Start start -> start(start);
      }
    }
  }

  private void start(StudyEffect.Start start) {
    int node = nodeOf(start.slot());
    if (start.slot().incarnation() != incarnations[node] || logs.containsKey(start.attempt())) {
      return;
    }
    if (faulty() && random.nextInt(8) == 0) {
      if (random.nextInt(2) == 0) {
        due.add(new StudyCommand.Release(start.attempt(), "REFUSED"));
      } // Else the message is lost, and comes again with the next session.
      return;
    }
    boolean fromScratch = random.nextInt(12) == 0;
    Entry.Checkpoint resume = start.work().resume();
    long step = resume == null || fromScratch ? 0 : resume.step();
    logs.put(start.attempt(), new TrainerLog(node, step, start.work().milestone()));
    if (resume != null && faulty() && odd(10)) {
      logs.get(start.attempt()).end(Cause.BAD_CHECKPOINT);
    }
  }

  private void tell(AttemptRef attempt, Order order) {
    TrainerLog log = logs.get(attempt);
    if (log == null) {
      return;
    }
    if (order.isOver()) {
      logs.remove(attempt);
      return;
    }
    Order known = orders.get(attempt);
    if (known != null && known.number() >= order.number()) {
      return;
    }
    orders.put(attempt, order);
    switch (order.kind()) {
      case CONTINUE -> log.goOn(order.milestone());
      case YIELD -> {
        if (log.trains()) {
          log.add(saved(log.step));
          log.end(odd(20) ? pick() : Cause.PAUSED);
        }
      }
      case PAUSE -> log.end(odd(20) ? pick() : Cause.PAUSED);
      case STOP -> log.end(odd(20) ? pick() : odd(3) ? Cause.COMPLETED : Cause.STOPPED);
      case FENCED, LATE -> throw new IllegalStateException("expected to have handled it");
    }
  }

  private StudyCommand choose() {
    while (true) {
      int dice = random.nextInt(100);
      StudyCommand command =
          dice < 15
              ? suggest()
              : dice < 35
                  ? grant()
                  : dice < 65 ? train() : dice < 90 ? flush() : dice < 95 ? score() : trouble();
      if (command != null) {
        return command;
      }
    }
  }

  private @Nullable StudyCommand suggest() {
    if (asked.isEmpty()) {
      return null;
    }
    int trial = asked.remove(random.nextInt(asked.size()));
    return new StudyCommand.Suggest(trial, plan.searcher().suggest(trial).orElseThrow(), "random");
  }

  private @Nullable StudyCommand grant() {
    int node = random.nextInt(incarnations.length);
    long busy = logs.values().stream().filter(log -> log.node == node && !log.ended).count();
    if (busy >= style.slots()) {
      return null;
    }
    return new StudyCommand.Grant(
        new Slot("node-" + node, incarnations[node], "session-" + node, ++offers));
  }

  /** Trains on; what comes of it is sent later. */
  private @Nullable StudyCommand train() {
    TrainerLog log = any(logs.entrySet().stream().filter(e -> e.getValue().trains()).toList());
    if (log == null) {
      return null;
    }
    AttemptRef attempt = refOf(log);
    log.step += 1 + random.nextInt(style.stride());
    if (faulty() && odd(style.endOdds())) {
      log.end(pick());
      return null;
    }
    boolean saveFirst = odd(4);
    if (saveFirst) {
      log.add(saved(log.step));
    }
    double value = style.value(random, plan.seed(), attempt.trial(), log.step);
    if (style.split()) {
      metrics(attempt.trial(), value)
          .forEach((name, measured) -> log.add(point(log.step, name, measured)));
    } else {
      log.add(
          new Entry.Point(
              log.step, metrics(attempt.trial(), value), OptionalDouble.empty(), Optional.empty()));
    }
    if (!saveFirst && odd(3)) {
      log.add(saved(log.step));
    }
    if (log.step >= log.milestone && !plan.rule().isStopping()) {
      log.waits = true;
      if (odd(15)) {
        log.end(Cause.PAUSED); // Lingered long enough.
      }
    }
    return null;
  }

  /** Sorted by name, so that the order in which they come is always the same. */
  private SortedMap<String, Double> metrics(int trial, double value) {
    KeyedRandom own = KeyedRandom.stream(plan.seed(), "metrics", trial);
    SortedMap<String, Double> metrics = new TreeMap<>();
    metrics.put("loss", value);
    metrics.put("size", 1.0 + own.nextInt(4));
    metrics.put("other", 1.0 + own.nextInt(2));
    return metrics;
  }

  /** A person scores a trial that waits, or one that does not. */
  private @Nullable StudyCommand score() {
    Integer waiting = awaiting.isEmpty() ? null : awaiting.get(random.nextInt(awaiting.size()));
    int trial = waiting == null || odd(10) ? 1 + random.nextInt(newest + 1) : waiting;
    return plan.isScoredLater()
        ? new StudyCommand.PutMetric(
            trial, "rating", odd(20) ? Double.NaN : random.nextInt(5), OptionalLong.empty(), odd(4))
        : null;
  }

  private @Nullable StudyCommand flush() {
    TrainerLog log = any(logs.entrySet().stream().filter(e -> e.getValue().unsent() > 0).toList());
    if (log == null) {
      return null;
    }
    AttemptRef attempt = refOf(log);
    long first = log.acked + 1;
    if (faulty() && odd(10)) {
      first = Math.max(1, first - random.nextInt(4) + (odd(2) ? 2 : 0));
    }
    List<Entry> entries = log.from(first, 1 + random.nextInt(6));
    return entries.isEmpty() ? null : new StudyCommand.Report(attempt, first, entries);
  }

  private @Nullable StudyCommand trouble() {
    if (paused && odd(2)) {
      return new StudyCommand.Resume();
    }
    if (!faulty()) {
      // So that lost starts come again.
      return attach(random.nextInt(incarnations.length));
    }
    return switch (random.nextInt(10)) {
      case 0 -> lose();
      case 1 -> restart();
      case 2 -> attach(random.nextInt(incarnations.length));
      case 3, 4 -> again();
      case 5 -> odd(3) ? new StudyCommand.Pause("by hand") : new StudyCommand.Tick();
      case 6 -> odd(40) ? new StudyCommand.Stop(EndReason.STOPPED, odd(2)) : null;
      case 7 -> verb();
      case 8 -> new StudyCommand.Yield(random.nextInt(5), random.nextInt(2), "others wait");
      default -> new StudyCommand.Tick();
    };
  }

  private StudyCommand verb() {
    int trial = 1 + random.nextInt(newest + 1);
    return odd(4)
        ? new StudyCommand.StopTrial(trial, "stopped by hand")
        : new StudyCommand.RetryTrial(trial);
  }

  private @Nullable StudyCommand again() {
    StudyCommand old = sent.get(Math.max(0, sent.size() - 1 - random.nextInt(40)));
    // A gateway repeats a batch before it sends the next, so no attach comes again later.
    return old instanceof StudyCommand.Stop || old instanceof StudyCommand.Attach ? null : old;
  }

  private @Nullable StudyCommand lose() {
    TrainerLog log = any(List.copyOf(logs.entrySet()));
    return log == null ? null : new StudyCommand.Lose(refOf(log), "silent");
  }

  private StudyCommand restart() {
    int node = random.nextInt(incarnations.length);
    incarnations[node]++;
    logs.values().removeIf(log -> log.node == node);
    return attach(node);
  }

  private StudyCommand attach(int node) {
    List<AttemptRef> running =
        logs.entrySet().stream()
            .filter(e -> e.getValue().node == node && !e.getValue().isDurable())
            .map(Map.Entry::getKey)
            .toList();
    return new StudyCommand.Attach("node-" + node, incarnations[node], "session", running);
  }

  private @Nullable TrainerLog any(List<Map.Entry<AttemptRef, TrainerLog>> entries) {
    return entries.isEmpty() ? null : entries.get(random.nextInt(entries.size())).getValue();
  }

  private AttemptRef refOf(TrainerLog log) {
    return logs.entrySet().stream()
        .filter(e -> e.getValue() == log)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private boolean faulty() {
    return style.faulty() && steps < STEPS_WITH_FAULTS;
  }

  private boolean odd(int odds) {
    return random.nextInt(odds) == 0;
  }

  private Cause pick() {
    return ENDS[random.nextInt(ENDS.length)];
  }

  private static int nodeOf(Slot slot) {
    return Integer.parseInt(slot.node().substring("node-".length()));
  }

  private static Entry saved(long step) {
    return new Entry.Saved(new Entry.Checkpoint(step, "step-" + step, 100, "digest"));
  }

  private static Entry point(long step, String metric, double value) {
    return new Entry.Point(
        step, Map.of(metric, value), OptionalDouble.of(0.5), Optional.of(1_000L * step));
  }
}
