package dev.rung.studyfile;

import dev.rung.space.Assignment;
import dev.rung.space.Parameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value;
import dev.rung.space.Value.ListValue;
import dev.rung.studyfile.YamlNode.Items;
import dev.rung.studyfile.YamlNode.Mapping;
import dev.rung.studyfile.YamlNode.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what the first trials of a study begin with. */
final class EnqueueReader {
  /** Most assignments. */
  static final int MAX_ASSIGNMENTS = 1_000;

  private static final String PATH = "enqueue";

  private final SearchSpace space;
  private final Problems problems;

  EnqueueReader(SearchSpace space, Problems problems) {
    this.space = space;
    this.problems = problems;
  }

  /** The assignments that could be read, in the order of the file. */
  List<Assignment> read(YamlNode node) {
    if (!(node instanceof Items items)) {
      Scalars.mismatch(node, PATH, "a list of mappings from parameters to values", problems);
      return List.of();
    }
    int count = items.nodes().size();
    if (count > MAX_ASSIGNMENTS) {
      problems.error(
          items.at(),
          PATH,
          "expected at most %d assignments, but came %d".formatted(MAX_ASSIGNMENTS, count));
    }
    List<Assignment> assignments = new ArrayList<>();
    for (int i = 0; i < Math.min(count, MAX_ASSIGNMENTS); i++) {
      assignment(items.nodes().get(i), "%s[%d]".formatted(PATH, i)).ifPresent(assignments::add);
    }
    return assignments;
  }

  private Optional<Assignment> assignment(YamlNode node, String path) {
    if (!(node instanceof Mapping mapping)) {
      Scalars.mismatch(node, path, "a mapping from parameters to values", problems);
      return Optional.empty();
    }
    Map<String, Value> values = new LinkedHashMap<>();
    int wrong = 0;
    for (Parameter parameter : space.parameters()) {
      Member member = mapping.members().get(parameter.name());
      if (member != null) {
        Optional<Value> value = value(parameter, member.value(), path);
        value.ifPresent(v -> values.put(parameter.name(), v));
        wrong += value.isEmpty() ? 1 : 0;
      }
    }
    for (Map.Entry<String, Member> member : mapping.members().entrySet()) {
      wrong += isKnown(member.getKey(), member.getValue(), path) ? 0 : 1;
    }
    return wrong > 0 ? Optional.empty() : whole(values, mapping.at(), path);
  }

  private Optional<Assignment> whole(Map<String, Value> values, Position at, String path) {
    try {
      return Optional.of(space.read(values));
    } catch (IllegalArgumentException notOfTheSpace) {
      problems.error(at, path, String.valueOf(notOfTheSpace.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<Value> value(Parameter parameter, YamlNode node, String path) {
    String where = path + "." + Shown.key(parameter.name());
    Optional<Value> value = node instanceof Items items ? list(items, where) : one(node, where);
    if (value.isEmpty()) {
      return value;
    }
    try {
      return Optional.of(parameter.read(value.get()));
    } catch (IllegalArgumentException foreign) {
      problems.error(node.at(), where, String.valueOf(foreign.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<Value> list(Items items, String path) {
    List<Value> values = new ArrayList<>();
    for (YamlNode item : items.nodes()) {
      Optional<Value> value = one(item, path);
      if (value.isEmpty()) {
        return value;
      }
      values.add(value.get());
    }
    return Optional.of(new ListValue(values));
  }

  private Optional<Value> one(YamlNode node, String path) {
    return Scalars.value(node, path, "a single value or a list of them", TextRule.CHOICE, problems);
  }

  private boolean isKnown(String name, Member member, String path) {
    List<String> names = space.parameters().stream().map(Parameter::name).toList();
    if (names.contains(name)) {
      return true;
    }
    String meant =
        Nearest.to(name, names)
            .map(near -> "did you mean " + near + "?")
            .orElse("expected one of " + String.join(", ", names));
    problems.error(
        member.keyAt(), path + "." + Shown.key(name), "no parameter of the space; " + meant);
    return false;
  }
}
