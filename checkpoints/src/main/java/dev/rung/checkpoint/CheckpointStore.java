package dev.rung.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * Keeps checkpoints below one base. A place holds a whole checkpoint or none, and once it holds one
 * it holds that one until it is deleted. Safe for use by several threads.
 *
 * <p>Every method throws IllegalArgumentException for a place that is not below the base, and
 * {@link CheckpointException} where the store is at fault.
 */
public interface CheckpointStore extends AutoCloseable {

  /** What is written. */
  @FunctionalInterface
  interface Content {
    /** Writes all of it; whoever calls it closes the stream. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** What every place begins with; ends with a slash. */
  String base();

  /**
   * Writes a checkpoint. Where the content breaks off nothing is to be seen of it.
   *
   * @throws IOException what the content threw, or a {@link CheckpointException}: TAKEN where the
   *     place holds another one
   */
  Stored write(String place, Content content) throws IOException;

  /**
   * Opens a checkpoint; the caller closes it. Its content is not checked.
   *
   * @throws CheckpointException MISSING: there is none
   */
  InputStream open(String place) throws IOException;

  /** Deletes a checkpoint; one that is not there is fine. */
  void delete(String place) throws IOException;

  /**
   * Places of all checkpoints of an attempt, sorted.
   *
   * @param prefix of the attempt
   */
  List<String> list(String prefix) throws IOException;

  /**
   * Reads a checkpoint through and compares it with what was written.
   *
   * @throws CheckpointException MISSING or DAMAGED; the message names what was expected and found
   */
  default void verify(Stored expected) throws IOException {
    MessageDigest digest = Digests.sha256();
    long bytes = 0;
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = open(expected.place())) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
        bytes += n;
      }
    } catch (CheckpointException e) {
      throw new CheckpointException(
          e.fault(), "expected a checkpoint of " + expected + ", but " + e.getMessage(), e);
    }
    String sha256 = HexFormat.of().formatHex(digest.digest());
    if (bytes != expected.bytes() || !sha256.equals(expected.sha256())) {
      throw new CheckpointException(
          CheckpointException.Fault.DAMAGED,
          "expected a checkpoint of %s, but found %d bytes with SHA-256 %s"
              .formatted(expected, bytes, sha256),
          null);
    }
  }

  /** Lets go of connections. */
  @Override
  void close();
}
