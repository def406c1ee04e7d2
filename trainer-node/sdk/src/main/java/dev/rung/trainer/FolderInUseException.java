package dev.rung.trainer;

import java.nio.file.Path;

/** Another node uses the data folder. */
public final class FolderInUseException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  FolderInUseException(Path folder) {
    super(
        "expected a data folder that no other node uses, but " + folder + " is in use by one now");
  }
}
