package dev.rung.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a measurement is told on its command line: values by name. */
public final class Options {
  private final Map<String, String> given = new HashMap<>();

  /** Reads {@code name=value} texts. */
  public Options(List<String> texts) {
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals > 0) {
        given.put(text.substring(0, equals), text.substring(equals + 1));
      }
    }
  }

  /**
   * A number of at most nine digits.
   *
   * @throws IllegalArgumentException something else was given
   */
  public int number(String name, int otherwise) {
    String text = given.getOrDefault(name, Integer.toString(otherwise));
    if (!text.matches("\\d{1,9}")) {
      throw new IllegalArgumentException("expected %s=number, but came %s".formatted(name, text));
    }
    return Integer.parseInt(text);
  }

  /** A text; empty: it was not given. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(given.get(name));
  }

  /**
   * How the study proposes assignments. Random unless told otherwise: a model takes milliseconds of
   * a core for each trial, which would hide what the wire and the journal take.
   */
  String search() {
    return text("search").orElse("random");
  }
}
