package dev.rung.storage;

import dev.rung.space.Assignment;
import dev.rung.space.Parameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value;
import dev.rung.study.Attempt;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.EndReason;
import dev.rung.study.Entry;
import dev.rung.study.Slot;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyKernel;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyState;
import dev.rung.study.StudyStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

/** A study driven by a fleet that a seed decides: it trains, fails, vanishes and comes back. */
final class SeededStudy {
  private static final int MOST_COMMANDS = 4_000;
  private static final List<Cause> CAUSES = List.of(Cause.values());

  private final Random random;
  private final String study;
  private final StudyPlan plan;
  private final List<StudyEvent> events = new ArrayList<>();
  private StudyState state = new StudyState();
  private long now = 1_700_000_000_000L;
  private long offers;

  SeededStudy(long seed) {
    this("s" + seed, seed, 8 + (int) (seed % 9));
  }

  SeededStudy(String study, long seed, int trials) {
    this.random = new Random(seed);
    this.study = study;
    this.plan = plan(seed, trials, random);
    handle(new StudyCommand.Create(study, plan, "name: seeded"));
  }

  /** Every event until the study has ended. */
  static List<StudyEvent> events(long seed) {
    SeededStudy study = new SeededStudy(seed);
    while (study.step()) {
      // Until it has ended.
    }
    return study.events();
  }

  List<StudyEvent> events() {
    return List.copyOf(events);
  }

  StudyState state() {
    return state;
  }

  /** Does one thing; false: the study has ended. */
  boolean step() {
    if (state.status() == StudyStatus.ENDED) {
      return false;
    }
    if (events.size() > MOST_COMMANDS) {
      throw new IllegalStateException("expected study " + study + " to end");
    }
    now += random.nextInt(2_000);
    int dice = random.nextInt(1_000);
    List<Integer> running = List.copyOf(state.running());
    if (!state.asked().isEmpty()) {
      int trial = state.asked().firstKey();
      double[] point = random.doubles(plan.space().parameters().size()).toArray();
      handle(new StudyCommand.Suggest(trial, plan.space().decode(point), "random"));
    } else if (dice < 3) {
      handle(new StudyCommand.Stop(EndReason.STOPPED, random.nextBoolean()));
    } else if (state.status() == StudyStatus.PAUSED || dice < 20) {
      boolean resume = state.status() == StudyStatus.PAUSED && dice < 500;
      handle(resume ? new StudyCommand.Resume() : new StudyCommand.Pause("'; drop table study"));
      if (!resume && !running.isEmpty()) {
        report(running.get(random.nextInt(running.size())));
      }
    } else if (running.size() < 4 && dice < 400) {
      String node = "node-" + random.nextInt(3);
      handle(new StudyCommand.Grant(new Slot(node, random.nextInt(2), node + "/1", ++offers)));
    } else if (!running.isEmpty()) {
      report(running.get(random.nextInt(running.size())));
    }
    return true;
  }

  private void report(int trial) {
    Attempt attempt = Objects.requireNonNull(state.trial(trial)).lastAttempt();
    AttemptRef ref = new AttemptRef(trial, attempt.number());
    int dice = random.nextInt(100);
    if (attempt.ackedSeq() == 0 && dice < 5) {
      handle(new StudyCommand.Release(ref, "no such slot"));
      return;
    }
    if (dice < 10) {
      handle(new StudyCommand.Lose(ref, "silent"));
      if (dice < 5) {
        long first = attempt.ackedSeq() + 1;
        handle(new StudyCommand.Report(ref, first, List.of(point(attempt.lastStep() + 1))));
      }
      return;
    }
    List<Entry> entries = new ArrayList<>();
    if (attempt.order() != null && attempt.order().milestone() == 0) {
      entries.add(new Entry.Ended(Cause.PAUSED, ""));
    } else {
      long step = attempt.lastStep() + random.nextInt(2);
      for (int left = 1 + random.nextInt(3); left > 0; left--) {
        entries.add(point(Math.max(1, step++)));
      }
      if (random.nextInt(3) == 0) {
        String place = "a" + attempt.number() + "/" + step;
        entries.add(new Entry.Saved(new Entry.Checkpoint(step, place, 1L << 33, "00ff")));
      }
      if (dice < 20) {
        Cause cause = CAUSES.get(random.nextInt(CAUSES.size()));
        entries.add(new Entry.Ended(cause, "Robert'); DROP TABLE trial;--"));
      }
    }
    handle(new StudyCommand.Report(ref, attempt.ackedSeq() + 1, entries));
  }

  private Entry.Point point(long step) {
    int dice = random.nextInt(60);
    double accuracy = dice == 0 ? Double.NaN : dice == 1 ? -0.0 : random.nextGaussian();
    double loss = dice == 2 ? Double.NEGATIVE_INFINITY : Double.MIN_VALUE * dice;
    Map<String, Double> metrics =
        switch (dice % 5) {
          case 0 -> Map.of("accuracy", accuracy);
          case 1 -> Map.of("loss", loss);
          default -> Map.of("accuracy", accuracy, "loss", loss, "other \u00e9", 1e308);
        };
    return new Entry.Point(
        step,
        metrics,
        dice % 2 == 0 ? OptionalDouble.of(dice) : OptionalDouble.empty(),
        dice % 3 == 0 ? Optional.of(now) : Optional.empty());
  }

  private void handle(StudyCommand command) {
    events.addAll(StudyKernel.handle(state, command, now).events());
  }

  private static StudyPlan plan(long seed, int trials, Random random) {
    List<StudyPlan.Objective> objectives = new ArrayList<>();
    StudyPlan.Goal goal = random.nextBoolean() ? StudyPlan.Goal.MAXIMIZE : StudyPlan.Goal.MINIMIZE;
    StudyPlan.Take take = random.nextBoolean() ? StudyPlan.Take.LAST : StudyPlan.Take.BEST;
    objectives.add(new StudyPlan.Objective("accuracy", goal, take));
    if (random.nextBoolean()) {
      objectives.add(new StudyPlan.Objective("loss", StudyPlan.Goal.MINIMIZE, StudyPlan.Take.LAST));
    }
    return new StudyPlan(
        "seeded " + seed + " '\"\\",
        objectives,
        new StudyPlan.Resource("epoch", 1, 9),
        new StudyPlan.Budget(
            OptionalInt.of(trials),
            OptionalInt.of(4),
            Optional.of(Duration.ofDays(30)),
            OptionalLong.of(100_000),
            OptionalDouble.empty()),
        new StudyPlan.Algorithm("asha", "random", 2 + random.nextInt(2), random.nextBoolean()),
        space(),
        new StudyPlan.TrainerSpec("noop", Map.of("data", new Value.StringValue("digits"))),
        seed);
  }

  static SearchSpace space() {
    return new SearchSpace(
        List.of(
            new Parameter.FloatParameter("learning_rate", 1e-4, 1, true, 0),
            new Parameter.IntParameter("hidden", 16, 256, false, 16),
            new Parameter.CategoricalParameter(
                "activation", List.of(new Value.StringValue("relu"), new Value.IntValue(3))),
            new Parameter.BooleanParameter("bias")));
  }

  static Assignment assignment() {
    return space().decode(new double[] {0.5, 0.5, 0.1, 1});
  }
}
