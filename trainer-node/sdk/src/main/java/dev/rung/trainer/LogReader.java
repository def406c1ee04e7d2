package dev.rung.trainer;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Entry;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the log that a process left behind, up to where it is whole. */
final class LogReader {
  private static final Logger log = LoggerFactory.getLogger(LogReader.class);

  /**
   * What a file holds.
   *
   * @param entries those that are not known to be acknowledged
   * @param closed whether the last one is the attempt's end
   */
  record Content(AttemptRef attempt, AttemptLog entries, boolean closed) {}

  private final Path path;
  private final AttemptLog entries = new AttemptLog();
  private @Nullable AttemptRef attempt;
  private boolean closed;

  private LogReader(Path path) {
    this.path = path;
  }

  /**
   * Reads a file. A last record that was written in part is left out; what comes after a damaged
   * one as well, with a warning.
   *
   * @return null where not even the attempt's name is whole: nothing was ever sent of it
   */
  static @Nullable Content read(Path path) throws IOException {
    LogReader reader = new LogReader(path);
    reader.readAll();
    return reader.attempt == null
        ? null
        : new Content(reader.attempt, reader.entries, reader.closed);
  }

  private void readAll() throws IOException {
    long size = Files.size(path);
    long offset = 0;
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
      while (size - offset >= LogFile.HEAD_BYTES) {
        int length = in.readInt();
        int checksum = in.readInt();
        if (length < 1 || length > LogFile.LARGEST_RECORD) {
          damaged(offset, size, "a length of " + length);
          return;
        }
        if (length > size - offset - LogFile.HEAD_BYTES) {
          break;
        }
        byte[] record = in.readNBytes(length);
        if (record.length < length || LogFile.checksum(record, 0, length) != checksum) {
          damaged(offset, size, "another checksum");
          return;
        }
        try {
          take(record[0], Arrays.copyOfRange(record, 1, length));
        } catch (InvalidProtocolBufferException | IllegalStateException e) {
          damaged(offset, size, e.getMessage());
          return;
        }
        offset += LogFile.HEAD_BYTES + length;
      }
    }
    if (offset < size) {
      log.info(
          "{}: the last {} bytes are a record that was written in part, and are left out",
          path,
          size - offset);
    }
  }

  private void take(byte kind, byte[] content) throws InvalidProtocolBufferException {
    if (attempt == null && kind != LogFile.ATTEMPT) {
      throw new IllegalStateException("kind " + kind + " before the attempt's name");
    }
    switch (kind) {
      case LogFile.ATTEMPT -> attempt = AttemptRef.parseFrom(content);
      case LogFile.ENTRY -> {
        Entry entry = Entry.parseFrom(content);
        entries.append(entry);
        closed = entry.hasEnded();
      }
      case LogFile.ACKED -> {
        if (content.length != Long.BYTES) {
          throw new IllegalStateException("a number of " + content.length + " bytes");
        }
        entries.ack(ByteBuffer.wrap(content).getLong());
      }
      default -> throw new IllegalStateException("an unknown kind " + kind);
    }
  }

  private void damaged(long offset, long size, @Nullable String found) {
    log.warn(
        "{}: expected a whole record at byte {}, but found {}; the {} bytes from there on are lost",
        path,
        offset,
        found,
        size - offset);
  }
}
