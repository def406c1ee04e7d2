package dev.rung.cli;

import dev.rung.proto.v1.Rung;
import dev.rung.proto.v1.Study;
import java.util.ArrayList;
import java.util.List;

/** The live block: a running study in at most 12 lines, or in one. */
final class StudyBlock {
  private static final int MAX_RUNGS = 6;
  private static final int BAR = 30;

  private StudyBlock() {}

  /**
   * The block.
   *
   * @param problem the last thing that went wrong; empty: nothing did
   */
  static List<String> lines(Study study, Rate rate, String problem) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s  %s  %s"
            .formatted(
                study.getName(), StudyText.state(study), Text.duration(StudyText.elapsed(study))));
    lines.add("trials   " + StudyText.trials(study));
    lines.addAll(histogram(study));
    lines.add("best     " + (study.hasBest() ? StudyText.bestLine(study) : "-"));
    lines.add(
        "         " + (study.hasBest() ? Text.assignment(study.getBest().getAssignment()) : ""));
    lines.add("rate     " + rate.text());
    if (!study.getWaitsFor().isEmpty()) {
      lines.add("waits    " + study.getWaitsFor());
    }
    if (!problem.isEmpty()) {
      lines.add("problem  " + problem);
    }
    return lines;
  }

  /** The same in one line. */
  static String line(Study study, Rate rate) {
    String best = study.hasBest() ? "; best " + StudyText.bestLine(study) : "";
    return "%s %s %s; trials %s%s; %s"
        .formatted(
            Text.duration(StudyText.elapsed(study)),
            study.getName(),
            States.name(study.getState()),
            StudyText.trials(study),
            best,
            rate.text());
  }

  /** A bar for each rung; of many rungs the highest, which the fewest reach. */
  private static List<String> histogram(Study study) {
    List<Rung> rungs = study.getRungsList();
    long most = rungs.stream().mapToLong(Rung::getEntered).max().orElse(0);
    int shown = study.getWaitsFor().isEmpty() ? MAX_RUNGS : MAX_RUNGS - 1;
    int first = Math.max(0, rungs.size() - shown);
    return rungs.subList(first, rungs.size()).stream()
        .map(rung -> bar(rung, study.getUnit(), most))
        .toList();
  }

  private static String bar(Rung rung, String unit, long most) {
    // A rung that was entered shows, however few it were.
    int length = most == 0 ? 0 : (int) Math.ceilDiv(rung.getEntered() * BAR, most);
    return "%s %,d".formatted(unit, rung.getResource()).concat(" ".repeat(9)).substring(0, 9)
        + "#".repeat(length)
        + (length == 0 ? "" : " ")
        + "%,d, %,d promoted".formatted(rung.getEntered(), rung.getPromoted());
  }
}
