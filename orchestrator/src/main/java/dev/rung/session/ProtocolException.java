package dev.rung.session;

import java.util.regex.Pattern;

/**
 * A node broke a rule of the protocol; its stream is closed with INVALID_ARGUMENT and this message.
 */
final class ProtocolException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final int MOST_QUOTED = 80;

  ProtocolException(String message) {
    super(message);
  }

  /** The begin of a text that a peer sent, fit for a message. */
  static String cut(String text) {
    String head = text.length() > MOST_QUOTED ? text.substring(0, MOST_QUOTED) + "..." : text;
    return CONTROL.matcher(head).replaceAll("?");
  }
}
