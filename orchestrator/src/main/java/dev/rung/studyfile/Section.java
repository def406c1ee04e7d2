package dev.rung.studyfile;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A mapping of a study file whose keys are fixed.
 *
 * @param path of the mapping
 * @param keys that it can have
 * @param required keys that it must have
 * @param later keys of the study file's design that this version does not know yet
 */
record Section(String path, List<String> keys, Set<String> required, Set<String> later) {
  /** The whole file. */
  static final Section STUDY =
      new Section(
          "",
          List.of(
              "name",
              "metric",
              "constraints",
              "resource",
              "budget",
              "algorithm",
              "space",
              "forbid",
              "trainer",
              "enqueue",
              "warm_start",
              "priority",
              "weight"),
          Set.of("name", "metric", "resource", "space", "trainer"),
          Set.of("metrics", "objectives", "source"));

  /** An earlier study to begin with. */
  static final Section WARM_START =
      new Section("warm_start", List.of("study", "trials", "narrow"), Set.of("study"), Set.of());

  /** What trials are ranked by. */
  static final Section METRIC =
      new Section(
          "metric", List.of("name", "goal", "take", "source"), Set.of("name", "goal"), Set.of());

  /** Bounds that a metric has to keep. */
  static final Section CONSTRAINT =
      new Section("constraints[]", List.of("metric", "min", "max"), Set.of("metric"), Set.of());

  /** What training costs. */
  static final Section RESOURCE =
      new Section("resource", List.of("unit", "min", "max"), Set.of(), Set.of());

  /** When the study ends. */
  static final Section BUDGET =
      new Section(
          "budget",
          List.of(
              "trials",
              "parallel",
              "time",
              "resource",
              "target",
              "cost",
              "no_improvement",
              "deadline"),
          Set.of(),
          Set.of());

  /** How it searches and halves. */
  static final Section ALGORITHM =
      new Section(
          "algorithm",
          List.of("halving", "search", "eta", "mode", "brackets", "points", "delayed", "seed"),
          Set.of(),
          Set.of());

  /** A parameter of the space, or a group of them. */
  static final Section PARAMETER =
      new Section(
          "space.*",
          List.of(
              "type",
              "min",
              "max",
              "step",
              "log",
              "values",
              "value",
              "simplex",
              "concentration",
              "schedule",
              "initial",
              "peak",
              "peak_at",
              "final",
              "total",
              "warmup",
              "at",
              "group",
              "when"),
          Set.of(),
          Set.of());

  /** The range of a schedule's coefficient. */
  static final Section COEFFICIENT =
      new Section(
          "space.*.*", List.of("min", "max", "step", "log"), Set.of("min", "max"), Set.of());

  /** What trains the trials. */
  static final Section TRAINER =
      new Section(
          "trainer",
          List.of("kind", "config", "slots", "labels", "least"),
          Set.of("kind"),
          Set.of());

  private static final List<Section> PARTS = List.of(METRIC, RESOURCE, BUDGET, ALGORITHM, TRAINER);

  /** The same without the need of a key. */
  Section without(String key) {
    Set<String> rest = new TreeSet<>(required);
    rest.remove(key);
    return new Section(path, keys, rest, later);
  }

  /** Whether a study file can have a key, given by its path. */
  static boolean isKnown(String path) {
    int dot = path.indexOf('.');
    if (dot < 0) {
      return STUDY.keys.contains(path);
    }
    String section = path.substring(0, dot);
    String key = path.substring(dot + 1);
    return PARTS.stream().anyMatch(part -> part.path.equals(section) && part.keys.contains(key))
        || section.equals("space")
        || path.startsWith("trainer.config.")
        || path.startsWith("trainer.labels.")
        || path.startsWith("trainer.least.");
  }

  /** The paths of all keys of some sections. */
  static List<String> keysOf(Collection<String> sections) {
    return PARTS.stream()
        .filter(part -> sections.contains(part.path))
        .flatMap(part -> part.keys.stream().map(key -> part.path + "." + key))
        .toList();
  }

  /** What a person who wrote an unknown key here may have meant; empty where nothing is near. */
  Optional<String> meant(String key) {
    return elsewhere(key).or(() -> Nearest.to(key, keys));
  }

  /** The place of a key that one other part alone can have. */
  private static Optional<String> elsewhere(String key) {
    if (STUDY.keys.contains(key) || PARAMETER.keys.contains(key)) {
      return Optional.empty();
    }
    List<Section> having = PARTS.stream().filter(part -> part.keys.contains(key)).toList();
    return having.size() == 1 ? Optional.of(having.get(0).path + "." + key) : Optional.empty();
  }
}
