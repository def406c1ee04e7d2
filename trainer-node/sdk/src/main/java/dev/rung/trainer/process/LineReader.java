package dev.rung.trainer.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Lines of a stream of bytes that may hold anything: a line that is too long is cut, what is no
 * UTF-8 is replaced, and a carriage return ends a line too, as progress bars use it.
 */
final class LineReader {
  static final int LONGEST_LINE = 64 << 10;

  private final InputStream in;
  private final byte[] buffer = new byte[8 << 10];
  private byte[] line = new byte[256];
  private int position;
  private int limit;
  private boolean afterReturn;

  LineReader(InputStream in) {
    this.in = in;
  }

  /** The next line without its end; null at the end of the stream. */
  @Nullable String next() throws IOException {
    int length = 0;
    long dropped = 0;
    boolean any = false;
    while (true) {
      if (position == limit) {
        limit = Math.max(0, in.read(buffer));
        position = 0;
        if (limit == 0) {
          return any ? text(length, dropped) : null;
        }
      }
      byte next = buffer[position++];
      boolean endsReturn = afterReturn && next == '\n';
      afterReturn = next == '\r';
      if (endsReturn) {
        continue;
      }
      any = true;
      if (next == '\n' || next == '\r') {
        return text(length, dropped);
      }
      if (length == LONGEST_LINE) {
        dropped++;
        continue;
      }
      if (length == line.length) {
        line = Arrays.copyOf(line, Math.min(LONGEST_LINE, 2 * length));
      }
      line[length++] = next;
    }
  }

  private String text(int length, long dropped) throws CharacterCodingException {
    String text =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE)
            .decode(ByteBuffer.wrap(line, 0, length))
            .toString();
    return dropped == 0 ? text : text + "… (%,d more bytes)".formatted(dropped);
  }
}
