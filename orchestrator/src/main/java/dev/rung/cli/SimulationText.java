package dev.rung.cli;

import dev.rung.simulate.SimulatedRun;
import dev.rung.simulate.Spread;
import dev.rung.simulate.Trajectory;
import dev.rung.simulate.Unknown;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudySummary.RungSummary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Simulated runs for a person and for a program. */
final class SimulationText {
  private SimulationText() {}

  static Map<String, @Nullable Object> json(SimulatedRun run) {
    Map<String, @Nullable Object> json = JsonOf.object();
    json.put("seed", run.seed());
    json.put("time", run.time());
    json.put("state", run.summary().status().name().toLowerCase(Locale.ROOT));
    json.put("started", run.started());
    json.put("completed", run.completed());
    run.firstCompleted().ifPresent(first -> json.put("firstCompleted", first));
    json.put("rungs", run.rungs().stream().map(SimulationText::json).toList());
    json.put("utilisation", run.utilisation());
    json.put("resource", run.resource());
    json.put("points", run.points());
    json.put("decisions", run.decisions());
    json.put(
        "trajectory",
        run.trajectory().steps().stream().map(step -> List.of(step.time(), step.best())).toList());
    json.put("unknown", run.unknown().stream().map(SimulationText::json).toList());
    return json;
  }

  static Map<String, @Nullable Object> json(Unknown unknown) {
    Map<String, @Nullable Object> json = JsonOf.object();
    json.put("trial", unknown.trial());
    json.put("milestone", unknown.milestone());
    json.put("end", unknown.end());
    return json;
  }

  static Map<String, @Nullable Object> json(RungSummary rung) {
    Map<String, @Nullable Object> json = JsonOf.object();
    json.put("resource", rung.level());
    rung.bracket().ifPresent(bracket -> json.put("bracket", bracket));
    json.put("entered", rung.entered());
    json.put("promoted", rung.promoted());
    return json;
  }

  /** The runs side by side, then the rungs of the first. */
  static List<String> page(StudyPlan plan, List<SimulatedRun> runs) {
    Table table =
        new Table(
            ">SEED",
            ">TIME",
            ">STARTED",
            ">COMPLETED",
            ">" + plan.resource().unit(),
            ">USED",
            ">BEST",
            ">SINCE");
    for (SimulatedRun run : runs) {
      List<Trajectory.Step> steps = run.trajectory().steps();
      table.row(
          run.seed(),
          Text.number(run.time()),
          run.started(),
          run.completed(),
          run.resource(),
          "%.1f %%".formatted(100 * run.utilisation()),
          steps.isEmpty() ? "-" : Text.number(steps.getLast().best()),
          steps.isEmpty() ? "-" : Text.number(steps.getLast().time()));
    }
    List<String> lines = new ArrayList<>(table.lines());
    if (runs.size() > 1) {
      lines.add("");
      lines.add("median time " + median(runs, SimulatedRun::time));
      lines.add("median completed " + median(runs, SimulatedRun::completed));
      lines.add("median best " + median(runs, SimulationText::best));
    }
    int unknown = runs.stream().mapToInt(run -> run.unknown().size()).sum();
    if (unknown > 0) {
      lines.add("");
      lines.add(
          "What would have come of %d of %s is unknown: they were to train past the end of their"
                  .formatted(
                      unknown,
                      Text.count(runs.stream().mapToInt(SimulatedRun::started).sum(), "trial"))
              + " recorded curves.");
    }
    lines.add("");
    lines.addAll(rungs(runs));
    return lines;
  }

  private static double best(SimulatedRun run) {
    OptionalDouble best = run.trajectory().at(run.time());
    return best.orElse(Double.NaN);
  }

  private static String median(List<SimulatedRun> runs, ToDoubleFunction<SimulatedRun> of) {
    Spread spread = Spread.of(runs.stream().mapToDouble(of));
    return "%s (%s to %s)"
        .formatted(
            Text.number(spread.median()), Text.number(spread.least()), Text.number(spread.most()));
  }

  /** How many entered each rung, by level, with the least and the most of the runs. */
  private static List<String> rungs(List<SimulatedRun> runs) {
    Table table = new Table(">RUNG", ">ENTERED", "LEAST TO MOST");
    for (long level : levels(runs.stream().flatMap(run -> run.rungs().stream()))) {
      int[] entered = runs.stream().mapToInt(run -> entered(run.rungs(), level)).sorted().toArray();
      table.row(
          level,
          "%.1f".formatted(Arrays.stream(entered).average().orElse(0)),
          entered[0] + " to " + entered[entered.length - 1]);
    }
    return table.lines();
  }

  /** Levels of rungs, each once, the lowest first. */
  static long[] levels(Stream<RungSummary> rungs) {
    return rungs.mapToLong(RungSummary::level).distinct().sorted().toArray();
  }

  /** How many entered a level, in all brackets. */
  static int entered(List<RungSummary> rungs, long level) {
    return rungs.stream()
        .filter(rung -> rung.level() == level)
        .mapToInt(RungSummary::entered)
        .sum();
  }
}
