package dev.rung.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * What a trainer node did, in a file that its processes one after another append to. A line is with
 * the operating system before the node does what it says, so a killed process leaves it behind.
 */
final class History implements AutoCloseable {
  private static final String SEPARATOR = "\t";
  private static final int FIELDS = 6;

  private final FileChannel file;

  /** What a line tells. */
  enum Kind {
    /** A process began; its id is the content. */
    STARTED,
    /** The trainer made an entry; by its own count the sequence number. */
    MADE,
    /** The node sent an entry for the first time in its process. */
    SENT,
    /** The server acknowledged a prefix of the log. */
    ACKED,
    /** The server told the attempt that it is fenced. */
    FENCED,
    /** The process ended in order; how is the content. */
    ENDED
  }

  /**
   * A line.
   *
   * @param time milliseconds since 1970
   * @param trial study id, slash, number; empty where none is meant
   * @param content of an entry, as {@link Contents} writes it
   */
  record Line(long time, Kind kind, String trial, int attempt, long seq, String content) {}

  private History(FileChannel file) {
    this.file = file;
  }

  /** Goes on with a file, or begins it. */
  static History append(Path path) throws IOException {
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    long size = file.size();
    file.position(size);
    ByteBuffer last = ByteBuffer.allocate(1);
    if (size > 0 && file.read(last, size - 1) == 1 && last.get(0) != '\n') {
      file.write(ByteBuffer.wrap(new byte[] {'\n'}));
    }
    return new History(file);
  }

  synchronized void write(Kind kind, String trial, int attempt, long seq, String content) {
    String line =
        String.join(
                SEPARATOR,
                Long.toString(System.currentTimeMillis()),
                kind.name(),
                trial,
                Integer.toString(attempt),
                Long.toString(seq),
                content.replaceAll("[\\t\\n\\r]", " "))
            + "\n";
    ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
    try {
      while (bytes.hasRemaining()) {
        int unused = file.write(bytes);
      }
    } catch (IOException e) {
      // What the history does not know must not happen.
      Runtime.getRuntime().halt(3);
    }
  }

  /** Every line that is whole; a line that a kill has torn says nothing. */
  static List<Line> read(Path path) throws IOException {
    List<Line> lines = new ArrayList<>();
    String text = Files.readString(path);
    for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
      String[] field = line.split(SEPARATOR, FIELDS);
      if (field.length == FIELDS) {
        lines.add(
            new Line(
                Long.parseLong(field[0]),
                Kind.valueOf(field[1]),
                field[2],
                Integer.parseInt(field[3]),
                Long.parseLong(field[4]),
                field[5]));
      }
    }
    return lines;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
