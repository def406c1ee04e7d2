package dev.rung.storage;

import dev.rung.expr.Expressions;
import dev.rung.halving.Evidence;
import dev.rung.halving.Probing;
import dev.rung.halving.Score;
import dev.rung.space.Assignment;
import dev.rung.space.Condition;
import dev.rung.space.Parameter;
import dev.rung.space.ScheduleForm;
import dev.rung.space.ScheduleParameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.SimplexParameter;
import dev.rung.space.Value;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.EndReason;
import dev.rung.study.Entry;
import dev.rung.study.Needs;
import dev.rung.study.Slot;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import dev.rung.study.TrialStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** One event of each kind, with every component set. Their bytes are in src/test/resources. */
final class GoldenEvents {
  private static final long TIME = 1_700_000_000_123L;
  private static final AttemptRef REF = new AttemptRef(7, 2);
  private static final Evidence EVIDENCE =
      new Evidence("asha, promotion", 1, 9, 0.9375, 2, 12, 4, 1);
  private static final Entry.Checkpoint CHECKPOINT =
      new Entry.Checkpoint(9, "a2/9.zip", 5_000_000_000L, "ba7816bf");

  private static final Evidence PLACED =
      new Evidence(
          "auto",
          1,
          9,
          0.9375,
          2,
          12,
          4,
          2,
          Optional.of(new Evidence.Place(new Score(List.of(0.9375, 12.0), 0.25), 1)));

  private GoldenEvents() {}

  static List<StudyEvent> all() {
    return List.of(
        new StudyEvent.StudyCreated(1, TIME, "018f-a1", plan(), "name: digits\n"),
        new StudyEvent.LadderSet(
            2, TIME, 1, List.of(1L, 3L, 9L, 27L), "as written", Optional.empty()),
        new StudyEvent.SuggestionAsked(3, TIME, 7, 2),
        new StudyEvent.TrialSuggested(4, TIME, 7, assignment(), "random"),
        new StudyEvent.TrialPromoted(5, TIME, 7, EVIDENCE, Optional.empty()),
        new StudyEvent.AttemptLeased(
            6, TIME, REF, new Slot("node-1", 3, "session-4", 5), 9, 2, 27, CHECKPOINT),
        new StudyEvent.AttemptReleased(7, TIME, REF, "the slot was gone"),
        new StudyEvent.EntriesRecorded(8, TIME, REF, 40, entries()),
        new StudyEvent.LateEntriesRecorded(9, TIME, REF, 41, entries().subList(1, 2)),
        new StudyEvent.RungEntered(10, TIME, 7, 27, 1, 2, -0.0, Optional.empty()),
        new StudyEvent.Judged(
            11,
            TIME,
            REF,
            27,
            StudyEvent.Verdict.STOP,
            Cause.DIVERGED,
            EVIDENCE,
            27,
            Optional.empty(),
            Optional.empty()),
        new StudyEvent.AttemptEnded(
            12, TIME, REF, Cause.LOST, "silent for 60 s", true, TrialStatus.WAITING),
        new StudyEvent.TrialsClosed(
            13,
            TIME,
            List.of(
                new StudyEvent.Closing(7, Optional.of(EVIDENCE)),
                new StudyEvent.Closing(8, Optional.empty())),
            "the study ends"),
        new StudyEvent.StudyPaused(14, TIME, "by hand"),
        new StudyEvent.StudyResumed(15, TIME),
        new StudyEvent.StudyStopping(16, TIME, EndReason.CANCELLED, true),
        new StudyEvent.StudyEnded(17, TIME, EndReason.TARGET),
        new StudyEvent.TrialStopped(18, TIME, 7, "stopped by a client"),
        new StudyEvent.TrialRetried(19, TIME, 7),
        new StudyEvent.NodeExcluded(20, TIME, "node-1", TIME + 600_000, "4 of 4 failed"),
        new StudyEvent.SpaceExhausted(21, TIME, 9),
        new StudyEvent.MetricAwaited(22, TIME, REF, 27, 2, 27, Map.of("accuracy", 0.5)),
        new StudyEvent.MetricPut(23, TIME, 7, "rating", 4.5, true),
        new StudyEvent.TrialScored(24, TIME, 7, TrialStatus.PAUSED, PLACED),
        new StudyEvent.TrialCloned(25, TIME, 9, 7, 8, 2, CHECKPOINT, assignment()),
        new StudyEvent.PlanChanged(
            26, TIME, planWithStops(), "budget.trials from 60 to 90", true, Optional.empty()),
        new StudyEvent.YieldAsked(27, TIME, 3),
        new StudyEvent.AttemptYielded(28, TIME, REF, "study 018f-a2 has a higher priority"),
        new StudyEvent.CheckpointLost(
            29, TIME, 7, CHECKPOINT, Optional.of(CHECKPOINT), 3, "node n is gone"));
  }

