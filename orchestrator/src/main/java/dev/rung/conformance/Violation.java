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

  /** Fails where something is not so. */
  static void unless(boolean kept, String message, Object... arguments) throws Violation {
    if (!kept) {
      throw new Violation(message.formatted(arguments));
    }
  }
}
