package dev.rung.api;

import dev.rung.study.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Bounds of what a client may send, in one place. */
final class Limits {
  /** Bytes of a study file in UTF-8. */
  static final int FILE_BYTES = 256 * 1024;

  static final int KEY = 128;
  static final int FILE_NAME = 256;
  static final int STUDY = 128;
  static final int METRIC = 128;
  static final int SETTINGS = 64;
  static final int SETTING = 4_096;
  static final int TRIALS = 100_000;
  static final int PAGE = 1_000;
  static final int STUDIES_PAGE = 100;

  private Limits() {}

  /** A text whose length in characters must be in a range. */
  static String text(String field, String value, int min, int max) {
    if (value.length() < min || value.length() > max) {
      throw invalid(
          "%s: expected %s characters, but came %,d"
              .formatted(field, min == 0 ? "at most " + max : min + " to " + max, value.length()));
    }
    return value;
  }

  /** A study file's text. */
  static String file(String text) {
    // A character takes at least one byte, so a longer text need not be encoded to be refused.
    long bytes =
        text.length() > FILE_BYTES ? text.length() : text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > FILE_BYTES) {
      throw invalid("file: expected at most 256 KiB, but came %,d bytes or more".formatted(bytes));
    }
    return text;
  }

  /** Changes of a study file. */
  static List<String> settings(List<String> settings) {
    if (settings.size() > SETTINGS) {
      throw invalid(
          "settings: expected at most %d, but came %d".formatted(SETTINGS, settings.size()));
    }
    settings.forEach(setting -> text("settings", setting, 1, SETTING));
    return settings;
  }

  /** A number that must be in a range. */
  static int number(String field, long value, long min, long max) {
    if (value < min || value > max) {
      throw invalid("%s: expected %,d to %,d, but came %,d".formatted(field, min, max, value));
    }
    return (int) value;
  }

  /** The size of a page; 0 asks for the usual one. */
  static int page(int limit, int usual) {
    return limit == 0 ? usual : number("limit", limit, 0, PAGE);
  }

  private static ApiException invalid(String message) {
    return new ApiException(ErrorCode.INVALID, message);
  }
}