  /**
   * Events with the kinds of parameters and values that came later, by the names of their files.
   */
  static Map<String, StudyEvent> ofSpaces() {
    return Map.of(
        "study-created-with-space",
        new StudyEvent.StudyCreated(1, TIME, "018f-a1", planWithSpace(), "name: digits\n"),
        "trial-suggested-with-space",
        new StudyEvent.TrialSuggested(4, TIME, 7, assignmentOfSpace(), "random"));
  }

  /** Events with parts that few studies have, by the names of their files. */
  static Map<String, StudyEvent> ofParts() {
    return Map.of(
        "study-created-with-needs",
        new StudyEvent.StudyCreated(1, TIME, "018f-a1", planWithNeeds(), "name: digits\n"),
        "ladder-set-with-footing",
        new StudyEvent.LadderSet(
            2,
            TIME,
            2,
            List.of(1L, 3L, 9L, 27L),
            "trials start at 3",
            Optional.of(new StudyEvent.Footing(1, 1, Optional.of(new Probing(2, 12))))),
        "trial-promoted-carried",
        new StudyEvent.TrialPromoted(5, TIME, 7, EVIDENCE, Optional.of(true)),
        "judged-carried",
        new StudyEvent.Judged(
            11,
            TIME,
            REF,
            27,
            StudyEvent.Verdict.CONTINUE,
            null,
            PLACED,
            27,
            Optional.of(true),
            Optional.empty()),
        "judged-yields",
        new StudyEvent.Judged(
            11,
            TIME,
            REF,
            27,
            StudyEvent.Verdict.PAUSE,
            null,
            EVIDENCE,
            0,
            Optional.empty(),
            Optional.of(true)),
        "rung-entered-with-score",
        new StudyEvent.RungEntered(
            10, TIME, 7, 27, 1, 2, 0.9375, Optional.of(new Score(List.of(0.9375, 12.0), 0.25))));
  }

  private static StudyPlan planWithNeeds() {
    StudyPlan plan = plan();
    Expressions formulas = Expressions.ofNumbers(plan.space().parameters(), List.of());
    String first = plan.space().parameters().get(0).name();
    return new StudyPlan(
        plan.name(),
        plan.objectives(),
        plan.resource(),
        plan.budget(),
        plan.algorithm(),
        plan.space(),
        new StudyPlan.TrainerSpec(
            plan.trainer().kind(),
            plan.trainer().config(),
            Optional.of(
                new Needs(
                    new Needs.Amount(0, Optional.of(formulas.known(first + " > 0.5 ? 2 : 1"))),
                    Map.of("gpu", "a100"),
                    Map.of("memory_gb", Needs.Amount.of(24))))),
        plan.seed());
  }

  private static StudyPlan planWithStops() {
    StudyPlan plan = plan();
    return new StudyPlan(
        plan.name(),
        List.of(
            plan.objectives().get(0),
            new StudyPlan.Objective(
                "rating",
                StudyPlan.Goal.MAXIMIZE,
                StudyPlan.Take.LAST,
                Optional.of(StudyPlan.Source.EXTERNAL))),
        plan.resource(),
        new StudyPlan.Budget(
            OptionalInt.of(90),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalDouble.empty(),
            OptionalDouble.of(12.5),
            OptionalInt.of(20),
            OptionalLong.of(TIME)),
        plan.algorithm(),
        plan.space(),
        plan.trainer(),
        plan.seed(),
        Optional.of(
            List.of(
                new StudyPlan.Constraint(
                    "memory_mb", OptionalDouble.empty(), OptionalDouble.of(512)))),
        OptionalInt.of(5),
        Optional.empty(),
        OptionalInt.empty());
  }

