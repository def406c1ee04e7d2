package dev.rung.session;

import com.google.protobuf.util.Timestamps;
import dev.rung.logs.LogLine;
import dev.rung.proto.v1.SendLogsRequest;
import java.util.ArrayList;
import java.util.List;

/** Reads lines of logs from the wire and holds them to their limits. */
final class LogLines {
  static final int MOST_LINES = 256;
  static final int MOST_CHARACTERS = 64 * 1024;
  static final int LONGEST_LINE = 4_096;

  private LogLines() {}

  /**
   * The lines of a message.
   *
   * @throws ProtocolException one of them breaks a rule
   */
  static List<LogLine> read(SendLogsRequest message) {
    if (message.getLinesCount() > MOST_LINES) {
      throw new ProtocolException(
          "expected at most %d lines, but came %d".formatted(MOST_LINES, message.getLinesCount()));
    }
    List<LogLine> lines = new ArrayList<>(message.getLinesCount());
    long characters = 0;
    long last = 0;
    for (dev.rung.proto.v1.LogLine line : message.getLinesList()) {
      // A number is unsigned on the wire: a negative one is one that is too large.
      if (line.getNumber() <= last) {
        throw new ProtocolException(
            "expected lines with growing numbers from 1, but came %s after %d"
                .formatted(Long.toUnsignedString(line.getNumber()), last));
      }
      last = line.getNumber();
      characters += line.getText().length();
      if (characters > MOST_CHARACTERS) {
        throw new ProtocolException(
            "expected lines of at most %d characters together".formatted(MOST_CHARACTERS));
      }
      if (!Timestamps.isValid(line.getTime())) {
        throw new ProtocolException("expected a time from year 1 to 9999 for line " + last);
      }
      lines.add(
          new LogLine(
              message.getAttempt().getAttempt(),
              last,
              Timestamps.toMillis(line.getTime()),
              cut(line.getText())));
    }
    return lines;
  }

  private static String cut(String text) {
    return text.length() > LONGEST_LINE ? text.substring(0, LONGEST_LINE) : text;
  }
}
