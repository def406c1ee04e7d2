package dev.rung.cli;

import dev.rung.simulate.CurveTable;
import dev.rung.simulate.Packed;
import dev.rung.simulate.RecordedRows;
import dev.rung.simulate.Recording;
import dev.rung.simulate.Synthetic;
import dev.rung.simulate.TableReader;
import dev.rung.simulate.TableTask;
import dev.rung.simulate.Task;
import dev.rung.space.SearchSpace;
import dev.rung.storage.StudyExport;
import dev.rung.study.Objectives;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyPlan.Goal;
import dev.rung.study.StudyPlan.Objective;
import dev.rung.studyfile.StudyFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What simulated trainers train, and the study file that searches it. */
final class TaskOption {
  @Option(
      names = "--study",
      paramLabel = "FILE",
      required = true,
      description = "The study file; what it has no space for is searched in that of the task.")
  private Path file = Path.of("");

  @Option(
      names = "--table",
      paramLabel = "FILE",
      description =
          "Learning curves to train by: JSON, or a study's export; packed by gzip or not.")
  private @Nullable Path table;

  @Option(
      names = "--synthetic",
      paramLabel = "NAME",
      description = "A function to train by: constant, counting-ones, hartmann or branin.")
  private @Nullable String synthetic;

  /** A study that can be simulated. */
  record Simulated(StudyPlan plan, Task task) {}

  /**
   * The study and its task.
   *
   * @throws Failure a file is not as it should be, or they do not go together
   */
  Simulated read() {
    if ((table == null) == (synthetic == null)) {
      throw new Failure(Failure.USAGE, "expected one of --table and --synthetic");
    }
    String text = StudyFiles.read(file);
    Simulated simulated =
        table == null ? function(text, String.valueOf(synthetic)) : table(text, table);
    check(simulated);
    return simulated;
  }

  private Simulated function(String text, String name) {
    Synthetic.Function function =
        Arrays.stream(Synthetic.Function.values())
            .filter(f -> f.text().equals(name.toLowerCase(Locale.ROOT)))
            .findFirst()
            .orElseThrow(() ->
                new Failure(
                    Failure.USAGE,
                    "--synthetic: expected one of %s, but came %s"
                        .formatted(
                            Arrays.stream(Synthetic.Function.values())
                                .map(Synthetic.Function::text)
                                .collect(Collectors.joining(", ")),
                            name)));
    SearchSpace space = new Synthetic(function, List.of(), List.of(), 1).space();
    StudyPlan plan = plan(text, space);
    if (function != Synthetic.Function.CONSTANT && !plan.space().equals(space)) {
      throw bad("space: expected none, since %s has its own".formatted(function.text()));
    }
    return new Simulated(
        plan,
        new Synthetic(
            function,
            names(plan, Goal.MINIMIZE),
            names(plan, Goal.MAXIMIZE),
            plan.resource().max()));
  }

  private static List<String> names(StudyPlan plan, Goal goal) {
    return plan.objectives().stream().filter(o -> o.goal() == goal).map(Objective::name).toList();
  }

  private Simulated table(String text, Path path) {
    return NamedFile.read(
        path,
        Packed::open,
        in ->
            StudyExport.isNext(in)
                ? recorded(text, Histories.of(in, path))
                : listed(text, in, path));
  }

  private Simulated recorded(String text, Recording recording) {
    StudyPlan plan = plan(text, recording.plan().space());
    try {
      return new Simulated(plan, new RecordedRows(recording, plan.space()));
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()));
    }
  }

  private Simulated listed(String text, InputStream json, Path path) throws IOException {
    try {
      CurveTable curves = TableReader.read(json, path.toString());
      TableTask own = new TableTask(curves);
      StudyPlan plan = plan(text, own.space());
      return new Simulated(
          plan, plan.space().equals(own.space()) ? own : new TableTask(curves, plan.space()));
    } catch (TableReader.BrokenTableException e) {
      throw new Failure(Failure.USAGE, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()));
    }
  }

  private StudyPlan plan(String text, SearchSpace space) {
    return switch (StudyFile.parse(text, file.toString(), () -> 1L, space)) {
      case StudyFile.Valid valid -> valid.plan();
      case StudyFile.Invalid invalid ->
          throw new Failure(
              Failure.USAGE,
              invalid.problems().stream().map(Object::toString).collect(Collectors.joining("\n")));
    };
  }

  private void check(Simulated simulated) {
    StudyPlan plan = simulated.plan();
    Task task = simulated.task();
    if (plan.isSearchedOutside()) {
      throw bad("algorithm.search: expected a searcher of the server, but it is a program outside");
    }
    if (plan.isScoredLater()) {
      throw bad("metric.source: expected metrics of the trainer, but a person gives one");
    }
    SortedSet<String> metrics = task.metrics();
    for (String name : Objectives.measured(plan)) {
      if (!metrics.isEmpty() && !metrics.contains(name)) {
        throw bad(
            "metric: expected one of the table, which has %s, but came %s"
                .formatted(metrics, name));
      }
    }
    if (task.lastStep().isPresent() && plan.resource().max() > task.lastStep().getAsLong()) {
      throw bad(
          "resource.max: expected at most %d, where the curves end, but came %d"
              .formatted(task.lastStep().getAsLong(), plan.resource().max()));
    }
  }

  private Failure bad(String problem) {
    return new Failure(Failure.USAGE, file + ": " + problem);
  }
}
