package dev.rung.logs;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line as the files have it: {@code ATTEMPT NUMBER MILLISECONDS TEXT}, in UTF-8. */
final class LineFormat {
  private static final Pattern LINE =
      Pattern.compile("([0-9]{1,10}) ([0-9]{1,19}) (-?[0-9]{1,18}) (.*)", Pattern.DOTALL);

  private LineFormat() {}

  /** With its line break. */
  static byte[] encode(LogLine line) {
    String text = line.text().replace('\n', ' ');
    return "%d %d %d %s\n"
        .formatted(line.attempt(), line.number(), line.time(), text)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Empty where it is no such line, for instance one that a crash cut. */
  static Optional<LogLine> decode(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new LogLine(
              Integer.parseInt(matcher.group(1)),
              Long.parseLong(matcher.group(2)),
              Long.parseLong(matcher.group(3)),
              matcher.group(4)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
