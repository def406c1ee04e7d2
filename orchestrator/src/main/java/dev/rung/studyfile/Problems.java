package dev.rung.studyfile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects the problems of one file. */
final class Problems {
  /** More are counted only: nobody reads them, and an answer has to fit into one message. */
  static final int LIMIT = 50;

  /** With so many the search for further ones ends, so that a hostile file costs little. */
  private static final int FULL = 1_000;

  private static final Comparator<Problem> IN_ORDER =
      Comparator.comparing(problem -> new Position(problem.line(), problem.column()));

  private final String file;
  private final List<Problem> errors = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  Problems(String file) {
    this.file = Shown.escaped(file, 256);
  }

  void error(Position at, String path, String message) {
    errors.add(new Problem(file, at.line(), at.column(), path, message));
  }

  void warn(Position at, String path, String message) {
    warnings.add(new Problem(file, at.line(), at.column(), path, message));
  }

  /** Whether there are so many errors that further ones are not worth finding. */
  boolean isFull() {
    return errors.size() >= FULL;
  }

  boolean foundErrors() {
    return !errors.isEmpty();
  }

  /** In order of position; after the first 50 one that counts the rest. */
  List<Problem> errors() {
    return inOrder(errors);
  }

  /** In order of position; after the first 50 one that counts the rest. */
  List<Problem> warnings() {
    return inOrder(warnings);
  }

  private List<Problem> inOrder(List<Problem> found) {
    List<Problem> sorted = found.stream().sorted(IN_ORDER).toList();
    if (sorted.size() <= LIMIT) {
      return sorted;
    }
    List<Problem> first = new ArrayList<>(sorted.subList(0, LIMIT));
    Problem next = sorted.get(LIMIT);
    String rest =
        (isFull() ? "at least %d more from here on" : "%d more from here on")
            .formatted(sorted.size() - LIMIT);
    first.add(new Problem(next.file(), next.line(), next.column(), "", rest));
    return List.copyOf(first);
  }
}
