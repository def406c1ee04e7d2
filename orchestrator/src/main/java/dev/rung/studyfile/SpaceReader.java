package dev.rung.studyfile;

import dev.rung.space.Parameter;
import dev.rung.space.Parameter.BooleanParameter;
import dev.rung.space.SearchSpace;
import dev.rung.studyfile.YamlNode.Mapping;
import dev.rung.studyfile.YamlNode.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads the space of a study file. */
final class SpaceReader {
  /** Most parameters of a space. */
  static final int MAX_PARAMETERS = 256;

  private static final List<String> TYPES = List.of("float", "int", "categorical", "boolean");
  private static final Set<String> LATER_TYPES =
      Set.of("ordinal", "simplex", "schedule", "constant");
  private static final Set<String> LATER_KEYS = Set.of("when", "forbid", "constraints");
  private static final String ENTRY =
      "a mapping such as {min: 0.0, max: 1.0} or {values: [a, b]} or {type: boolean}";

  private final Problems problems;

  SpaceReader(Problems problems) {
    this.problems = problems;
  }

  /** The space with the parameters that could be read. */
  Optional<SearchSpace> read(YamlNode node, String path) {
    if (!(node instanceof Mapping mapping)) {
      Scalars.mismatch(node, path, "a mapping of parameters", problems);
      return Optional.empty();
    }
    Map<String, Member> members = mapping.members();
    if (members.isEmpty() || members.size() > MAX_PARAMETERS) {
      String message =
          "expected 1 to %d parameters, but came %d".formatted(MAX_PARAMETERS, members.size());
      problems.error(mapping.at(), path, message);
    }
    List<Parameter> parameters = new ArrayList<>();
    members.forEach((name, member) -> {
      String where = path + "." + Shown.key(name);
      Scalars.checkName(name, member.keyAt(), where, problems);
      parameter(name, member, where).ifPresent(parameters::add);
    });
    return Optional.of(new SearchSpace(parameters));
  }

  private Optional<Parameter> parameter(String name, Member member, String where) {
    if (!(member.value() instanceof Mapping)) {
      if (LATER_KEYS.contains(name)) {
        problems.error(member.keyAt(), where, "not supported in this version");
      } else {
        Scalars.mismatch(member.value(), where, ENTRY, problems);
      }
      return Optional.empty();
    }
    Optional<Fields> fields = Fields.of(member.value(), where, Section.PARAMETER, problems);
    return fields.flatMap(f -> f.hasLater(Section.PARAMETER) ? Optional.empty() : kind(name, f));
  }

  private Optional<Parameter> kind(String name, Fields fields) {
    Optional<String> type = type(fields);
    if (fields.has("type") && type.isEmpty()) {
      return Optional.empty();
    }
    String known = type.orElse("");
    if (fields.has("values") || known.equals("categorical")) {
      refuseBeside(fields, "values", List.of("min", "max", "step", "log"));
      if (!known.isEmpty() && !known.equals("categorical")) {
        fields.error("type", "expected categorical beside values, but came " + known);
      }
      return new ChoiceReader(name, fields, problems).read();
    }
    if (known.equals("boolean")) {
      refuseBeside(fields, "type: boolean", List.of("min", "max", "step", "log"));
      return Optional.of(new BooleanParameter(name));
    }
    if (!known.isEmpty() || fields.has("min") || fields.has("max")) {
      return new RangeReader(name, fields).read(known);
    }
    fields.error("", "expected min and max, or values, or type: boolean, but came none of them");
    return Optional.empty();
  }

  private static Optional<String> type(Fields fields) {
    Optional<String> later = fields.word("type").filter(LATER_TYPES::contains);
    if (later.isPresent()) {
      fields.error("type", later.get() + " is not supported in this version");
      return Optional.empty();
    }
    return fields.oneOf("type", TYPES);
  }

  private static void refuseBeside(Fields fields, String what, List<String> keys) {
    for (String key : keys) {
      if (fields.has(key)) {
        fields.error(key, "expected no %s beside %s".formatted(key, what));
      }
    }
  }
}