  private static Assignment assignmentOfSpace() {
    return new Assignment(
        List.of(
            new Value.StringValue("small"),
            new Value.IntValue(7),
            new Value.WeightsValue(List.of("ce", "kl"), List.of(0.25, 0.75)),
            new Value.WeightsValue(List.of(), List.of(1.0, 0.0)),
            new Value.InactiveValue()));
  }

  private static StudyPlan planWithSpace() {
    List<Parameter> parameters =
        List.of(
            new Parameter.OrdinalParameter(
                "size", List.of(new Value.StringValue("small"), new Value.StringValue("large"))),
            new Parameter.ConstantParameter("width", new Value.IntValue(7)),
            new SimplexParameter("losses", List.of("ce", "kl"), List.of(1.0, 0.5)),
            new SimplexParameter("mix", List.of(), List.of(2.0, 2.0)),
            new ScheduleParameter(
                "optimizer.rate",
                ScheduleForm.COSINE,
                List.of(
                    new Parameter.FloatParameter("initial", 1e-3, 1, true, 0),
                    new Parameter.ConstantParameter("final", new Value.DoubleValue(0)),
                    new Parameter.ConstantParameter("total", new Value.IntValue(27)),
                    new Parameter.IntParameter("warmup", 0, 5, false, 1))));
    Expressions expressions = new Expressions(parameters);
    StudyPlan plan = plan();
    return new StudyPlan(
        plan.name(),
        plan.objectives(),
        plan.resource(),
        plan.budget(),
        plan.algorithm(),
        new SearchSpace(
            parameters,
            List.of(
                new Condition("optimizer.rate", expressions.known("size == 'large'")),
                new Condition("optimizer.rate", expressions.known("losses.ce > 0.5"))),
            List.of(expressions.known("width > 9"))),
        plan.trainer(),
        plan.seed());
  }

  /** Every kind of entry, and numbers that an encoding can spoil. */
  private static List<Entry> entries() {
    return List.of(
        new Entry.Point(
            26,
            Map.of("accuracy", 0.1, "loss", Double.NaN),
            OptionalDouble.of(1.25),
            Optional.of(61_000L)),
        new Entry.Point(
            27,
            Map.of("loss", Double.NEGATIVE_INFINITY, "accuracy", -0.0),
            OptionalDouble.empty(),
            Optional.empty()),
        new Entry.Point(
            28, Map.of("loss", Double.MIN_VALUE), OptionalDouble.empty(), Optional.empty()),
        new Entry.Saved(CHECKPOINT),
        new Entry.Ended(Cause.OUT_OF_MEMORY, "CUDA out of memory"));
  }

  /** Every kind of value. */
  private static Assignment assignment() {
    return new Assignment(
        List.of(
            new Value.DoubleValue(3.0),
            new Value.IntValue(-(1L << 53) - 1),
            new Value.StringValue("3"),
            new Value.BoolValue(true),
            new Value.ListValue(List.of(new Value.IntValue(1), new Value.DoubleValue(1))),
            new Value.ScheduleValue("cosine", Map.of("from", 0.1, "to", 0.0))));
  }

  private static StudyPlan plan() {
    return new StudyPlan(
        "digits",
        List.of(
            new StudyPlan.Objective("accuracy", StudyPlan.Goal.MAXIMIZE, StudyPlan.Take.LAST),
            new StudyPlan.Objective("loss", StudyPlan.Goal.MINIMIZE, StudyPlan.Take.BEST)),
        new StudyPlan.Resource("epoch", 1, 27),
        new StudyPlan.Budget(
            OptionalInt.of(60),
            OptionalInt.of(8),
            Optional.of(Duration.ofMinutes(90)),
            OptionalLong.of(10_000_000_000L),
            OptionalDouble.of(0.99)),
        new StudyPlan.Algorithm("asha", "random", 3, true, Optional.empty(), Optional.empty()),
        new SearchSpace(
            List.of(
                new Parameter.FloatParameter("learning_rate", 1e-4, 1, true, 0.5),
                new Parameter.IntParameter("hidden", 16, 256, false, 16),
                new Parameter.CategoricalParameter(
                    "activation", List.of(new Value.StringValue("relu"), new Value.IntValue(2))),
                new Parameter.BooleanParameter("bias"))),
        new StudyPlan.TrainerSpec(
            "dl4j-image",
            Map.of("data", new Value.StringValue("digits"), "v", new Value.IntValue(1))),
        -42);
  }
}
