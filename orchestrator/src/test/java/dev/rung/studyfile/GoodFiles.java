package dev.rung.studyfile;

import dev.rung.studyfile.StudyFile.Invalid;
import dev.rung.studyfile.StudyFile.Valid;
import java.util.List;

/** Files that can be run. */
final class GoodFiles {
  /** Nothing but what a file must have; named a.yaml, its seed is 7. */
  static final String SHORTEST =
      """
      name: a
      metric: {name: loss, goal: minimize}
      resource: {max: 9}
      space: {x: {min: 0.0, max: 1.0}}
      trainer: {kind: scripted}
      """;

  private GoodFiles() {}

  static Valid valid(String text) {
    return switch (StudyFile.parse(text, "a.yaml", () -> 7)) {
      case Valid valid -> valid;
      case Invalid(List<Problem> problems) -> throw new AssertionError(problems.toString());
    };
  }

  /** The shortest file with another space, in line 4, and a budget, in line 5. */
  static String file(String budget, String space) {
    return SHORTEST.replace("{x: {min: 0.0, max: 1.0}}", space + "\nbudget: {" + budget + "}");
  }
}
