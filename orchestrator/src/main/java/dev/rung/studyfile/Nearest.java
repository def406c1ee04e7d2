package dev.rung.studyfile;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Guesses which known word a mistyped one stands for. */
final class Nearest {
  private static final int LONGEST = 64;
  private static final int SHORTEST_BEGINNING = 3;

  private Nearest() {}

  /**
   * The known word with the least edits, the first of equals; none where that is more than a third
   * of the word's letters, since such a guess would mislead. A longer or shorter form of a known
   * word counts as one edit.
   */
  static Optional<String> to(String word, Collection<String> known) {
    if (word.length() > LONGEST) {
      return Optional.empty();
    }
    String lower = word.toLowerCase(Locale.ROOT);
    int least = Math.max(1, word.length() / 3) + 1;
    Optional<String> nearest = Optional.empty();
    for (String candidate : known) {
      int edits = isBeginning(lower, candidate) ? 1 : edits(lower, candidate);
      if (edits < least) {
        least = edits;
        nearest = Optional.of(candidate);
      }
    }
    return nearest;
  }

  /** Whether one word is longer than the other by an ending, like maximum and max. */
  private static boolean isBeginning(String one, String other) {
    return Math.min(one.length(), other.length()) >= SHORTEST_BEGINNING
        && (one.startsWith(other) || other.startsWith(one));
  }

  /**
   * The least number of letters to insert, delete or replace, or of neighbours to swap, that turns
   * one word into the other (the restricted Damerau-Levenshtein distance, by its recurrence).
   */
  static int edits(String from, String to) {
    int[][] d = new int[from.length() + 1][to.length() + 1];
    for (int i = 0; i <= from.length(); i++) {
      d[i][0] = i;
    }
    for (int j = 0; j <= to.length(); j++) {
      d[0][j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      for (int j = 1; j <= to.length(); j++) {
        int replaced = d[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        d[i][j] = Math.min(replaced, Math.min(d[i - 1][j], d[i][j - 1]) + 1);
        if (i > 1
            && j > 1
            && from.charAt(i - 1) == to.charAt(j - 2)
            && from.charAt(i - 2) == to.charAt(j - 1)) {
          d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
        }
      }
    }
    return d[from.length()][to.length()];
  }
}
