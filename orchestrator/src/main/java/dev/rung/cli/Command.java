package dev.rung.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;

/** An entry of the command line. */
sealed interface Command {
  String name();

  /** What it does, in one sentence. */
  String summary();

  /**
   * Something that is done.
   *
   * @param example a command line that can be typed
   * @param make its options and what it does; called for the command that was typed only
   */
  record Verb(
      String name, String summary, String example, Function<Console, Callable<Integer>> make)
      implements Command {}

  /**
   * What verbs are about.
   *
   * @param verbs the first is meant where none is typed
   */
  record Noun(String name, String summary, List<Verb> verbs) implements Command {}
}
