package dev.rung.studyfile;

import java.util.Comparator;

/**
 * A place in a file.
 *
 * @param line from 1
 * @param column in code points, from 1
 */
record Position(int line, int column) implements Comparable<Position> {
  static final Position START = new Position(1, 1);

  private static final Comparator<Position> IN_ORDER =
      Comparator.comparingInt(Position::line).thenComparingInt(Position::column);

  @Override
  public int compareTo(Position other) {
    return IN_ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return line + ":" + column;
  }
}
