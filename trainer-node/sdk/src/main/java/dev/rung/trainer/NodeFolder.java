package dev.rung.trainer;

import dev.rung.checkpoint.Digests;
import dev.rung.proto.v1.AttemptRef;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node keeps on disk: its attempts' logs, its last incarnation, and what it is to delete.
 * One process uses it at a time. File names are made of digests, never of what a server sent.
 */
final class NodeFolder implements Closeable {
  private static final Logger log = LoggerFactory.getLogger(NodeFolder.class);
  private static final String FORMAT = "rung-trainer-1";
  private static final String LOG = ".log";

  /** As many as a Hello may name, less what may run beside them. */
  private static final int MOST_LEFT_OVER = 4_096;

  private static final long COMPACT_AT_BYTES = 1 << 20;

  /**
   * Folders of this process. A lock on a file is the process's, and on some systems it is gone once
   * any of its channels to the file is closed: so a second one is never opened.
   */
  private static final Set<Path> IN_USE = ConcurrentHashMap.newKeySet();

  /** The log of an attempt that an earlier process ran. */
  record LeftOver(Path path, LogReader.Content content) {}

  private final Path folder;
  private final Path logs;
  private final FileChannel lock;

  private NodeFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.logs = folder.resolve("attempts");
    this.lock = lock;
  }

  /**
   * Opens a folder, which is made where there is none.
   *
   * @throws FolderInUseException another node uses it
   * @throws IOException it cannot be used
   */
  static NodeFolder open(Path path) throws IOException {
    Files.createDirectories(path);
    Path folder = path.toRealPath();
    if (!IN_USE.add(folder)) {
      throw new FolderInUseException(folder);
    }
    FileChannel lock = null;
    try {
      lock =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isLocked(lock)) {
        throw new FolderInUseException(folder);
      }
      NodeFolder opened = new NodeFolder(folder, lock);
      opened.checkFormat();
      Files.createDirectories(opened.logs);
      return opened;
    } catch (IOException | RuntimeException e) {
      if (lock != null) {
        lock.close();
      }
      IN_USE.remove(folder);
      throw e;
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      // Held by this process, by a copy of this class that another class loader has loaded.
      return false;
    }
  }

  private void checkFormat() throws IOException {
    Path file = folder.resolve("format");
    if (!Files.exists(file)) {
      replace(file, FORMAT);
      return;
    }
    String found = read(file);
    if (!found.equals(FORMAT)) {
      throw new IOException(
          "expected the format '%s' in %s, but found '%s': another version of the node wrote it"
              .formatted(FORMAT, file, found));
    }
  }

  /**
   * A number greater than those of all earlier starts, even where the clock went backwards.
   *
   * @param now milliseconds since 1970
   */
  long nextIncarnation(long now) throws IOException {
    Path file = folder.resolve("incarnation");
    long next = now;
    if (Files.exists(file)) {
      String found = read(file);
      try {
        next = Math.max(now, Math.addExact(Long.parseLong(found), 1));
      } catch (NumberFormatException | ArithmeticException e) {
        log.warn("{}: expected a number, but found '{}'; the clock is taken instead", file, found);
      }
    }
    replace(file, Long.toString(next));
    return next;
  }

  /**
   * A new log on disk.
   *
   * @throws IOException it cannot be written, or the attempt has one
   */
  LogFile create(AttemptRef attempt) throws IOException {
    return LogFile.create(logs.resolve(fileName(attempt)), attempt, COMPACT_AT_BYTES);
  }

  /**
   * The logs that earlier processes left behind, at most 4,096, the oldest first. One that cannot
   * be read stays where it is.
   */
  List<LeftOver> leftOver() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(logs)) {
      for (Path file : all) {
        if (file.toString().endsWith(LOG)) {
          files.add(file);
        } else {
          // Unfinished when its process ended; the log beside it is whole.
          Files.deleteIfExists(file);
        }
      }
    }
    files.sort(Comparator.comparingLong(NodeFolder::modified).thenComparing(path -> path));
    List<LeftOver> found = new ArrayList<>();
    for (Path file : files.subList(0, Math.min(files.size(), MOST_LEFT_OVER))) {
      try {
        LogReader.Content content = LogReader.read(file);
        if (content == null) {
          Files.delete(file);
        } else {
          found.add(new LeftOver(file, content));
        }
      } catch (IOException e) {
        log.warn("{} cannot be read and stays where it is: {}", file, e.toString());
      }
    }
    if (files.size() > MOST_LEFT_OVER) {
      int later = files.size() - MOST_LEFT_OVER;
      log.warn("{} logs in {} are left for the next start", later, logs);
    }
    return found;
  }

  Path path() {
    return folder;
  }

  /** The file of what is to be deleted. */
  Path drops() {
    return folder.resolve("drops");
  }

  /** Lets others use the folder. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      log.warn("the lock of {} is not given back: {}", folder, e.toString());
    } finally {
      IN_USE.remove(folder);
    }
  }

  private static String fileName(AttemptRef attempt) {
    MessageDigest digest = Digests.sha256();
    digest.update(attempt.getTrial().getBytes(StandardCharsets.UTF_8));
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(attempt.getAttempt()).array());
    return HexFormat.of().formatHex(digest.digest(), 0, 16) + LOG;
  }

  private static long modified(Path file) {
    return file.toFile().lastModified();
  }

  private static String read(Path file) throws IOException {
    byte[] bytes;
    try (var in = Files.newInputStream(file)) {
      bytes = in.readNBytes(64);
    }
    return new String(bytes, StandardCharsets.UTF_8).strip();
  }

  private static void replace(Path file, String text) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".tmp");
    Files.writeString(fresh, text + "\n");
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
