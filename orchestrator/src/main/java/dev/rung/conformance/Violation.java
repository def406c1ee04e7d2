package dev.rung.conformance;

/** A trainer did something else than its rule says. */
final class Violation extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message what was expected and what came
   */
  Violation(String message) {
    super(message);
  }

  /** Fails where something is not so; the message is a format of its arguments. */
  @SuppressWarnings(
      "AnnotateFormatMethod") // The annotation is of a library that nothing else needs.
  static void unless(boolean kept, String message, Object... arguments) throws Violation {
    if (!kept) {
      throw new Violation(message.formatted(arguments));
    }
  }
}
