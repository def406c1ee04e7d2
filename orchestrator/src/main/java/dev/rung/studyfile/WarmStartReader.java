package dev.rung.studyfile;

import dev.rung.studyfile.YamlNode.Items;
import dev.rung.studyfile.YamlNode.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads which earlier studies a study file begins with: one, or a list of them. */
final class WarmStartReader {
  static final int MAX_STUDIES = 16;
  static final int MAX_TRIALS = 1_000;
  static final int DEFAULT_TRIALS = 5;

  private static final String PATH = "warm_start";

  private final Problems problems;

  WarmStartReader(Problems problems) {
    this.problems = problems;
  }

  List<WarmStart> read(YamlNode root) {
    if (!(root instanceof Mapping study) || !study.members().containsKey(PATH)) {
      return List.of();
    }
    YamlNode node = study.members().get(PATH).value();
    List<WarmStart> starts = new ArrayList<>();
    if (node instanceof Items items) {
      if (items.nodes().isEmpty() || items.nodes().size() > MAX_STUDIES) {
        String message =
            "expected 1 to %d studies, but came %d".formatted(MAX_STUDIES, items.nodes().size());
        problems.error(items.at(), PATH, message);
        return List.of();
      }
      for (int i = 0; i < items.nodes().size(); i++) {
        one(items.nodes().get(i), "%s[%d]".formatted(PATH, i)).ifPresent(starts::add);
      }
    } else {
      one(node, PATH).ifPresent(starts::add);
    }
    return starts;
  }

  private Optional<WarmStart> one(YamlNode node, String path) {
    return Fields.of(node, path, Section.WARM_START, problems)
        .map(fields ->
            new WarmStart(
                fields.text("study", TextRule.TITLE).orElse(""),
                (int) fields.whole("trials", 0, MAX_TRIALS).orElse(DEFAULT_TRIALS),
                fields.flag("narrow").orElse(false)));
  }
}
