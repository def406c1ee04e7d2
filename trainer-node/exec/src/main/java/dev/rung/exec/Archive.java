package dev.rung.exec;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;

/**
 * A checkpoint of a command, a file or a folder, as one stream of bytes: a ZIP file whose entries
 * are below {@code file/} or {@code folder/}. Links are not followed and not kept.
 */
final class Archive {
  private static final String FILE = "file/";
  private static final String FOLDER = "folder/";

  private Archive() {}

  /** Writes a file or a folder. */
  static void write(Path source, OutputStream out) throws IOException {
    ZipOutputStream zip = new ZipOutputStream(out);
    // Weights do not get smaller.
    zip.setLevel(Deflater.NO_COMPRESSION);
    if (Files.isDirectory(source)) {
      writeFolder(source, zip);
    } else {
      writeFile(FILE + source.getFileName(), source, zip);
    }
    zip.finish();
  }

  private static void writeFolder(Path source, ZipOutputStream zip) throws IOException {
    zip.putNextEntry(new ZipEntry(FOLDER));
    zip.closeEntry();
    Files.walkFileTree(
        source,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (!folder.equals(source)) {
              zip.putNextEntry(new ZipEntry(name(folder) + "/"));
              zip.closeEntry();
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (attributes.isRegularFile()) {
              writeFile(name(file), file, zip);
            }
            return FileVisitResult.CONTINUE;
          }

          private String name(Path path) {
            return FOLDER + source.relativize(path).toString().replace('\\', '/');
          }
        });
  }

  private static void writeFile(String name, Path file, ZipOutputStream zip) throws IOException {
    zip.putNextEntry(new ZipEntry(name));
    Files.copy(file, zip);
    zip.closeEntry();
  }

  /**
   * Unpacks into a folder.
   *
   * @return the file or the folder that was written
   * @throws IOException it is no such archive, or an entry would lie outside of the folder
   */
  static Path read(InputStream in, Path target) throws IOException {
    Files.createDirectories(target);
    Path written = null;
    ZipInputStream zip = new ZipInputStream(in);
    for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
      String name = entry.getName();
      boolean isFolder = name.startsWith(FOLDER);
      if (!isFolder && !name.startsWith(FILE)) {
        throw new IOException("expected a checkpoint of a command, but it holds '" + name + "'");
      }
      String relative = name.substring(isFolder ? FOLDER.length() : FILE.length());
      Path path = target.resolve(relative).normalize();
      if (!path.startsWith(target)) {
        throw new IOException("expected files below the checkpoint, but got '" + name + "'");
      }
      if (entry.isDirectory()) {
        Files.createDirectories(path);
      } else {
        Files.createDirectories(path.getParent());
        Files.copy(zip, path);
      }
      if (written == null) {
        written = isFolder ? target : path;
      }
    }
    if (written == null) {
      throw new IOException("expected a checkpoint of a command, but it is empty or no ZIP file");
    }
    return written;
  }
}
