package dev.rung.cli;

import com.google.protobuf.ByteString;
import dev.rung.simulate.ContradictionException;
import dev.rung.simulate.Packed;
import dev.rung.simulate.Recording;
import dev.rung.storage.EventCodec;
import dev.rung.storage.StorageException;
import dev.rung.storage.StudyExport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Studies that have run, from their exports. */
final class Histories {
  /** Lines before the first event. */
  private static final int HEADER = 1;

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
    } catch (ContradictionException e) {
      throw NamedFile.bad(file, "line %d: %s".formatted(HEADER + e.place(), text(e)));
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
      throw unreadable(study, "" + e);
    } catch (ContradictionException e) {
      throw unreadable(study, "event %d: %s".formatted(e.place(), text(e)));
    } catch (IllegalArgumentException e) {
      throw new Failure(Failure.USAGE, String.valueOf(e.getMessage()));
    }
  }

  private static Failure unreadable(String study, String problem) {
    return new Failure(
        Failure.FAILED, "the server's export of %s cannot be read: %s".formatted(study, problem));
  }

  private static String text(ContradictionException e) {
    return EventCodec.name(e.event()) + ": " + e.getMessage();
  }

  private static void write(ByteString chunk, ByteString.Output lines) {
    try {
      chunk.writeTo(lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Recording read(InputStream in) throws IOException {
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    return Recording.of(StudyExport.read(lines).events());
  }
}
