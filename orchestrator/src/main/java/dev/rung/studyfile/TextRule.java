package dev.rung.studyfile;

import java.util.function.IntPredicate;

/**
 * What text a key takes.
 *
 * @param expected what it must be, to stand after "expected"
 * @param min least number of code points; text that is all blank counts as none
 * @param max largest number of code points
 * @param allowed code points
 */
record TextRule(String expected, int min, int max, IntPredicate allowed) {
  /** Names that people read. */
  static final TextRule TITLE =
      new TextRule("1 to 128 printable characters", 1, 128, Shown::isPrintable);

  /** Names that code looks up. */
  static final TextRule NAME =
      new TextRule("a name of 1 to 128 of A-Z a-z 0-9 . _ / -", 1, 128, TextRule::isNameCharacter);

  /** What one step is called. */
  static final TextRule UNIT =
      new TextRule("1 to 32 printable characters", 1, 32, Shown::isPrintable);

  /** A value that is searched: short, since every trial carries one of each parameter. */
  static final TextRule CHOICE =
      new TextRule("text of at most 256 printable characters", 0, 256, Shown::isPrintable);

  /** A condition on parameters. */
  static final TextRule CONDITION =
      new TextRule("a condition of 1 to 1024 characters", 1, 1024, TextRule::isSettingCharacter);

  /** A value for the trainer. */
  static final TextRule SETTING =
      new TextRule("text of at most 1024 characters", 0, 1024, TextRule::isSettingCharacter);

  /** Whether a text is as it must be. */
  boolean accepts(String text) {
    int length = text.codePointCount(0, text.length());
    return length >= min
        && length <= max
        && text.codePoints().allMatch(allowed)
        && !(min > 0 && text.isBlank());
  }

  private static boolean isNameCharacter(int c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || "._/-".indexOf(c) >= 0;
  }

  private static boolean isSettingCharacter(int c) {
    return c == '\t' || c == '\n' || Shown.isPrintable(c);
  }
}
