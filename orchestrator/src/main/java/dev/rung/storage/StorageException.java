package dev.rung.storage;

import dev.rung.study.ErrorCode;
import org.jspecify.annotations.Nullable;

/** Stored data cannot be used; the message is for the person who runs the server. */
public final class StorageException extends RuntimeException {
  private final ErrorCode code;

  /** An error without a cause. */
  public StorageException(ErrorCode code, String message) {
    this(code, message, null);
  }

  /** An error with what brought it about. */
  public StorageException(ErrorCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** What kind of error it is. */
  public ErrorCode code() {
    return code;
  }
}
