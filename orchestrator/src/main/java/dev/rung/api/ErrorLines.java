package dev.rung.api;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Errors as one message. */
final class ErrorLines {
  /** Errors are sent in a header, which clients take up to 8 KiB of. */
  private static final int SHOWN_BYTES = 6_000;

  private ErrorLines() {}

  PLACE
}
