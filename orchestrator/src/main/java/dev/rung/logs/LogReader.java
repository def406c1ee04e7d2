package dev.rung.logs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads trials' logs. It keeps nothing, and every method blocks on files. */
public final class LogReader {
  private final Path root;

  /** Reads what a {@link LogWriter} writes below the same folder. */
  public LogReader(Path root) {
    this.root = root;
  }

  /** A place in a trial's log. */
  public record Cursor(long generation, long offset) {
    /** Before the oldest line. */
    public static final Cursor START = new Cursor(0, 0);
  }

  /**
   * A part of a trial's log.
   *
   * @param next where the next part begins; the same cursor again: there is nothing more yet
   */
  public record Part(List<LogLine> lines, Cursor next) {}

  /**
   * The lines after a place, at most some 64 KiB of them. What has been deleted meanwhile is
   * skipped; the numbers of the lines show it.
   */
  public Part read(String study, int trial, Cursor from) throws IOException {
    TrialFolder folder = TrialFolder.of(root, study, trial);
    List<Long> generations = folder.generations();
    List<LogLine> lines = new ArrayList<>();
    for (long generation : generations) {
      if (generation < from.generation()) {
        continue;
      }
      long offset = generation == from.generation() ? from.offset() : 0;
      long next = folder.read(generation, offset, lines::add);
      boolean isNewest = generation == generations.get(generations.size() - 1);
      if (next > offset || isNewest) {
        return new Part(lines, new Cursor(generation, next));
      }
    }
    return new Part(lines, from);
  }
}
