package dev.rung.trainer;

import java.io.IOException;
import java.io.OutputStream;

/** Writes everything that training needs to go on: weights, updater, generators. */
@FunctionalInterface
public interface CheckpointWriter {

  /**
   * Writes the checkpoint; the caller closes the stream.
   *
   * @throws IOException the checkpoint could not be written
   */
  void write(OutputStream out) throws IOException;
}
