package dev.rung.conformance;

/**
 * A rule of the protocol and how it is checked.
 *
 * @param id short and stable, for reports and {@code --only}
 * @param text what a trainer must do, in a sentence
 * @param check plays a scene in which it can be seen
 */
record Rule(String id, String text, Check check) {

  /** A scene. */
  @FunctionalInterface
  interface Check {
    /**
     * Plays it.
     *
     * @throws Violation the rule is broken
     * @throws InterruptedException the kit is being ended
     */
    void run(Stage stage) throws Violation, InterruptedException;
  }
}
