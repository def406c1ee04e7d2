package dev.rung.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/** Files that their owner alone may read. */
public final class PrivateFile {
  private static final String UNFINISHED = ".new";

  private PrivateFile() {}

  /** Writes a file: whole or not at all, in place of one that may be there. */
  public static void write(Path file, ByteBuffer content) throws IOException {
    write(file, content, attributes(file));
  }

  /** The same for a file that others may read. */
  static void writePublic(Path file, ByteBuffer content) throws IOException {
    write(file, content, new FileAttribute<?>[0]);
  }

  private static void write(Path file, ByteBuffer content, FileAttribute<?>[] attributes)
      throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    Files.deleteIfExists(unfinished);
    Files.createFile(unfinished, attributes);
    try (FileChannel channel = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
      while (content.hasRemaining()) {
        channel.write(content);
      }
      channel.force(true);
    }
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  static void createIfMissing(Path file) throws IOException {
    try {
      Files.createFile(file, attributes(file));
    } catch (FileAlreadyExistsException e) {
      // Whoever made it made it so.
    }
  }

  private static FileAttribute<?>[] attributes(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
