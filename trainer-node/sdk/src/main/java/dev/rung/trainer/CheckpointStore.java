package dev.rung.trainer;

import com.google.protobuf.ByteString;
import dev.rung.proto.v1.Checkpoint;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checkpoints in folders, named by {@code file:} addresses. A checkpoint is written beside its
 * place, synced and renamed, so that a place holds a whole checkpoint or none. File names hold
 * nothing but the step.
 *
 * <p>Not final: a simulated node keeps its checkpoints in memory.
 */
class CheckpointStore {
  private static final Pattern FILE_NAME = Pattern.compile("[0-9]{1,19}\\.ckpt");
  private static final int BUFFER_BYTES = 64 << 10;

  private final @Nullable Path root;
  private final long maxBytes;

  /**
   * @param root the folder that all checkpoints must lie below; null: anywhere
   * @param maxBytes the largest checkpoint that may be written
   */
  CheckpointStore(@Nullable Path root, long maxBytes) {
    this.root = root == null ? null : root.toAbsolutePath().normalize();
    this.maxBytes = maxBytes;
  }

  /**
   * Writes the checkpoint of a step.
   *
   * @param prefix what the checkpoint's address begins with
   * @throws IOException it could not be written whole; nothing is left behind
   * @throws IllegalArgumentException the prefix is no address that this store takes
   */
  Checkpoint write(String prefix, long step, CheckpointWriter writer) throws IOException {
    String place = prefix + step + ".ckpt";
    Path target = path(place);
    Path folder = target.resolveSibling("");
    Files.createDirectories(folder);
    Path unfinished = target.resolveSibling(step + ".ckpt.tmp");
    try {
      Checkpoint written;
      try (FileOutputStream file = new FileOutputStream(unfinished.toFile())) {
        DigestedOutput digested = new DigestedOutput(file, maxBytes);
        BufferedOutputStream out = new BufferedOutputStream(digested, BUFFER_BYTES);
        writer.write(out);
        out.flush();
        file.getChannel().force(true);
        written = digested.checkpoint(step, place);
      }
      Files.move(
          unfinished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      sync(folder);
      return written;
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  /**
   * Reads a checkpoint through and compares it with its size and digest.
   *
   * @throws IOException it is missing or damaged; the message names what was expected and found
   * @throws IllegalArgumentException its place is no address that this store takes
   */
  ResumePoint verify(Checkpoint checkpoint) throws IOException {
    String place = checkpoint.getPlace();
    Path path = path(place);
    String expected = describe(checkpoint.getBytes(), checkpoint.getDigest().toByteArray());
    if (!Files.isRegularFile(path)) {
      throw new IOException(
          "expected a checkpoint of " + expected + " at " + place + ", but there is no file");
    }
    MessageDigest digest = Digests.sha256();
    long bytes = 0;
    try (InputStream in = Files.newInputStream(path)) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        bytes += n;
      }
    }
    String found = describe(bytes, digest.digest());
    if (!found.equals(expected)) {
      throw new IOException(
          "expected a checkpoint of " + expected + " at " + place + ", but found " + found);
    }
    return new FileResumePoint(checkpoint.getStep(), path);
  }

  /**
   * Deletes a checkpoint, and its folder where nothing is left in it. One that is not there is
   * fine.
   *
   * @throws IllegalArgumentException the place is no checkpoint's
   */
  void drop(String place) throws IOException {
    Path path = path(place);
    if (!FILE_NAME.matcher(path.getFileName().toString()).matches()
        || Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      throw new IllegalArgumentException("expected a file STEP.ckpt, but got " + place);
    }
    Files.deleteIfExists(path);
    Path folder = path.resolveSibling("");
    if (Files.isDirectory(folder) && isEmpty(folder)) {
      Files.deleteIfExists(folder);
    }
  }

  /**
   * Checks the beginning of addresses before anything is trained.
   *
   * @throws IllegalArgumentException the prefix is no address that this store takes
   */
  void check(String prefix) {
    path(prefix + "1.ckpt");
  }

  private Path path(String place) {
    URI uri;
    try {
      uri = URI.create(place);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "expected the address of a checkpoint, but got '" + place + "': " + e.getMessage(), e);
    }
    if (!"file".equals(uri.getScheme())) {
      throw new IllegalArgumentException(
          "expected a checkpoint at a file: address, the only kind that this node stores, but got '"
              + place
              + "'");
    }
    Path path = Path.of(uri);
    if (!path.equals(path.normalize()) || path.getFileName() == null) {
      throw new IllegalArgumentException(
          "expected a checkpoint's address without '..', but got '" + place + "'");
    }
    if (root != null && !path.startsWith(root)) {
      throw new IllegalArgumentException(
          "expected a checkpoint below " + root + ", but got '" + place + "'");
    }
    return path;
  }

  /** Makes a rename durable, where the system lets a folder be opened. */
  private static void sync(Path folder) throws IOException {
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    try (var entries = Files.newDirectoryStream(folder)) {
      return !entries.iterator().hasNext();
    }
  }

  private static String describe(long bytes, byte[] digest) {
    return bytes + " bytes with SHA-256 " + HexFormat.of().formatHex(digest);
  }

  private record FileResumePoint(long step, Path path) implements ResumePoint {
    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(path);
    }
  }

  /** Counts and digests what is written, up to a limit. Closing it closes nothing. */
  private static final class DigestedOutput extends OutputStream {
    private final OutputStream out;
    private final long maxBytes;
    private final MessageDigest digest = Digests.sha256();
    private long bytes;

    DigestedOutput(OutputStream out, long maxBytes) {
      this.out = out;
      this.maxBytes = maxBytes;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      if (length > maxBytes - bytes) {
        throw new IOException("expected a checkpoint of at most " + maxBytes + " bytes, got more");
      }
      out.write(buffer, offset, length);
      digest.update(buffer, offset, length);
      bytes += length;
    }

    Checkpoint checkpoint(long step, String place) {
      return Checkpoint.newBuilder()
          .setStep(step)
          .setPlace(place)
          .setBytes(bytes)
          .setDigest(ByteString.copyFrom(digest.digest()))
          .build();
    }
  }
}
