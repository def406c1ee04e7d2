package dev.rung.studyfile;

import dev.rung.study.StudyPlan;
import dev.rung.studyfile.YamlNode.Mapping;
import dev.rung.studyfile.YamlNode.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * A study file with parts of it changed: by settings of the form {@code budget.trials=90}, whose
 * values are those of a study file, and by another file that has some of its sections.
 *
 * @param settings in their order; one without a value takes the key out
 * @param part text of the other file; empty: none
 * @param partName where it came from, for messages
 */
public record StudyEdit(List<String> settings, String part, String partName) {
  /** What may change while a study lives, beside the space. */
  private static final List<String> LIVING =
      List.of(
          "budget.trials",
          "budget.parallel",
          "budget.time",
          "budget.resource",
          "budget.target",
          "budget.cost",
          "budget.no_improvement",
          "budget.deadline",
          "budget.money",
          "priority",
          "weight",
          "algorithm.eta",
          "resource.max");

  private static final Set<String> LIVING_SECTIONS = Set.of("space", "forbid");

  /** Sections of which single keys are replaced; of others the whole. */
  private static final Set<String> BY_KEYS = Set.of("resource", "budget", "algorithm", "trainer");

  /** Copies the settings. */
  public StudyEdit {
    settings = List.copyOf(settings);
  }

  /** What came of it. */
  public sealed interface Result {}

  /**
   * A file that can be run.
   *
   * @param text of it, without the comments of the old one
   * @param warmStarts earlier studies that it begins with, which only a server knows
   * @param changed the keys and sections that were named
   */
  public record Edited(
      String text,
      StudyPlan plan,
      List<WarmStart> warmStarts,
      List<String> changed,
      List<String> warnings)
      implements Result {}

  /**
   * A file that cannot be run.
   *
   * @param errors a line each
   */
  public record Faulty(List<String> errors) implements Result {}

  /** Refuses what cannot change while a study lives, before anything is read. */
  public Optional<Faulty> notLiving() {
    List<String> errors = new ArrayList<>();
    for (String setting : settings) {
      String key = key(setting);
      if (!LIVING.contains(key)) {
        boolean isKnown = Section.isKnown(key);
        errors.add(
            isKnown
                ? "%s: expected one of %s; this stays as it is for the life of a study, create another from it with: rung study create --from"
                    .formatted(Shown.key(key), String.join(", ", LIVING))
                : "%s: unknown key; %s"
                    .formatted(
                        Shown.key(key),
                        Nearest.to(key, LIVING)
                            .map(near -> "did you mean " + near + "?")
                            .orElse("expected one of " + String.join(", ", LIVING))));
      }
    }
    partTree(new Problems(partName))
        .ifPresent(tree ->
            tree.members().keySet().stream()
                .filter(key -> !LIVING_SECTIONS.contains(key))
                .forEach(key ->
                    errors.add(
                        "%s: %s: expected a file with space, and forbid where there is one; other sections stay as they are"
                            .formatted(Shown.escaped(partName, 256), Shown.key(key)))));
    return errors.isEmpty() ? Optional.empty() : Optional.of(new Faulty(errors));
  }

  /**
   * Refuses settings of what is no key of some sections, before anything is read.
   *
   * @param sections whose keys may be set
   * @param others what is said of other known keys
   */
  public Optional<Faulty> outside(List<String> sections, String others) {
    List<String> allowed = Section.keysOf(sections);
    List<String> errors = new ArrayList<>();
    for (String setting : settings) {
      String key = key(setting);
      if (setting.indexOf('=') < 1 || allowed.contains(key)) {
        continue;
      }
      errors.add(
          Section.isKnown(key)
              ? "%s: expected a key of %s; %s"
                  .formatted(Shown.key(key), String.join(", ", sections), others)
              : "%s: unknown key; %s"
                  .formatted(
                      Shown.key(key),
                      Nearest.to(key, allowed)
                          .map(near -> "did you mean " + near + "?")
                          .orElse("expected one of " + String.join(", ", allowed))));
    }
    return errors.isEmpty() ? Optional.empty() : Optional.of(new Faulty(errors));
  }

