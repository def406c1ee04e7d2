package dev.rung.study;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Numbers distinct texts, so that columns hold each text once. */
final class Texts {
  /** Index of no text. */
  static final int NONE = -1;

  private final Map<String, Integer> indexes = new HashMap<>();
  private final List<String> list = new ArrayList<>();

  /** The text's index, the same for equal texts. */
  int index(@Nullable String text) {
    if (text == null) {
      return NONE;
    }
    return indexes.computeIfAbsent(
        text,
        added -> {
          list.add(added);
          return list.size() - 1;
        });
  }

  /** The index of a constant's name. */
  int index(@Nullable Enum<?> constant) {
    return index(constant == null ? null : constant.name());
  }

  /** Every text by its index. */
  List<String> list() {
    return list;
  }
}
