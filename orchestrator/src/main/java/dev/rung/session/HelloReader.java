package dev.rung.session;

import dev.rung.proto.v1.Hello;

/** Holds a node's first message to its limits. */
final class HelloReader {
  static final int PROTOCOL = 1;
  static final int MOST_SLOTS = 4_096;
  static final int MOST_KINDS = 64;
  static final int MOST_ATTEMPTS = 2 * MOST_SLOTS;
  private static final int LONGEST_TEXT = 256;

  private HelloReader() {}

  /**
   * Checks a Hello of this protocol's version.
   *
   * @throws ProtocolException it breaks a rule
   */
  static void check(Hello hello) {
    if (!hello.getNode().matches("[A-Za-z0-9._-]{1,128}")) {
      throw new ProtocolException(
          "expected a node name of 1 to 128 of [A-Za-z0-9._-], but came '%s'"
              .formatted(ProtocolException.cut(hello.getNode())));
    }
    if (hello.getConnection() < 1) {
      throw new ProtocolException("expected a connection number from 1, but came none");
    }
    atMost("slots", Integer.toUnsignedLong(hello.getSlots()), MOST_SLOTS);
    atMost("kinds", hello.getKindsCount(), MOST_KINDS);
    atMost("attempts", hello.getAttemptsCount(), MOST_ATTEMPTS);
    atMost("characters of software", hello.getSoftware().length(), LONGEST_TEXT);
    for (String kind : hello.getKindsList()) {
      atMost("characters of a kind", kind.length(), LONGEST_TEXT);
    }
  }

  private static void atMost(String what, long came, long most) {
    if (came > most) {
      throw new ProtocolException(
          "expected at most %d %s, but came %d".formatted(most, what, came));
    }
  }
}
