package dev.rung.checkpoint;

import java.io.IOException;
import java.io.OutputStream;

/** Tells a fault of the disk from one of whoever writes to it. Closing it closes nothing. */
final class FaultyOutput extends OutputStream {
  private final OutputStream out;
  private final String place;

  FaultyOutput(OutputStream out, String place) {
    this.out = out;
    this.place = place;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] buffer, int offset, int length) throws IOException {
    try {
      out.write(buffer, offset, length);
    } catch (IOException e) {
      throw FileFaults.of(e, "expected to write a checkpoint at " + place);
    }
  }
}
