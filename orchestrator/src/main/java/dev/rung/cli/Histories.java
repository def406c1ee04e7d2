package dev.rung.cli;

import com.google.protobuf.ByteString;
import dev.rung.simulate.Packed;
import dev.rung.simulate.Recording;
import dev.rung.storage.StorageException;
import dev.rung.storage.StudyExport;
import dev.rung.study.StudyEvent;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** Studies that have run, from their exports. */
final class Histories {
  private Histories() {}

  /**
   * The study in a file.
   *
   * @throws Failure it cannot be read, is cut short or damaged, or has nothing to replay
   */
  static Recording of(Path file) {
    return NamedFile.read(file, Packed::open, in -> of(in, file));
  }

  /**
   * The study in a file that is open.
   *
   * @throws Failure it is cut short or damaged, or has nothing to replay
   */
  static Recording of(InputStream in, Path file) throws IOException {
    try {
      return read(in);
    } catch (StorageException | IllegalArgumentException e) {
      throw NamedFile.bad(file, String.valueOf(e.getMessage()));
    }
  }

  /**
   * A study on a server.
   *
   * @throws Failure there is no such study, or no server, or there is nothing to replay
   */
  static Recording of(Client client, String study) {
    ByteString.Output lines = ByteString.newOutput();
    client.export(study, chunk -> write(chunk, lines));
    try (InputStream in = lines.toByteString().newInput()) {
      return read(in);
    } catch (IOException | StorageException e) {
      throw new Failure(
          Failure.FAILED, "the server's export of %s cannot be read: %s".formatted(study, e));
    } catch (IllegalArgumentException e) {
      throw new Failure(Failure.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private static void write(ByteString chunk, ByteString.Output lines) {
    try {
      chunk.writeTo(lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Recording read(InputStream in) throws IOException {
    List<StudyEvent> events =
        StudyExport.read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)))
            .events();
    if (events.isEmpty() || !(events.get(0) instanceof StudyEvent.StudyCreated)) {
      throw new IllegalArgumentException(
          "expected a history that begins with the study's creation");
    }
    return Recording.of(events);
  }
}
