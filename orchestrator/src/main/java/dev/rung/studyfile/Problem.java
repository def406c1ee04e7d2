package dev.rung.studyfile;

/**
 * Something wrong, or to be warned of, in a study file.
 *
 * @param file the name that the file was given under
 * @param line from 1
 * @param column in code points, from 1
 * @param path of the value, its keys joined by dots; empty for the file as a whole
 * @param message what was expected and what came, in one line
 */
public record Problem(String file, int line, int column, String path, String message) {

  /** The problem in one line, for instance {@code a.yaml:7:3: space.lr.min: expected ...}. */
  @Override
  public String toString() {
    return file + ":" + line + ":" + column + ": " + (path.isEmpty() ? "" : path + ": ") + message;
  }
}
