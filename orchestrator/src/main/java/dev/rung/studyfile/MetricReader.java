package dev.rung.studyfile;

import dev.rung.study.StudyPlan.Constraint;
import dev.rung.study.StudyPlan.Goal;
import dev.rung.study.StudyPlan.Objective;
import dev.rung.study.StudyPlan.Source;
import dev.rung.study.StudyPlan.Take;
import dev.rung.studyfile.YamlNode.Items;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Reads what trials are ranked by: one objective or several, and the constraints. */
final class MetricReader {
  /** Most objectives; with more, hardly a trial is dominated by another. */
  static final int MAX_OBJECTIVES = 8;

  /** Most constraints. */
  static final int MAX_CONSTRAINTS = 64;

  private final Fields study;
  private final Problems problems;

  MetricReader(Fields study, Problems problems) {
    this.study = study;
    this.problems = problems;
  }

  /** The objectives that could be read, at least one. */
  List<Objective> objectives() {
    List<Objective> objectives = new ArrayList<>();
    Map<String, String> places = new HashMap<>();
    for (Fields metric : sections("metric", Section.METRIC, MAX_OBJECTIVES)) {
      Objective objective = objective(metric);
      String first = places.putIfAbsent(objective.name(), metric.path("name"));
      if (first != null) {
        metric.error(
            "name",
            "expected distinct metrics, but %s is also at %s".formatted(objective.name(), first));
      }
      objectives.add(objective);
    }
    if (objectives.size() > 1) {
      objectives.stream()
          .filter(objective -> objective.take() == Take.BEST)
          .findFirst()
          .ifPresent(objective ->
              study.error(
                  "metric",
                  "expected take: last beside other metrics, but %s has take: best"
                      .formatted(objective.name())));
    }
    return objectives.isEmpty() ? List.of(new Objective("", Goal.MAXIMIZE, Take.LAST)) : objectives;
  }

  private static Objective objective(Fields metric) {
    return new Objective(
        metric.text("name", TextRule.NAME).orElse(""),
        metric.constant("goal", Goal.class).orElse(Goal.MAXIMIZE),
        metric.constant("take", Take.class).orElse(Take.LAST),
        metric.constant("source", Source.class).filter(source -> source == Source.EXTERNAL));
  }

  /** The constraints; none where there is no such key. */
  Optional<List<Constraint>> constraints(List<Objective> objectives) {
    if (!study.has("constraints")) {
      return Optional.empty();
    }
    List<Constraint> constraints = new ArrayList<>();
    for (Fields fields : sections("constraints", Section.CONSTRAINT, MAX_CONSTRAINTS)) {
      constraints.add(constraint(fields, objectives));
    }
    if (objectives.get(0).take() == Take.BEST) {
      study.error("constraints", "expected take: last beside constraints, but it is best");
    }
    return Optional.of(constraints);
  }

  private static Constraint constraint(Fields fields, List<Objective> objectives) {
    String metric = fields.text("metric", TextRule.NAME).orElse("");
    List<String> names = objectives.stream().map(Objective::name).toList();
    Optional<String> meant = names.contains(metric) ? Optional.empty() : Nearest.to(metric, names);
    meant.ifPresent(name ->
        fields.error("metric", "unknown metric %s; did you mean %s?".formatted(metric, name)));
    if (objectives.stream().anyMatch(o -> o.isExternal() && o.name().equals(metric))) {
      fields.error(
          "metric",
          "expected a metric that trainers send, but %s comes from outside".formatted(metric));
    }
    OptionalDouble min = fields.real("min");
    OptionalDouble max = fields.real("max");
    if (!fields.has("min") && !fields.has("max")) {
      fields.error("", "expected min or max or both, but came neither");
    }
    if (min.isPresent() && max.isPresent() && min.getAsDouble() > max.getAsDouble()) {
      fields.error(
          "min",
          "expected a number of at most max (%s), but came %s"
              .formatted(max.getAsDouble(), min.getAsDouble()));
    }
    return new Constraint(metric, min, max);
  }

  /** The mappings of a key that has one or a list of them. */
  private List<Fields> sections(String key, Section section, int most) {
    Optional<YamlNode> node = study.node(key);
    List<Fields> sections = new ArrayList<>();
    if (node.isPresent() && node.get() instanceof Items items) {
      int count = items.nodes().size();
      if (count < 1 || count > most) {
        study.error(key, "expected 1 to %d of them, but came %d".formatted(most, count));
      }
      for (int i = 0; i < Math.min(count, most); i++) {
        String path = "%s[%d]".formatted(study.path(key), i);
        Fields.of(items.nodes().get(i), path, section, problems).ifPresent(sections::add);
      }
    } else {
      study.section(key, section).ifPresent(sections::add);
    }
    return sections;
  }
}