  /**
   * Changes a file.
   *
   * @param source text of a study file
   * @param seed of the study, where its file has none
   */
  public Result apply(String source, LongSupplier seed) {
    Problems ofSource = new Problems("source");
    Optional<YamlNode> root = YamlTree.load(source, ofSource);
    if (root.isEmpty() || !(root.get() instanceof Mapping tree) || ofSource.foundErrors()) {
      return new Faulty(List.of("expected a study whose file can be read, but it cannot"));
    }
    Problems ofPart = new Problems(partName);
    Optional<Mapping> other = partTree(ofPart);
    if (ofPart.foundErrors()) {
      return new Faulty(ofPart.errors().stream().map(Problem::toString).toList());
    }
    List<String> errors = new ArrayList<>();
    Mapping edited = other.map(o -> merged(tree, o)).orElse(tree);
    for (String setting : settings) {
      edited = with(edited, setting, errors);
    }
    if (!errors.isEmpty()) {
      return new Faulty(errors);
    }
    Problems problems = new Problems(partName);
    List<WarmStart> warmStarts = new WarmStartReader(problems).read(edited);
    Optional<StudyPlan> plan = new StudyReader(problems, Optional.empty()).read(edited, seed);
    if (plan.isEmpty() || problems.foundErrors()) {
      return new Faulty(problems.errors().stream().map(p -> line(p, other)).toList());
    }
    List<String> changed = new ArrayList<>();
    other.ifPresent(o -> changed.addAll(o.members().keySet()));
    settings.forEach(setting -> changed.add(key(setting)));
    return new Edited(
        YamlText.of(edited),
        plan.get(),
        warmStarts,
        changed,
        problems.warnings().stream().map(p -> line(p, other)).toList());
  }

  private Optional<Mapping> partTree(Problems problems) {
    if (part.isEmpty()) {
      return Optional.empty();
    }
    Optional<YamlNode> root = YamlTree.load(part, problems);
    if (root.isPresent() && !(root.get() instanceof Mapping)) {
      Scalars.mismatch(root.get(), "", "a mapping with keys of a study file", problems);
    }
    return root.filter(Mapping.class::isInstance).map(Mapping.class::cast);
  }

  /** With its place where it is about the other file; other places nobody has seen. */
  private static String line(Problem problem, Optional<Mapping> part) {
    String section = problem.path().split("[.\\[]", 2)[0];
    boolean isOfPart = part.isPresent() && part.get().members().containsKey(section);
    return isOfPart
        ? problem.toString()
        : (problem.path().isEmpty() ? "" : problem.path() + ": ") + problem.message();
  }

  private static Mapping merged(Mapping tree, Mapping other) {
    Map<String, Member> members = new LinkedHashMap<>(tree.members());
    other
        .members()
        .forEach((key, member) -> {
          Member before = members.get(key);
          YamlNode value =
              before != null
                      && BY_KEYS.contains(key)
                      && before.value() instanceof Mapping below
                      && member.value() instanceof Mapping above
                  ? overlaid(below, above)
                  : member.value();
          members.put(key, new Member(member.keyAt(), value));
        });
    return new Mapping(tree.at(), members);
  }

  private static Mapping overlaid(Mapping below, Mapping above) {
    Map<String, Member> members = new LinkedHashMap<>(below.members());
    members.putAll(above.members());
    return new Mapping(above.at(), members);
  }

  private static String key(String setting) {
    int sign = setting.indexOf('=');
    return sign < 0 ? setting : setting.substring(0, sign);
  }

  private static Mapping with(Mapping tree, String setting, List<String> errors) {
    int sign = setting.indexOf('=');
    if (sign < 1) {
      errors.add("expected KEY=VALUE, such as budget.trials=90, but came " + Shown.quoted(setting));
      return tree;
    }
    String key = setting.substring(0, sign);
    String text = setting.substring(sign + 1);
    Problems problems = new Problems(key);
    Optional<YamlNode> value = text.isBlank() ? Optional.empty() : YamlTree.load(text, problems);
    if (problems.foundErrors()) {
      problems.errors().forEach(p -> errors.add(Shown.key(key) + ": " + p.message()));
      return tree;
    }
    return put(tree, List.of(key.split("\\.", -1)), value);
  }

  private static Mapping put(Mapping tree, List<String> path, Optional<YamlNode> value) {
    Map<String, Member> members = new LinkedHashMap<>(tree.members());
    String key = path.get(0);
    Member before = members.get(key);
    if (path.size() > 1) {
      Mapping inner =
          before != null && before.value() instanceof Mapping mapping
              ? mapping
              : new Mapping(tree.at(), Map.of());
      members.put(key, new Member(tree.at(), put(inner, path.subList(1, path.size()), value)));
    } else if (value.isPresent()) {
      members.put(key, new Member(value.get().at(), value.get()));
    } else {
      members.remove(key);
    }
    return new Mapping(tree.at(), members);
  }
}
