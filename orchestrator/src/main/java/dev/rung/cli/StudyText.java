package dev.rung.cli;

import com.google.protobuf.util.Durations;
import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.Best;
import dev.rung.proto.v1.Rung;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.TrialState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A study in lines for a person. */
final class StudyText {
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
    if (!study.getWaitsFor().isEmpty()) {
      lines.add("waits     " + study.getWaitsFor());
    }
    if (study.hasLeft()) {
      lines.add("left      about " + Text.duration(left(study)));
    }
    if (!study.getChange().isEmpty()) {
      lines.add("changed   " + study.getChange());
    }
    lines.addAll(awaited(study));
    lines.add("");
    lines.addAll(best(study));
    lines.addAll(front(study));
    lines.add("");
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

  /** With several objectives: trials that no other dominates, a line each. */
  static List<String> front(Study study) {
    if (study.getFrontCount() == 0) {
      return List.of();
    }
    List<String> names = study.getObjectivesList();
    List<String> titles = new ArrayList<>(List.of(">TRIAL", ">" + study.getUnit()));
    names.forEach(name -> titles.add(">" + name));
    titles.add("ASSIGNMENT");
    Table table = new Table(titles.toArray(String[]::new));
    for (Best leader : study.getFrontList()) {
      List<Object> cells = new ArrayList<>(List.of(leader.getTrial(), leader.getStep()));
      names.forEach(name -> {
        Double value = leader.getMetricsMap().get(name);
        cells.add(value == null ? "-" : Text.number(value));
      });
      cells.add(Text.assignment(leader.getAssignment()));
      table.row(cells.toArray());
    }
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("The front, which no other trial dominates:");
    lines.addAll(table.lines());
    return lines;
  }

  /** The rungs as a table, and why the ladder is as it is. */
  static List<String> rungs(Study study) {
    boolean hasBrackets = study.getRungsList().stream().anyMatch(rung -> rung.getBracket() != 0);
    Table table =
        hasBrackets
            ? new Table(">bracket", ">" + study.getUnit(), ">entered", ">promoted")
            : new Table(">" + study.getUnit(), ">entered", ">promoted");
    Set<String> reasons = new LinkedHashSet<>();
    for (Rung rung : study.getRungsList()) {
      List<Object> cells = new ArrayList<>();
      if (hasBrackets) {
        cells.add(rung.getBracket() + 1);
      }
      cells.add(rung.getResource());
      cells.add(rung.getEntered());
      cells.add(rung.getPromoted());
      table.row(cells.toArray());
      if (!rung.getReason().isEmpty()) {
        reasons.add("The ladder: " + rung.getReason());
      }
    }
    List<String> lines = new ArrayList<>(table.lines());
    lines.addAll(reasons);
    return lines;
  }

  /** Who waits for a person; empty where nobody does. */
  static List<String> awaited(Study study) {
    long waiting = States.count(study, TrialState.TRIAL_STATE_AWAITING_METRIC);
    return waiting == 0
        ? List.of()
        : List.of(
            (waiting == 1 ? "1 trial waits for a score: " : "%,d trials wait for a score: ")
                    .formatted(waiting)
                + "rung metric put %s TRIAL NAME VALUE".formatted(study.getName()));
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
    if (study.getMoney() > 0) {
      lines.add("Its slots have cost %s so far.".formatted(Text.number(study.getMoney())));
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

  static Duration left(Study study) {
    return Duration.ofMillis(Durations.toMillis(study.getLeft()));
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
