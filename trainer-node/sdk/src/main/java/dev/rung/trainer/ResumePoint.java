package dev.rung.trainer;

import java.io.IOException;
import java.io.InputStream;

/** A checkpoint that an attempt goes on from. */
public interface ResumePoint {

  /** The step that the checkpoint was taken at; training goes on with the next. */
  long step();

  /**
   * Opens the checkpoint's content; the caller closes it.
   *
   * @throws IOException the checkpoint cannot be read
   */
  InputStream open() throws IOException;
}
