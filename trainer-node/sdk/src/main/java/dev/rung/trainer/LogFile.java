package dev.rung.trainer;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Entry;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.zip.CRC32C;

/**
 * The log of one attempt on disk. An entry is handed to the operating system before it may be sent,
 * so it survives the end of this process however that comes; it is not synced, so a power loss may
 * cost the last moments. A whole file is read by {@link LogReader}.
 *
 * <p>A file is a sequence of records; the first is the attempt's name.
 *
 * <pre>
 *   record   length of kind and content (4 bytes, big-endian), their CRC-32C (4), kind (1), content
 *   kinds    1 AttemptRef   2 Entry   3 acknowledged sequence number (8, big-endian)
 * </pre>
 *
 * <p>Entries are numbered from 1 by their order; after a record of kind 3 numbering goes on from it
 * where it lies past the last entry.
 */
final class LogFile implements Closeable {
  static final byte ATTEMPT = 1;
  static final byte ENTRY = 2;
  static final byte ACKED = 3;

  /** Bytes of a record before its kind. */
  static final int HEAD_BYTES = 8;

  /** Bytes of kind and content, at most: four times what a server takes in one message. */
  static final int LARGEST_RECORD = 4 << 20;

  /** How far what is noted may lie behind; being behind costs only a repeated delivery. */
  private static final int ACKS_NOT_NOTED = 64;

  private final Path path;
  private final AttemptRef attempt;
  private RandomAccessFile file;

  /** Where the records of entries begin that are not known to be acknowledged. */
  private final ArrayDeque<Long> starts = new ArrayDeque<>();

  /** Sequence number of the entry before the first of {@link #starts}. */
  private long dropped;

  private long end;
  private long noted;
  private long compactAt;
  private volatile long acked;

  private LogFile(Path path, AttemptRef attempt, long compactAt) throws IOException {
    this.path = path;
    this.attempt = attempt;
    this.compactAt = compactAt;
    this.file = new RandomAccessFile(path.toFile(), "rw");
  }

  /**
   * A new file with the attempt's name.
   *
   * @param compactAt length in bytes from which a file is begun anew that is acknowledged for more
   *     than half
   * @throws IOException it cannot be written, or there is one already; nothing is left behind
   */
  static LogFile create(Path path, AttemptRef attempt, long compactAt) throws IOException {
    Files.createFile(path);
    LogFile log = new LogFile(path, attempt, compactAt);
    try {
      log.write(record(ATTEMPT, attempt.toByteArray()));
      return log;
    } catch (IOException e) {
      log.close();
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /**
   * Adds an entry. Where that fails, the next try writes over what was written in part.
   *
   * @throws IOException the entry is not in the file
   */
  synchronized void append(Entry entry) throws IOException {
    for (long known = acked; dropped < known && !starts.isEmpty(); dropped++) {
      starts.remove();
    }
    long unacknowledged = starts.isEmpty() ? 0 : end - starts.element();
    if (end > compactAt && unacknowledged < end / 2) {
      compact();
    } else if (dropped - noted >= ACKS_NOT_NOTED) {
      write(record(ACKED, number(dropped)));
      noted = dropped;
    }
    long start = end;
    write(record(ENTRY, entry.toByteArray()));
    starts.add(start);
  }

  /** Remembers what the server has; noted with a later entry. */
  void ack(long seq) {
    acked = Math.max(acked, seq);
  }

  Path path() {
    return path;
  }

  /** Nothing can be added any more. */
  @Override
  public synchronized void close() throws IOException {
    file.close();
  }

  /** Begins anew with what is not acknowledged. */
  private void compact() throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".tmp");
    LogFile small = null;
    try {
      Files.deleteIfExists(fresh);
      small = create(fresh, attempt, compactAt);
      small.write(record(ACKED, number(dropped)));
      copyUnacknowledged(small);
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      // The disk is full, or the system replaces no open file. The long one is as good.
      if (small != null) {
        small.close();
        Files.deleteIfExists(fresh);
      }
      compactAt = Math.max(2 * compactAt, end);
      return;
    }
    file.close();
    file = small.file;
    end = small.end;
    starts.clear();
    starts.addAll(small.starts);
    noted = dropped;
  }

  private void copyUnacknowledged(LogFile target) throws IOException {
    if (starts.isEmpty()) {
      return;
    }
    long first = starts.element();
    long shift = target.end - first;
    byte[] records = new byte[Math.toIntExact(end - first)];
    file.seek(first);
    file.readFully(records);
    target.write(records);
    starts.forEach(start -> target.starts.add(start + shift));
  }

  private void write(byte[] record) throws IOException {
    file.seek(end);
    file.write(record);
    end += record.length;
  }

  private static byte[] number(long value) {
    return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
  }

  private static byte[] record(byte kind, byte[] content) {
    int length = 1 + content.length;
    if (length > LARGEST_RECORD) {
      throw new IllegalArgumentException(
          "expected an entry of less than " + LARGEST_RECORD + " bytes, got " + content.length);
    }
    ByteBuffer record = ByteBuffer.allocate(HEAD_BYTES + length);
    record.putInt(length).putInt(0).put(kind).put(content);
    record.putInt(Integer.BYTES, checksum(record.array(), HEAD_BYTES, length));
    return record.array();
  }

  static int checksum(byte[] bytes, int offset, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, offset, length);
    return (int) sum.getValue();
  }
}
