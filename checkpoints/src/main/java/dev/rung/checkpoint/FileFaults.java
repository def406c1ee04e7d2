package dev.rung.checkpoint;

import dev.rung.checkpoint.CheckpointException.Fault;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;

/** What a file system's exceptions mean. */
final class FileFaults {
  private FileFaults() {}

  static CheckpointException of(IOException e, String expected) {
    return e instanceof CheckpointException known
        ? known
        : new CheckpointException(fault(e), expected + ", but " + e, e);
  }

  private static Fault fault(IOException e) {
    if (e instanceof NoSuchFileException) {
      return Fault.UNAVAILABLE;
    }
    // Java has a class for one of these only; the texts are those of the C library.
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("no space left") || text.contains("quota exceeded")) {
      return Fault.NO_SPACE;
    }
    boolean denied =
        e instanceof AccessDeniedException
            || e.getCause() instanceof ReadOnlyFileSystemException
            || text.contains("permission denied")
            || text.contains("not permitted")
            || text.contains("read-only file system");
    return denied ? Fault.DENIED : Fault.UNAVAILABLE;
  }
}
