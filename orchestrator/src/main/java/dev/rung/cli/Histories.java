package dev.rung.cli;

import com.google.protobuf.ByteString;
import dev.rung.storage.StorageException;
import dev.rung.storage.StudyExport;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Histories of studies, from exports. */
final class Histories {
  private Histories() {}

  /**
   * The history in a file.
   *
   * @throws Failure it cannot be read, is cut short or damaged
   */
  static StudyExport.Read of(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      return read(in);
    } catch (NoSuchFileException e) {
      throw bad(file, "there is no such file");
    } catch (IOException e) {
      throw bad(file, Files.isDirectory(file) ? "expected a file, but it is a folder" : "" + e);
    } catch (StorageException e) {
      throw bad(file, String.valueOf(e.getMessage()));
    }
  }

  /**
   * The history of a study on a server.
   *
   * @throws Failure there is no such study, or no server
   */
  static StudyExport.Read of(Client client, String study) {
    ByteString.Output lines = ByteString.newOutput();
    client.export(study, chunk -> write(chunk, lines));
    try (InputStream in = lines.toByteString().newInput()) {
      return read(in);
    } catch (IOException | StorageException e) {
      throw new Failure(
          Failure.FAILED, "the server's export of %s cannot be read: %s".formatted(study, e));
    }
  }

  private static void write(ByteString chunk, ByteString.Output lines) {
    try {
      chunk.writeTo(lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StudyExport.Read read(InputStream in) throws IOException {
    return StudyExport.read(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
  }

  private static Failure bad(Path file, String message) {
    return new Failure(Failure.USAGE, file + ": " + message);
  }
}
