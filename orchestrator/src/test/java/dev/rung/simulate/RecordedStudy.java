package dev.rung.simulate;

import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import dev.rung.storage.StudyExport;
import dev.rung.study.AttemptRef;
import dev.rung.study.Entry;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyView;
import dev.rung.studyfile.StudyFile;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Histories as trainers make them whose losses a test gives. A step takes two seconds and costs
 * ten, and says so.
 */
public final class RecordedStudy {
  private static final long STEP_MILLIS = 2_000;
  private static final double STEP_COST = 10;

  /** What trainers measure. */
  public interface Losses {
    /** The loss of a trial, whose metric is "loss". */
    double at(int trial, long step);
  }

  /** A task of losses. */
  record Given(SearchSpace space, Losses losses) implements Task {
    @Override
    public SortedSet<String> metrics() {
      return new TreeSet<>();
    }

    @Override
    public OptionalLong lastStep() {
      return OptionalLong.empty();
    }

    @Override
    public Map<String, Double> measure(Assignment assignment, int trial, long step) {
      return Map.of("loss", losses.at(trial, step));
    }
  }

  private RecordedStudy() {}

  /** A study file with one parameter and the rest as given. */
  public static String file(String rest) {
    return """
    name: recorded
    metric: {name: loss, goal: minimize}
    space: {x: {min: 0.0, max: 1.0}}
    trainer: {kind: none}
    """
        + rest;
  }

  /** The plan of a file. */
  public static StudyPlan plan(String file) {
    return switch (StudyFile.parse(file, "test.yaml", () -> 1)) {
      case StudyFile.Valid valid -> valid.plan();
      case StudyFile.Invalid invalid -> throw new AssertionError(invalid.problems());
    };
  }

  /** The history of a study. */
  public static List<StudyEvent> of(String file, int trainers, Losses losses) {
    StudyPlan plan = plan(file);
    return of(file, trainers, new Given(plan.space(), losses));
  }

  /** The history of a study on a task. */
  static List<StudyEvent> of(String file, int trainers, Task task) {
    StudyPlan plan = plan(file);
    List<StudyEvent> events = new ArrayList<>();
    Watcher recorder =
        new Watcher() {
          @Override
          public void happened(double time, StudyEvent event, StudyView study) {
            events.add(event);
          }
        };
    new Simulation(plan, task, FleetModel.of(trainers), plan.seed(), STEP_MILLIS)
        .watchedBy(recorder)
        .run(1_000);
    return measured(events, file);
  }

  /** A history as it is exported. */
  public static String export(List<StudyEvent> events) {
    StringBuilder lines = new StringBuilder();
    lines.append(StudyExport.header(events.get(0), events.size())).append('\n');
    events.forEach(event -> lines.append(StudyExport.line(event)).append('\n'));
    return lines.toString();
  }

  /** With the file's text, and with what training took. */
  private static List<StudyEvent> measured(List<StudyEvent> events, String file) {
    Map<AttemptRef, Long> begins = new HashMap<>();
    List<StudyEvent> measured = new ArrayList<>();
    for (StudyEvent event : events) {
      measured.add(
          switch (event) {
            case StudyEvent.StudyCreated e ->
                new StudyEvent.StudyCreated(e.number(), e.time(), e.study(), e.plan(), file);
            case StudyEvent.AttemptLeased e -> {
              begins.put(e.attempt(), e.startStep());
              yield e;
            }
            case StudyEvent.EntriesRecorded e ->
                new StudyEvent.EntriesRecorded(
                    e.number(),
                    e.time(),
                    e.attempt(),
                    e.firstSeq(),
                    e.entries().stream()
                        .map(entry -> measured(entry, begins.getOrDefault(e.attempt(), 0L)))
                        .toList());
            default -> event;
          });
    }
    return measured;
  }

  private static Entry measured(Entry entry, long begin) {
    if (!(entry instanceof Entry.Point point)) {
      return entry;
    }
    long steps = point.step() - begin;
    return new Entry.Point(
        point.step(),
        point.metrics(),
        OptionalDouble.of(steps * STEP_COST),
        Optional.of(steps * STEP_MILLIS));
  }
}
