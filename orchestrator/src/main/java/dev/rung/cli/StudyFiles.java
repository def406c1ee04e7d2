package dev.rung.cli;

import dev.rung.studyfile.StudyFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Study files on this machine. */
final class StudyFiles {
  private static final int MAX_BYTES = 256 * 1024;

  private StudyFiles() {}

  /**
   * The text of a file; never more than a study file may have is read.
   *
   * @throws Failure the file cannot be read, is too large, or is not UTF-8
   */
  static String read(Path file) {
    return NamedFile.read(file, Files::newInputStream, in -> text(file, in));
  }

  private static String text(Path file, InputStream in) throws IOException {
    byte[] bytes = in.readNBytes(MAX_BYTES + 1);
    if (bytes.length > MAX_BYTES) {
      throw NamedFile.bad(
          file, "expected at most 256 KiB, but came %,d bytes".formatted(size(file)));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw NamedFile.bad(file, "expected text in UTF-8, but some bytes are none");
    }
  }

  /** What came of a file's text. No study is made here, so any seed will do. */
  static StudyFile.Result check(Path file, String text) {
    return StudyFile.parse(text, file.toString(), () -> 0L);
  }

  private static long size(Path file) throws IOException {
    return Math.max(Files.size(file), MAX_BYTES + 1L);
  }
}
