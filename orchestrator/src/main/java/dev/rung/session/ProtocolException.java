package dev.rung.session;

import io.grpc.Status;
import java.util.regex.Pattern;

/** A node broke a rule of the protocol; its stream is closed with this status. */
final class ProtocolException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final int MOST_QUOTED = 80;

  private final Status.Code code;

  /** Closes with INVALID_ARGUMENT. */
  ProtocolException(String message) {
    this(Status.Code.INVALID_ARGUMENT, message);
  }

  /** Closes with another code. */
  ProtocolException(Status.Code code, String message) {
    super(message);
    this.code = code;
  }

  /** What the stream is closed with. */
  Status status() {
    return code.toStatus().withDescription(getMessage());
  }

  /** The begin of a text that a peer sent, fit for a message. */
  static String cut(String text) {
    String head = text.length() > MOST_QUOTED ? text.substring(0, MOST_QUOTED) + "..." : text;
    return CONTROL.matcher(head).replaceAll("?");
  }
}
