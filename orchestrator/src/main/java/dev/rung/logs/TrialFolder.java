package dev.rung.logs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The files of one trial: numbered generations, of which the newest two are kept. */
record TrialFolder(Path path) {
  /** Longer than any line, so that one that is not whole after so much is none. */
  private static final int CHUNK = 64 << 10;

  /**
   * The folder of a trial. Its path is made of an id of this server and a number alone.
   *
   * @throws IllegalArgumentException the study's id is none
   */
  static TrialFolder of(Path root, String study, int trial) {
    return new TrialFolder(studyPath(root, study).resolve(Integer.toString(trial)));
  }

  static Path studyPath(Path root, String study) {
    if (!study.matches("[a-z0-9-]{1,64}")) {
      throw new IllegalArgumentException("expected the id of a study, but came " + study);
    }
    return root.resolve(study);
  }

  Path file(long generation) {
    return path.resolve(generation + ".log");
  }

  /** Generations that there are, oldest first. */
  List<Long> generations() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.matches("[0-9]{1,18}\\.log"))
          .map(name -> Long.parseLong(name.substring(0, name.length() - 4)))
          .sorted()
          .toList();
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
  }

  /** Bytes of all files. */
  long bytes() throws IOException {
    long sum = 0;
    for (long generation : generations()) {
      sum += size(generation);
    }
    return sum;
  }

  /** Bytes of a file; 0 where it is gone. */
  long size(long generation) throws IOException {
    try {
      return Files.size(file(generation));
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /**
   * Reads the whole lines after a place, as far as a chunk reaches.
   *
   * @param sink given what is a line of a log
   * @return the place after them; the same where there is no whole line
   */
  long read(long generation, long offset, Consumer<LogLine> sink) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
    try (FileChannel file = FileChannel.open(file(generation), StandardOpenOption.READ)) {
      file.position(offset);
      while (buffer.hasRemaining() && file.read(buffer) >= 0) {
        // Until the chunk is full or the file ends.
      }
    } catch (NoSuchFileException e) {
      return offset;
    }
    byte[] bytes = buffer.array();
    int start = 0;
    for (int i = 0; i < buffer.position(); i++) {
      if (bytes[i] == '\n') {
        String line = new String(bytes, start, i - start, StandardCharsets.UTF_8);
        LineFormat.decode(line).ifPresent(sink);
        start = i + 1;
      }
    }
    boolean endless = start == 0 && !buffer.hasRemaining();
    return offset + (endless ? CHUNK : start);
  }

  void delete() throws IOException {
    for (long generation : new ArrayList<>(generations())) {
      Files.deleteIfExists(file(generation));
    }
    Files.deleteIfExists(path);
  }
}
