package dev.rung.session;

import dev.rung.proto.v1.Hello;
import io.grpc.Status;
import java.util.LinkedHashMap;
import java.util.Map;

/** Holds a node's first message to its limits. */
final class HelloReader {
  static final int PROTOCOL = 1;
  static final int MOST_SLOTS = 4_096;
  static final int MOST_KINDS = 64;
  static final int MOST_LABELS = 32;
  static final int MOST_ATTEMPTS = 2 * MOST_SLOTS;
  private static final int LONGEST_TEXT = 256;

  private HelloReader() {}

  /**
   * Checks a Hello.
   *
   * @throws ProtocolException FAILED_PRECONDITION: it is of another version of the protocol;
   *     INVALID_ARGUMENT: it breaks a rule
   */
  static void check(Hello hello) {
    if (hello.getProtocol() != PROTOCOL) {
      throw new ProtocolException(
          Status.Code.FAILED_PRECONDITION,
          "this server speaks version %d of the trainer protocol, but node %s speaks %s"
              .formatted(
                  PROTOCOL,
                  ProtocolException.cut(hello.getNode()),
                  Integer.toUnsignedString(hello.getProtocol())));
    }
    if (!hello.getNode().matches("[A-Za-z0-9._-]{1,128}")) {
      throw new ProtocolException(
          "expected a node name of 1 to 128 of [A-Za-z0-9._-], but came '%s'"
              .formatted(ProtocolException.cut(hello.getNode())));
    }
    if (hello.getConnection() < 1) {
      throw new ProtocolException(
          "expected a connection number from 1 to 2147483647, but came "
              + Integer.toUnsignedString(hello.getConnection()));
    }
    if (hello.getIncarnation() < 0) {
      throw new ProtocolException(
          "expected an incarnation below 2^63, but came "
              + Long.toUnsignedString(hello.getIncarnation()));
    }
    atMost("slots", Integer.toUnsignedLong(hello.getSlots()), MOST_SLOTS);
    atMost("kinds", hello.getKindsCount(), MOST_KINDS);
    atMost("attempts", hello.getAttemptsCount(), MOST_ATTEMPTS);
    text("software", hello.getSoftware());
    if (!hello.getPool().matches("[A-Za-z0-9._-]{0,64}")) {
      throw new ProtocolException(
          "expected a pool of at most 64 of [A-Za-z0-9._-], but came '%s'"
              .formatted(ProtocolException.cut(hello.getPool())));
    }
    hello.getKindsList().forEach(kind -> text("a kind", kind));
    labels(hello.getLabelsMap());
    price(hello.getSlotHourPrice());
  }

  /** Holds what distinguishes slots to its limits. */
  static void labels(Map<String, String> labels) {
    atMost("labels", labels.size(), MOST_LABELS);
    labels.forEach((name, value) -> {
      label("the name of a label", name);
      label("label " + name, value);
    });
  }

  /** Holds the price of a slot to its limits. */
  static void price(double slotHour) {
    if (!(slotHour >= 0 && Double.isFinite(slotHour))) {
      throw new ProtocolException(
          "expected a price from 0 for an hour of a slot, but came " + slotHour);
    }
  }

  /** The attempts of a Hello that was checked, with the slots that each of them is in. */
  static Map<AttemptKey, Integer> running(Hello hello) {
    Map<AttemptKey, Integer> running = new LinkedHashMap<>();
    for (int i = 0; i < hello.getAttemptsCount(); i++) {
      int slots = i < hello.getAttemptSlotsCount() ? hello.getAttemptSlots(i) : 1;
      running.put(AttemptKey.of(hello.getAttempts(i)), Math.clamp(slots, 1, MOST_SLOTS));
    }
    return running;
  }

  private static void label(String what, String text) {
    if (!text.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new ProtocolException(
          "expected %s to be 1 to 64 of [A-Za-z0-9._-], but came '%s'"
              .formatted(what, ProtocolException.cut(text)));
    }
  }

  /** Holds what people read to its limits. */
  static void text(String what, String text) {
    atMost("characters of " + what, text.length(), LONGEST_TEXT);
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new ProtocolException(
          "expected %s without control characters, but came '%s'"
              .formatted(what, ProtocolException.cut(text)));
    }
  }

  /** Holds a number to its limit. */
  static void atMost(String what, long came, long most) {
    if (came > most) {
      throw new ProtocolException(
          "expected at most %d %s, but came %d".formatted(most, what, came));
    }
  }
}
