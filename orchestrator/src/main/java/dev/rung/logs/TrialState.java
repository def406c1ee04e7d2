package dev.rung.logs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the writer knows of one trial's files, and how much the trial may write now. */
final class TrialState {
  private static final double NANOS = 1e9;

  private final Map<Integer, Long> last = new HashMap<>();
  private double allowance;
  private long refilled;
  long generation = 1;

  /** Bytes of the newest generation. */
  long size;

  private TrialState(double allowance, long now) {
    this.allowance = allowance;
    this.refilled = now;
  }

  /** Reads it from the files: what a server before this one wrote goes on. */
  static TrialState load(TrialFolder folder, LogSettings settings, long now) throws IOException {
    TrialState state = new TrialState((double) settings.burstBytes(), now);
    List<Long> generations = folder.generations();
    for (long generation : generations) {
      long offset = 0;
      long next = folder.read(generation, offset, state::took);
      while (next > offset) {
        offset = next;
        next = folder.read(generation, offset, state::took);
      }
      state.generation = generation;
      state.size = folder.size(generation);
      if (offset < state.size) {
        // A crash cut the last line; the next one begins on a line of its own.
        Files.write(folder.file(generation), new byte[] {'\n'}, StandardOpenOption.APPEND);
        state.size++;
      }
    }
    return state;
  }

  /** Number of the newest line of an attempt; 0: none. */
  long last(int attempt) {
    return last.getOrDefault(attempt, 0L);
  }

  void took(LogLine line) {
    last.merge(line.attempt(), line.number(), Math::max);
  }

  void refill(long now, LogSettings settings) {
    double gained = (double) (now - refilled) / NANOS * (double) settings.bytesASecond();
    allowance = Math.min((double) settings.burstBytes(), allowance + gained);
    refilled = now;
  }

  /** Whether so many bytes may be written now; they count if so. */
  boolean spend(int bytes) {
    if (bytes > allowance) {
      return false;
    }
    allowance -= bytes;
    return true;
  }
}
