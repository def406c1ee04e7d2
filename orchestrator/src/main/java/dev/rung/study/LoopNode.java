package dev.rung.study;

/**
 * How studies name a loop that is its own trainer where they name nodes. No trainer node has such a
 * name, and the dispatcher knows none of them: a loop brings its own slot.
 */
public final class LoopNode {
  private static final String PREFIX = "loop:";

  private LoopNode() {}

  /** The name of a client's loop. */
  public static String of(String client) {
    return PREFIX + client;
  }

  /** Whether this is the name of a loop, and not of a trainer node. */
  public static boolean is(String node) {
    return node.startsWith(PREFIX);
  }
}
