package dev.rung.benchmarks;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a measurement is told on its command line: numbers by name. */
final class Options {
  private final Map<String, Integer> given = new HashMap<>();

  /** Reads {@code name=number} texts. */
  Options(List<String> texts) {
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals > 0 && text.substring(equals + 1).matches("\\d{1,9}")) {
        given.put(text.substring(0, equals), Integer.parseInt(text.substring(equals + 1)));
      }
    }
  }

  int number(String name, int otherwise) {
    return given.getOrDefault(name, otherwise);
  }
}
