package dev.rung.storage;

import dev.rung.access.Tokens;
import dev.rung.study.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds all that one server stores. While it is open no other process can open it.
 *
 * <pre>
 *   format        version of the layout, a number
 *   lock          held while a server runs; its content is the server's process id
 *   tokens.json   who may call the server, with its lock beside it; may be there before all else
 *   secret        32 random bytes, readable by the owner only
 *   rung.mv.db    the database
 *   checkpoints/  of trainers that share the disk
 *   logs/         of trials, in a folder a study, and of processes that were started with this
 *                 folder; may be there before all else
 * </pre>
 */
public final class DataFolder implements AutoCloseable {
  /** The version of the layout that this program writes. */
  public static final int FORMAT = 1;

  private static final int SECRET_BYTES = 32;
  private static final long MOST_TEXT_BYTES = 64;

  /** Beyond the content, so that others can read the process id where locks are mandatory. */
  private static final long LOCKED_BYTE = 1L << 32;

  private static final String FORMAT_FILE = "format";
  private static final String LOCK_FILE = "lock";
  private static final String SECRET_FILE = "secret";
  private static final String UNFINISHED = ".new";
  private static final String LOGS = "logs";

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private final Path path;
  private final FileChannel lock;
  private final byte[] secret;

  private DataFolder(Path path, FileChannel lock, byte[] secret) {
    this.path = path;
    this.lock = lock;
    this.secret = secret;
  }

  /**
   * Opens a folder, and creates it where there is none.
   *
   * @throws StorageException CONFLICT: a server uses it; INVALID: a newer program wrote it, or it
   *     holds something else; DATA_LOSS: its files are damaged
   */
  public static DataFolder open(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    try {
      Files.createDirectories(path);
      FileChannel lock = lock(path);
      try {
        checkFormat(path);
        Files.createDirectories(path.resolve("checkpoints"));
        return new DataFolder(path, lock, secret(path));
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  private static StorageException unusable(Path path, IOException e) {
    return new StorageException(
        ErrorCode.INVALID,
        "expected a data folder that can be read and written at %s, but: %s".formatted(path, e),
        e);
  }

  /**
   * Makes a folder, if it is not there, for what may lie in one before its first server.
   *
   * @throws StorageException INVALID: it holds something else
   */
  public static Path prepare(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    try {
      Files.createDirectories(path);
      if (!Files.exists(path.resolve(FORMAT_FILE))) {
        refuseForeign(path);
      }
      return path;
    } catch (IOException e) {
      throw unusable(path, e);
    }
  }

  /** Where it is, absolute. */
  public Path path() {
    return path;
  }

  /** Where trainers that share the disk keep their checkpoints. */
  public Path checkpoints() {
    return path.resolve("checkpoints");
  }

  /** Where what trials say is kept. */
  public Path logs() {
    return path.resolve(LOGS);
  }

  /** 32 random bytes that are this instance's own. */
  public byte[] secret() {
    return secret.clone();
  }

  /** Lets others open it. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      throw new StorageException(ErrorCode.UNAVAILABLE, "cannot release " + path, e);
    }
  }

  private static FileChannel lock(Path path) throws IOException {
    Path file = path.resolve(LOCK_FILE);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    if (tryLock(channel) == null) {
      String holder = text(channel);
      channel.close();
      throw new StorageException(
          ErrorCode.CONFLICT,
          "expected a data folder that no server uses, but %s is in use%s"
              .formatted(path, holder.matches("\\d+") ? " by process " + holder : ""));
    }
    channel.truncate(0);
    channel.write(
        ByteBuffer.wrap(
            Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)),
        0);
    return channel;
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock(LOCKED_BYTE, 1, false);
    } catch (OverlappingFileLockException e) {
      return null; // This very process holds it.
    }
  }

  private static String text(FileChannel channel) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) MOST_TEXT_BYTES);
    channel.read(buffer, 0);
    return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII).strip();
  }

  private static void checkFormat(Path path) throws IOException {
    Path file = path.resolve(FORMAT_FILE);
    if (!Files.exists(file)) {
      refuseForeign(path);
      write(file, (FORMAT + "\n").getBytes(StandardCharsets.US_ASCII));
      return;
    }
    String text =
        Files.size(file) > MOST_TEXT_BYTES
            ? "more than %d bytes".formatted(MOST_TEXT_BYTES)
            : new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).strip();
    if (!text.matches("[1-9]\\d{0,8}")) {
      throw new StorageException(
          ErrorCode.DATA_LOSS,
          "expected a version number in %s, but came '%s'".formatted(file, text));
    }
    int format = Integer.parseInt(text);
    if (format > FORMAT) {
      throw new StorageException(
          ErrorCode.INVALID,
          "expected a data folder of format %d or older, but %s has format %d: use a newer Rung"
              .formatted(FORMAT, path, format));
    }
  }

  /** A folder of something else must not become a data folder by a mistyped path. */
  private static void refuseForeign(Path path) throws IOException {
    Set<String> ours = Set.of(LOCK_FILE, FORMAT_FILE + UNFINISHED, LOGS);
    try (Stream<Path> files = Files.list(path)) {
      List<String> foreign =
          files
              .map(file -> file.getFileName().toString())
              .filter(n -> !ours.contains(n) && !n.startsWith(Tokens.FILE))
              .toList();
      if (!foreign.isEmpty()) {
        throw new StorageException(
            ErrorCode.INVALID,
            "expected an empty folder or a data folder at %s, but it holds %s and no file '%s'"
                .formatted(path, foreign.get(0), FORMAT_FILE));
      }
    }
  }

  private static byte[] secret(Path path) throws IOException {
    Path file = path.resolve(SECRET_FILE);
    if (!Files.exists(file)) {
      byte[] bytes = new byte[SECRET_BYTES];
      new SecureRandom().nextBytes(bytes);
      write(file, bytes);
    }
    byte[] bytes = Files.readAllBytes(file);
    if (bytes.length != SECRET_BYTES) {
      throw new StorageException(
          ErrorCode.DATA_LOSS,
          "expected %d bytes in %s, but came %d".formatted(SECRET_BYTES, file, bytes.length));
    }
    return bytes;
  }

  /** Whole or not at all, and readable by the owner only. */
  private static void write(Path file, byte[] bytes) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    Files.deleteIfExists(unfinished);
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    if (posix) {
      Files.createFile(unfinished, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }
    try (FileChannel channel =
        FileChannel.open(unfinished, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(bytes));
      channel.force(true);
    }
    Files.move(
        unfinished, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
