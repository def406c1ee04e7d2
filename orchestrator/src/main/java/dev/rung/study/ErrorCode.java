package dev.rung.study;

/** Every kind of refusal; one mapping turns it into gRPC codes and exit codes. */
public enum ErrorCode {
  /** What was sent breaks a rule. */
  INVALID,
  /** There is no such study, trial or checkpoint. */
  NOT_FOUND,
  /** A name stands for several studies. */
  AMBIGUOUS,
  /** The state does not allow it. */
  CONFLICT,
  /** The key was used for something else. */
  ALREADY_EXISTS,
  /** The server cannot answer now. */
  UNAVAILABLE,
  /** Stored bytes are gone or damaged. */
  DATA_LOSS,
  /** A fault of the server. */
  INTERNAL
}
