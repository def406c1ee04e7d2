package dev.rung.studyfile;

import dev.rung.space.Value;
import dev.rung.space.Value.ListValue;
import dev.rung.studyfile.YamlNode.Items;
import dev.rung.studyfile.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the settings that a study file hands to its trainer: names with a value or a list of them.
 */
final class ConfigReader {
  /** Most settings. */
  static final int MAX_SETTINGS = 256;

  private static final String PATH = "trainer.config";

  private final Problems problems;

  ConfigReader(Problems problems) {
    this.problems = problems;
  }

  /** The settings that could be read, in the order of the file. */
  Map<String, Value> read(YamlNode node) {
    if (!(node instanceof Mapping mapping)) {
      Scalars.mismatch(node, PATH, "a mapping", problems);
      return Map.of();
    }
    int count = mapping.members().size();
    if (count > MAX_SETTINGS) {
      String message = "expected at most %d settings, but came %d".formatted(MAX_SETTINGS, count);
      problems.error(mapping.at(), PATH, message);
    }
    Map<String, Value> config = new LinkedHashMap<>();
    mapping
        .members()
        .forEach((name, member) -> {
          String where = PATH + "." + Shown.key(name);
          Scalars.checkName(name, member.keyAt(), where, problems);
          setting(member.value(), where).ifPresent(value -> config.put(name, value));
        });
    return config;
  }

  private Optional<Value> setting(YamlNode node, String path) {
    if (!(node instanceof Items items)) {
      return value(node, path, "a single value or a list of them");
    }
    int count = items.nodes().size();
    if (count > ChoiceReader.MAX_VALUES) {
      String message =
          "expected at most %d values, but came %d".formatted(ChoiceReader.MAX_VALUES, count);
      problems.error(items.at(), path, message);
    }
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < Math.min(count, ChoiceReader.MAX_VALUES); i++) {
      value(items.nodes().get(i), "%s[%d]".formatted(path, i), "a single value")
          .ifPresent(values::add);
    }
    return Optional.of(new ListValue(values));
  }

  private Optional<Value> value(YamlNode node, String path, String expected) {
    return Scalars.value(node, path, expected, TextRule.SETTING, problems);
  }
}
