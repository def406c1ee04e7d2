package dev.rung.studyfile;

import dev.rung.space.Parameter;
import dev.rung.space.SearchSpace;
import dev.rung.studyfile.Conditions.Written;
import dev.rung.studyfile.YamlNode.Items;
import dev.rung.studyfile.YamlNode.Mapping;
import dev.rung.studyfile.YamlNode.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the space of a study file: parameters, groups of them, and conditions. A parameter of a
 * group has the names of the groups around it before its own, with dots between them.
 */
final class SpaceReader {
  /** Most parameters of a space. */
  static final int MAX_PARAMETERS = 256;

  /** Most coordinates: for more there are no Sobol points. */
  static final int MAX_DIMENSIONS = 1_000;

  private static final String ENTRY =
      "a mapping such as {min: 0.0, max: 1.0} or {values: [a, b]} or {type: boolean}";
  private static final List<String> GROUP = List.of("group", "when");

  private final long maxResource;
  private final Problems problems;
  private final List<Parameter> parameters = new ArrayList<>();

  /** Where each parameter is, also of those that could not be read. */
  private final Map<String, Position> places = new LinkedHashMap<>();

  /** Conditions of each parameter, those of its groups first. */
  private final Map<String, List<Written>> conditions = new LinkedHashMap<>();

  /**
   * A reader for one space.
   *
   * @param maxResource what a trial trains for, which schedules span unless they say otherwise
   */
  SpaceReader(long maxResource, Problems problems) {
    this.maxResource = maxResource;
    this.problems = problems;
  }

  /** The space of a study with the parameters that could be read. */
  Optional<SearchSpace> read(Fields study) {
    Optional<YamlNode> node = study.node("space");
    if (node.isEmpty()) {
      return Optional.empty();
    }
    if (!(node.get() instanceof Mapping mapping)) {
      Scalars.mismatch(node.get(), "space", "a mapping of parameters", problems);
      return Optional.empty();
    }
    entries(mapping, "space", "", List.of());
    if (mapping.members().isEmpty() || places.size() > MAX_PARAMETERS) {
      String message =
          "expected 1 to %d parameters, but came %d".formatted(MAX_PARAMETERS, places.size());
      problems.error(mapping.at(), "space", message);
      return Optional.empty();
    }
    int dimensions = parameters.stream().mapToInt(p -> p.dimensions().size()).sum();
    if (dimensions > MAX_DIMENSIONS) {
      String message =
          "expected at most %d coordinates of parameters, weights and coefficients, but came %d"
              .formatted(MAX_DIMENSIONS, dimensions);
      problems.error(mapping.at(), "space", message);
    }
    return new Conditions(parameters, places, conditions, problems).read(study, mapping.at());
  }

  private void entries(Mapping mapping, String path, String prefix, List<Written> around) {
    mapping
        .members()
        .forEach((key, member) -> {
          String where = path + "." + Shown.key(key);
          String name = prefix + key;
          boolean isOwnFine = TextRule.NAME.accepts(key);
          Scalars.checkName(isOwnFine ? name : key, member.keyAt(), where, problems);
          if (!problems.isFull()) {
            entry(name, member, where, around);
          }
        });
  }

  private void entry(String name, Member member, String where, List<Written> around) {
    if (name.equals("forbid") && member.value() instanceof Items) {
      problems.error(member.keyAt(), where, "expected forbid beside space, not within it");
      return;
    }
    if (!(member.value() instanceof Mapping)) {
      place(name, member.keyAt(), where);
      Scalars.mismatch(member.value(), where, ENTRY, problems);
      return;
    }
    Optional<Fields> found = Fields.of(member.value(), where, Section.PARAMETER, problems);
    if (found.isEmpty()) {
      return;
    }
    Fields fields = found.get();
    List<Written> own = new ArrayList<>(around);
    fields
        .text("when", TextRule.CONDITION)
        .ifPresent(text -> own.add(new Written(fields.valueAt("when"), fields.path("when"), text)));
    if (fields.has("group")) {
      fields.refuseBeside("group", GROUP);
      group(name, fields, own);
    } else if (place(name, member.keyAt(), where)) {
      conditions.put(name, own);
      new ParameterReader(name, fields, maxResource, problems).read().ifPresent(parameters::add);
    }
  }

  private void group(String name, Fields fields, List<Written> own) {
    Optional<YamlNode> group = fields.node("group");
    if (group.isPresent() && group.get() instanceof Mapping mapping) {
      if (mapping.members().isEmpty()) {
        fields.error("group", "expected at least one parameter, but came none");
      }
      entries(mapping, fields.path("group"), name + ".", own);
    } else {
      fields.mismatch("group", "a mapping of parameters");
    }
  }

  /** Takes note of a parameter; false where there is one of its name. */
  private boolean place(String name, Position at, String where) {
    Position first = places.putIfAbsent(name, at);
    if (first != null) {
      String message =
          "expected each parameter once, but %s is also at %s".formatted(Shown.key(name), first);
      problems.error(at, where, message);
    }
    return first == null;
  }
}
