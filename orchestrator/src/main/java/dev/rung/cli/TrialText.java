package dev.rung.cli;

import dev.rung.proto.v1.Attempt;
import dev.rung.proto.v1.Trial;
import dev.rung.proto.v1.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Trials in lines for a person. */
final class TrialText {
  private TrialText() {}

  /** Many trials, one a line. */
  static List<String> list(List<Trial> trials) {
    boolean hasCopies = trials.stream().anyMatch(trial -> trial.getParent() != 0);
    Table table =
        hasCopies
            ? new Table(">TRIAL", ">COPY OF", "STATE", ">STEP", ">BEST", "NODES", "ASSIGNMENT")
            : new Table(">TRIAL", "STATE", ">STEP", ">BEST", "NODES", "ASSIGNMENT");
    for (Trial trial : trials) {
      List<Object> cells = new ArrayList<>();
      cells.add(trial.getNumber());
      if (hasCopies) {
        cells.add(trial.getParent() == 0 ? "-" : trial.getParent());
      }
      cells.add(States.name(trial.getState()));
      cells.add(trial.getStep());
      cells.add(best(trial));
      cells.add(nodes(trial));
      cells.add(Text.assignment(trial.getAssignment()));
      table.row(cells.toArray());
    }
    return table.lines();
  }

  /** All of one. */
  static List<String> page(Trial trial) {
    List<String> lines = new ArrayList<>();
    lines.add("trial %d  %s".formatted(trial.getNumber(), state(trial)));
    lines.add("best %s, step %,d".formatted(best(trial), trial.getStep()));
    if (trial.getParent() != 0) {
      lines.add("a changed copy of trial " + trial.getParent());
    }
    lines.addAll(StudyText.assignment(trial.getAssignment()));
    if (trial.hasCheckpoint()) {
      lines.add(
          "checkpoint at step %,d, %,d bytes"
              .formatted(trial.getCheckpoint().getStep(), trial.getCheckpoint().getBytes()));
    }
    lines.add("");
    Table table = new Table(">ATTEMPT", "NODE", ">FROM STEP", "LEASED", "ENDED");
    for (Attempt attempt : trial.getAttemptsList()) {
      table.row(
          attempt.getNumber(),
          attempt.getNode(),
          attempt.getStartStep(),
          JsonOf.time(attempt.getLeased()),
          attempt.hasEnded() ? end(attempt) : "runs");
    }
    lines.addAll(table.lines());
    for (Attempt attempt : trial.getAttemptsList()) {
      String title = "What attempt %d said at its end:".formatted(attempt.getNumber());
      lines.addAll(Text.wholeIfLong(title, attempt.getMessage()));
    }
    return lines;
  }

  /** Every decision about one. */
  static List<String> why(Trial trial, List<Verdict> verdicts) {
    List<String> lines = new ArrayList<>();
    lines.add("trial %d  %s".formatted(trial.getNumber(), state(trial)));
    lines.add("");
    Table table = new Table(">EVENT", "TIME", ">ATTEMPT", "VERDICT", "RULE", "WHY");
    for (Verdict verdict : verdicts) {
      table.row(
          verdict.getEvent(),
          JsonOf.time(verdict.getTime()),
          verdict.getAttempt() == 0 ? "-" : verdict.getAttempt(),
          verdict.getVerdict(),
          verdict.getRule().isEmpty() ? "-" : verdict.getRule(),
          verdict.getText());
    }
    lines.addAll(table.lines());
    return lines;
  }

  static String state(Trial trial) {
    return States.name(trial.getState())
        + (trial.getReason().isEmpty() ? "" : ": " + Text.firstLine(trial.getReason()));
  }

  private static String best(Trial trial) {
    return trial.hasBest() ? Text.number(trial.getBest()) : "-";
  }

  private static String nodes(Trial trial) {
    return trial.getAttemptsList().stream()
        .map(Attempt::getNode)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static String end(Attempt attempt) {
    String cause = States.name(attempt.getCause());
    String message = Text.firstLine(attempt.getMessage());
    // A verdict's text names the cause itself.
    String why =
        message.isEmpty() ? cause : message.startsWith(cause) ? message : cause + ": " + message;
    return JsonOf.time(attempt.getEnded()) + " " + why;
  }
}
