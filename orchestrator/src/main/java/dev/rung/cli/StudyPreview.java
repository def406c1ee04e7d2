package dev.rung.cli;

import dev.rung.simulate.FleetModel;
import dev.rung.simulate.FleetModel.Points;
import dev.rung.simulate.Foreseeable;
import dev.rung.simulate.Preview;
import dev.rung.simulate.Trap;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.SearchSpace;
import dev.rung.study.StudyPlan;
import dev.rung.studyfile.StudyFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a study would do, by made-up learning curves. */
final class StudyPreview implements Callable<Integer> {
  private final Console console;

  @Parameters(paramLabel = "FILE", description = "The study file.")
  private Path file = Path.of("");

  @Mixin private final FleetOption fleet = new FleetOption();
  @Mixin private final RunsOption runs = new RunsOption(10, 1_000);
  @Mixin private final OutputOption output = new OutputOption();

  @Option(
      names = "--unit-time",
      paramLabel = "TIME",
      converter = DurationOption.class,
      description = "How long a trainer takes for one unit of resource; then times are durations.")
  private @Nullable Duration unit;

  @Option(
      names = "--cost-hour",
      paramLabel = "X",
      description = "What a trainer costs in an hour; with --unit-time.")
  private @Nullable Double costHour;

  StudyPreview(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    checkOptions();
    FleetModel model = fleet.model(Points.LEVELS);
    List<Trap> traps = new ArrayList<>();
    StudyFile.Valid valid = valid(traps);
    Foreseeable foreseeable = Foreseeable.of(valid.plan(), unit != null);
    StudyPlan plan = foreseeable.plan();
    if (!runs.end(plan)) {
      foreseeable.notes().forEach(note -> console.error("note: " + note));
      throw new Failure(
          Failure.USAGE,
          "expected --time, or trials or resource in the study's budget, since nothing else ends"
              + " the preview");
    }
    long unitMillis = unit == null ? 1_000 : unit.toMillis();
    Preview preview = Preview.of(plan, model, runs.seeds(), unitMillis, runs.time());
    List<String> warnings = new ArrayList<>();
    valid.warnings().forEach(problem -> traps.add(new Trap(problem.path(), problem.message())));
    traps.addAll(Trap.of(plan, preview, model.trainers()));
    traps.forEach(trap -> warnings.add(trap.field() + ": " + trap.message()));
    PreviewText text = new PreviewText(plan, preview, model.trainers(), pricing());
    if (output.isJson()) {
      console.printJson(text.json(traps, notes(valid, foreseeable)));
    } else {
      console.print(text.page());
      warnings.forEach(warning -> console.error("warning: " + warning));
      notes(valid, foreseeable).forEach(note -> console.error("note: " + note));
    }
    return 0;
  }

  private PreviewText.Pricing pricing() {
    return new PreviewText.Pricing(
        Optional.ofNullable(unit),
        costHour == null ? OptionalDouble.empty() : OptionalDouble.of(costHour));
  }

  private void checkOptions() {
    runs.check();
    if (unit != null && unit.isZero()) {
      throw bad("--unit-time: expected more than 0, but came " + DurationOption.text(unit));
    }
    if (costHour != null && !(costHour >= 0 && Double.isFinite(costHour))) {
      throw bad("--cost-hour: expected a number of at least 0, but came " + costHour);
    }
    if (costHour != null && unit == null) {
      throw bad("--cost-hour: expected --unit-time as well, to know how long a trainer is needed");
    }
  }

  /** A file for rung simulate needs no space, since the task has one. */
  private StudyFile.Valid valid(List<Trap> traps) {
    String text = StudyFiles.read(file);
    return switch (StudyFile.parse(text, file.toString(), () -> 1L)) {
      case StudyFile.Valid valid -> valid;
      case StudyFile.Invalid invalid -> spaceless(text, invalid, traps);
    };
  }

  /** A file for rung simulate needs no space, since the task has one. */
  private StudyFile.Valid spaceless(String text, StudyFile.Invalid invalid, List<Trap> traps) {
    SearchSpace any = new SearchSpace(List.of(new FloatParameter("any", 0, 1, false, 0)));
    return switch (StudyFile.parse(text, file.toString(), () -> 1L, any)) {
      case StudyFile.Valid valid -> {
        traps.add(
            new Trap(
                "space",
                "there is none, and no server takes such a study; one parameter stands in"));
        yield valid;
      }
      case StudyFile.Invalid unused ->
          throw bad(
              invalid.problems().stream().map(Object::toString).collect(Collectors.joining("\n")));
    };
  }

  private static List<String> notes(StudyFile.Valid valid, Foreseeable foreseeable) {
    List<String> notes = new ArrayList<>(foreseeable.notes());
    valid
        .warmStarts()
        .forEach(start ->
            notes.add(
                "warm_start: what study %s found is not looked at, since only a server knows it"
                    .formatted(start.study())));
    return notes;
  }

  private static Failure bad(String message) {
    return new Failure(Failure.USAGE, message);
  }
}
