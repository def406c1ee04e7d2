package dev.rung.cli;

import com.google.protobuf.util.Durations;
import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.Best;
import dev.rung.proto.v1.Rung;
import dev.rung.proto.v1.Study;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A study in lines for a person. */
final class StudyText {
  /** Most trials of a front that are shown to a person. */
  private static final int MOST_OF_FRONT = 20;

  private StudyText() {}

  /** All of it. */
  static List<String> page(Study study) {
    List<String> lines = new ArrayList<>();
    lines.add(study.getName() + "  " + state(study));
    lines.add("id        " + study.getId());
    lines.add(
        "created   %s, %s %s"
            .formatted(
                JsonOf.time(study.getCreated()),
                States.name(study.getState()).equals("ended") ? "took" : "runs for",
                Text.duration(elapsed(study))));
    lines.add("trials    " + trials(study));
    lines.add("trainer   " + study.getTrainerKind());
    lines.add("");
    lines.addAll(best(study));
    lines.add("");
    if (study.getFrontCount() > 0) {
      lines.addAll(front(study));
      lines.add("");
    }
    lines.addAll(rungs(study));
    lines.add("");
    lines.addAll(resource(study));
    lines.addAll(Text.wholeIfLong("The reason in full:", study.getReason()));
    return lines;
  }

  /** For instance {@code running} or {@code ended: every trial of the budget has run}. */
  static String state(Study study) {
    return States.name(study.getState()) + reason(study);
  }

  /** The first line of its reason, to be set behind its state; empty where it has none. */
  static String reason(Study study) {
    return study.getReason().isEmpty() ? "" : ": " + Text.firstLine(study.getReason());
  }

  /** For instance {@code 23 of 60: 2 running, 21 paused}. */
  static String trials(Study study) {
    String states =
        States.trials(study).entrySet().stream()
            .map(e -> "%,d %s".formatted(e.getValue(), e.getKey()))
            .collect(Collectors.joining(", "));
    String total = "%,d".formatted(States.total(study));
    String of = study.getTrialBudget() == 0 ? "" : " of %,d".formatted(study.getTrialBudget());
    return total + of + (states.isEmpty() ? "" : ": " + states);
  }

  /** The best trial with its assignment, one parameter a line. */
  static List<String> best(Study study) {
    if (!study.hasBest()) {
      return List.of("No trial has a value yet.");
    }
    List<String> lines = new ArrayList<>();
    lines.add("Best: " + bestLine(study));
    lines.addAll(assignment(study.getBest().getAssignment()));
    return lines;
  }

  /** One parameter a line. */
  static List<String> assignment(Assignment assignment) {
    int width =
        assignment.getParametersList().stream().mapToInt(p -> p.getName().length()).max().orElse(0);
    return assignment.getParametersList().stream()
        .map(p ->
            "  %s%s  %s"
                .formatted(
                    p.getName(),
                    " ".repeat(width - p.getName().length()),
                    Text.value(p.getValue())))
        .toList();
  }

  /** For instance {@code val_accuracy 0.9722, trial 2 at epoch 9}. */
  static String bestLine(Study study) {
    Best best = study.getBest();
    return "%s, trial %d at %s %,d"
        .formatted(
            Text.metrics(best.getMetricsMap()), best.getTrial(), study.getUnit(), best.getStep());
  }

  /** The trials that no other dominates, as a table; of many the first. */
  private static List<String> front(Study study) {
    List<String> columns = new ArrayList<>(List.of(">TRIAL", ">" + study.getUnit()));
    study.getObjectivesList().forEach(name -> columns.add(">" + name));
    columns.add("ASSIGNMENT");
    Table table = new Table(columns.toArray(String[]::new));
    for (Best best : study.getFrontList().subList(0, Math.min(MOST_OF_FRONT, study.getFrontCount()))) {
      List<Object> cells = new ArrayList<>(List.of(best.getTrial(), best.getStep()));
      study
          .getObjectivesList()
          .forEach(name ->
              cells.add(Text.number(best.getMetricsMap().getOrDefault(name, Double.NaN))));
      cells.add(Text.assignment(best.getAssignment()));
      table.row(cells.toArray());
    }
    List<String> lines = new ArrayList<>(List.of("No other trial is better in everything than:"));
    lines.addAll(table.lines());
    if (study.getFrontCount() > MOST_OF_FRONT) {
      lines.add("... and %,d more; see -o json".formatted(study.getFrontCount() - MOST_OF_FRONT));
    }
    return lines;
  }

  /** The rungs as a table. */
  static List<String> rungs(Study study) {
    boolean several = study.getRungsList().stream().anyMatch(rung -> rung.getBracket() > 0);
    Table table =
        several
            ? new Table(">bracket", ">" + study.getUnit(), ">entered", ">promoted")
            : new Table(">" + study.getUnit(), ">entered", ">promoted");
    for (Rung rung : study.getRungsList()) {
      List<Object> cells = new ArrayList<>();
      if (several) {
        cells.add(rung.getBracket());
      }
      cells.addAll(List.of(rung.getResource(), rung.getEntered(), rung.getPromoted()));
      table.row(cells.toArray());
    }
    return table.lines();
  }

  /** What it used, against full training of every trial. */
  static List<String> resource(Study study) {
    List<String> lines = new ArrayList<>();
    if (study.getResourceFull() > 0) {
      lines.add(
          "Used %s; training all trials to the top takes %,d (%.0f %% saved)."
              .formatted(
                  Text.count(study.getResourceUsed(), study.getUnit()),
                  study.getResourceFull(),
                  100 - 100.0 * study.getResourceUsed() / study.getResourceFull()));
    }
    long moved = study.getMovedTrials();
    if (moved > 0) {
      lines.add(
          moved == 1
              ? "1 trial went on at another node than it began on."
              : "%,d trials went on at another node than they began on.".formatted(moved));
    }
    return lines;
  }

  static Duration elapsed(Study study) {
    return Duration.ofMillis(Durations.toMillis(study.getElapsed()));
  }

  /** Many studies, one a line. */
  static List<String> list(List<Study> studies, long total) {
    Table table = new Table("ID", "NAME", "STATE", ">TRIALS", "BEST", "CREATED");
    for (Study study : studies) {
      table.row(
          study.getId().substring(0, Math.min(8, study.getId().length())),
          study.getName(),
          States.name(study.getState()),
          study.getRungsCount() == 0 ? "-" : States.total(study),
          study.hasBest() ? bestValue(study) : "-",
          JsonOf.time(study.getCreated()));
    }
    List<String> lines = new ArrayList<>(table.lines());
    if (total > studies.size()) {
      lines.add("... and %,d more; see --limit".formatted(total - studies.size()));
    }
    return lines;
  }

  private static String bestValue(Study study) {
    Map<String, Double> objectives = new LinkedHashMap<>(study.getBest().getMetricsMap());
    objectives.keySet().retainAll(study.getObjectivesList());
    return Text.metrics(objectives);
  }
}
