package dev.rung.checkpoint;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Counts and digests what passes through. Closing it closes nothing. */
final class DigestedOutput extends OutputStream {
  private final OutputStream out;
  private final MessageDigest digest = Digests.sha256();
  private long bytes;

  DigestedOutput(OutputStream out) {
    this.out = out;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    out.write(buffer, offset, length);
    digest.update(buffer, offset, length);
    bytes += length;
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  /** What came, which is all. */
  Stored stored(String place) {
    return new Stored(place, bytes, HexFormat.of().formatHex(digest.digest()));
  }
}
