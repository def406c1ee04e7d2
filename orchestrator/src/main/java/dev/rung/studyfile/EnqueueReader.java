package dev.rung.studyfile;

import dev.rung.space.Assignment;
import dev.rung.space.Parameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value;
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
    for (Parameter parameter : space.parameters()) {
      Member member = mapping.members().get(parameter.name());
      if (member == null) {
        problems.error(
            mapping.at(),
            path + "." + Shown.key(parameter.name()),
            "expected a value of this parameter, but it is missing");
      } else {
        value(parameter, member.value(), path).ifPresent(v -> values.put(parameter.name(), v));
      }
    }
    mapping.members().forEach((name, member) -> refuseUnknown(name, member, path));
    return values.size() < space.parameters().size()
        ? Optional.empty()
        : Optional.of(new Assignment(List.copyOf(values.values())));
  }

  private Optional<Value> value(Parameter parameter, YamlNode node, String path) {
    String where = path + "." + Shown.key(parameter.name());
    Optional<Value> value =
        Scalars.value(node, where, "a single value", TextRule.CHOICE, problems);
    if (value.isEmpty()) {
      return value;
    }
    try {
      // As the parameter itself has it: a whole number may stand for a real one.
      return Optional.of(parameter.decode(parameter.encode(value.get())));
    } catch (IllegalArgumentException foreign) {
      problems.error(node.at(), where, String.valueOf(foreign.getMessage()));
      return Optional.empty();
    }
  }

  private void refuseUnknown(String name, Member member, String path) {
    List<String> names = space.parameters().stream().map(Parameter::name).toList();
    if (!names.contains(name)) {
      String meant =
          Nearest.to(name, names)
              .map(near -> "did you mean " + near + "?")
              .orElse("expected one of " + String.join(", ", names));
      problems.error(
          member.keyAt(), path + "." + Shown.key(name), "no parameter of the space; " + meant);
    }
  }
}
