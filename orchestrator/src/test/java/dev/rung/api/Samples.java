package dev.rung.api;

import dev.rung.halving.Evidence;
import dev.rung.space.Assignment;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import dev.rung.space.Value.StringValue;
import dev.rung.storage.ReadSide.AttemptRow;
import dev.rung.storage.ReadSide.StudyRow;
import dev.rung.storage.ReadSide.TrialRow;
import dev.rung.storage.ReadSide.VerdictRow;
import dev.rung.study.Entry;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudySummary;
import dev.rung.study.StudySummary.RungSummary;
import dev.rung.study.StudyView.Best;
import dev.rung.study.TrialStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One small study with two trials, as the parts behind the api would tell of it. */
public final class Samples {
  public static final String ID = "aaaabbbbccccddddeeeeffff22";

  /** 2026-01-01T12:00:00Z. */
  public static final long CREATED = 1_767_268_800_000L;

  public static final StudyPlan PLAN =
      new StudyPlan(
          "digits",
          List.of(
              new StudyPlan.Objective(
                  "val_accuracy", StudyPlan.Goal.MAXIMIZE, StudyPlan.Take.LAST)),
          new StudyPlan.Resource("epoch", 1, 9),
          new StudyPlan.Budget(
              OptionalInt.of(4),
              OptionalInt.empty(),
              Optional.empty(),
              OptionalLong.empty(),
              OptionalDouble.empty()),
          new StudyPlan.Algorithm("asha", "random", 3, false, Optional.empty(), Optional.empty()),
          new SearchSpace(
              List.of(
                  new FloatParameter("learning_rate", 1e-4, 1, true, 0),
                  new IntParameter("hidden", 16, 256, false, 16),
                  new CategoricalParameter(
                      "activation",
                      List.<Value>of(new StringValue("relu"), new StringValue("tanh"))))),
          new StudyPlan.TrainerSpec("dl4j-image", Map.of()),
          7);

  public static final Assignment ASSIGNMENT =
      new Assignment(
          List.of(new DoubleValue(0.0123456789), new IntValue(64), new StringValue("relu")));

  private Samples() {}

  /** The study at a status. */
  public static StudySummary summary(StudyStatus status, String reason) {
    return new StudySummary(
        ID,
        PLAN,
        status,
        reason,
        CREATED,
        CREATED + 90_000,
        Map.of(TrialStatus.COMPLETED, 1, TrialStatus.STOPPED, 2, TrialStatus.FAILED, 1),
        List.of(new RungSummary(1, 4, 1), new RungSummary(3, 1, 1), new RungSummary(9, 1, 0)),
        new Best(2, 9, Map.of("val_accuracy", 0.9722)),
        ASSIGNMENT,
        12,
        36,
        1,
        42,
        Optional.empty(),
        OptionalDouble.empty());
  }

  /** The study before any trial has a value. */
  public static StudySummary fresh() {
    return new StudySummary(
        ID,
        PLAN,
        StudyStatus.RUNNING,
        "",
        CREATED,
        CREATED,
        Map.of(),
        List.of(new RungSummary(1, 0, 0), new RungSummary(3, 0, 0), new RungSummary(9, 0, 0)),
        null,
        null,
        0,
        0,
        0,
        2,
        Optional.empty(),
        OptionalDouble.empty());
  }

  /** Its row in the tables. */
  public static StudyRow row(StudySummary study) {
    return new StudyRow(
        study.id(),
        study.plan().name(),
        study.created(),
        study.status().name(),
        study.reason(),
        study.status() == StudyStatus.ENDED ? Optional.of(study) : Optional.empty());
  }

  /** The best trial, which went on at another node. */
  public static TrialRow best(Entry.@Nullable Checkpoint checkpoint) {
    return new TrialRow(
        2,
        "COMPLETED",
        "reached the top rung 9 with 0.9722, rank 1 of 1",
        ASSIGNMENT,
        9,
        0.9722,
        checkpoint,
        List.of(
            new AttemptRow(1, "trainer-1", CREATED + 1_000, CREATED + 20_000, "LOST", "gone", 0),
            new AttemptRow(
                2, "trainer-2", CREATED + 21_000, CREATED + 80_000, "COMPLETED", "", 1)));
  }

  /** A trial without a value. */
  public static TrialRow failed() {
    return new TrialRow(
        1,
        "FAILED",
        "USER_ERROR: out of \u001b[31mcheese",
        ASSIGNMENT,
        0,
        null,
        null,
        List.of(
            new AttemptRow(
                1, "trainer-1", CREATED + 1_000, CREATED + 2_000, "USER_ERROR", "no", 0)));
  }

  /** The decisions about the best trial. */
  public static List<VerdictRow> verdicts() {
    return List.of(
        new VerdictRow(
            11,
            CREATED + 20_000,
            1,
            "pause",
            new Evidence("asha", 0, 1, 0.91, 1, 2, 0, 1),
            "paused: value 0.91 at rung 1 ranks 2 of 2; none may go on yet"),
        new VerdictRow(12, CREATED + 20_500, 1, "lost", null, "LOST: gone"));
  }

  /** The first events of its journal. */
  public static List<StudyEvent> history() {
    return List.of(
        new StudyEvent.StudyCreated(1, CREATED, ID, PLAN, "name: digits\n"),
        new StudyEvent.StudyPaused(2, CREATED + 1, "a \u001b[31mred \u2028 reason"));
  }
}
