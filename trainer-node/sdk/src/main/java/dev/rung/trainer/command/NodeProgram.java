package dev.rung.trainer.command;

import dev.rung.trainer.Trainer;
import java.util.Iterator;
import java.util.Map;

/**
 * What a program adds to the command line that every trainer node has. Its class needs a
 * constructor without parameters, of any visibility, where {@code --isolation process} is to work.
 */
public interface NodeProgram {

  /**
   * The first lines of the help: how it is called and what it trains, each at most 80 characters.
   */
  String usage();

  /** The help's lines for options of its own; empty: there are none. */
  default String options() {
    return "";
  }

  /**
   * Reads an option of its own.
   *
   * @param rest what follows it, of which it takes its values
   * @return false: it is none
   * @throws IllegalArgumentException its value is not what it takes
   */
  default boolean read(String option, Iterator<String> rest) {
    return false;
  }

  /**
   * The trainers by their kinds, once every option was read.
   *
   * @param node the options that every node has
   * @throws IllegalArgumentException the options do not fit each other
   */
  Map<String, Trainer> kinds(NodeOptions node);

  /**
   * Loads what takes long or may fail, before the node offers its slots. With {@code --isolation
   * process} in the process of each trial before it trains, and once in one that ends again.
   *
   * @throws Exception the node cannot train here; the message says why
   */
  default void prepare() throws Exception {}

  /** Does once what a trainer does, where a launcher records what a start needs. */
  default void warmUp() throws Exception {}
}
