package dev.rung.exec;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Follows a file to which a command writes lines, from its beginning. */
final class MetricsFile {
  /** A look reads no more, so that a trainer also looks elsewhere. */
  private static final int MOST_BYTES = 256 << 10;

  private final Path path;
  private long read;

  MetricsFile(Path path) {
    this.path = path;
  }

  /**
   * The lines that were completed since the last look; a longer one than a look reads is passed
   * over.
   *
   * @param atEnd whether nothing follows, so that a last line needs no end
   */
  List<String> lines(boolean atEnd) throws IOException {
    List<String> lines = new ArrayList<>();
    if (!Files.isRegularFile(path)) {
      return lines;
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      boolean more = true;
      while (more) {
        file.seek(read);
        byte[] bytes = new byte[(int) Math.min(MOST_BYTES, Math.max(0, file.length() - read))];
        file.readFully(bytes);
        int whole = atEnd && bytes.length < MOST_BYTES ? bytes.length : lastEnd(bytes);
        if (whole == 0 && bytes.length == MOST_BYTES) {
          whole = bytes.length;
        }
        new String(bytes, 0, whole, StandardCharsets.UTF_8).lines().forEach(lines::add);
        read += whole;
        more = atEnd && whole > 0 && read < file.length();
      }
    }
    return lines;
  }

  private static int lastEnd(byte[] bytes) {
    for (int i = bytes.length; i > 0; i--) {
      if (bytes[i - 1] == '\n') {
        return i;
      }
    }
    return 0;
  }
}
