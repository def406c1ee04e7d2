package dev.rung.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that a person named. */
final class NamedFile {
  private NamedFile() {}

  /** Opens a file. */
  interface Opener {
    InputStream open(Path file) throws IOException;
  }

  /** Makes something of what is in a file. */
  interface Reader<T> {
    T read(InputStream in) throws IOException;
  }

  /**
   * What is made of what is in a file.
   *
   * @throws Failure the file cannot be read
   */
  static <T> T read(Path file, Opener opener, Reader<T> reader) {
    try (InputStream in = opener.open(file)) {
      return reader.read(in);
    } catch (NoSuchFileException e) {
      throw bad(file, "there is no such file");
    } catch (AccessDeniedException e) {
      throw bad(file, "the file may not be read");
    } catch (IOException e) {
      throw bad(file, Files.isDirectory(file) ? "expected a file, but it is a folder" : "" + e);
    }
  }

  /** Something is wrong with a file. */
  static Failure bad(Path file, String message) {
    return new Failure(Failure.USAGE, file + ": " + message);
  }
}
