package dev.rung.api;

import java.util.List;

/** Many errors in one message. */
final class ErrorLines {
  /** Errors are sent in a header, which clients take up to 8 KiB of. */
  private static final int SHOWN_BYTES = 6_000;

  private ErrorLines() {}

  /** One error a line; those that do not fit are counted. */
  static String of(List<String> errors) {
    StringBuilder text = new StringBuilder();
    int bytes = 0;
    int shown = 0;
    for (String error : errors) {
      String line = (shown == 0 ? "" : "\n") + error;
      bytes += headerBytes(line);
      if (bytes > SHOWN_BYTES && shown > 0) {
        return text.append("\n... and %,d more".formatted(errors.size() - shown)).toString();
      }
      text.append(line);
      shown++;
    }
    return text.toString();
  }

  /** A header carries printable ASCII as it is and anything else as three characters a byte. */
  private static int headerBytes(String line) {
    return line.chars().map(c -> c < 0x20 || c == '%' ? 3 : c < 0x7f ? 1 : 9).sum();
  }
}
