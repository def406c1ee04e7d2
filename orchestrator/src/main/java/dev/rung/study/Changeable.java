package dev.rung.study;

import dev.rung.space.Parameter;
import dev.rung.space.SearchSpace;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** What of a plan may change while its study lives. */
final class Changeable {
  /** Rules that compare by eta, and not by what they made of it at the beginning. */
  private static final Set<String> BY_ETA = Set.of("auto", "asha", "cost-aware", "pasha");

  /** Rules whose ladder can go on at its end. */
  private static final Set<String> LONGER = Set.of("auto", "asha", "cost-aware", "pasha", "median");

  private Changeable() {}

  /** Whether a rule makes its ladder longer itself, as far as the plan lets it. */
  static boolean growsByItself(StudyPlan plan) {
    return plan.algorithm().halving().equals("pasha");
  }

  /** Why a study cannot be changed so; empty: it can. */
  static Optional<Decision> refusal(StudyView study, StudyPlan after) {
    StudyPlan before = study.plan();
    if (!before.equals(after.withChangeableOf(before))) {
      return refused(
          ErrorCode.INVALID,
          "expected a change of the budget, priority, weight, algorithm.eta, resource.max or the space;"
              + " for anything else create another study from this one");
    }
    String rule = before.algorithm().halving();
    long max = after.resource().max();
    if (max < before.resource().max()) {
      return refused(
          ErrorCode.CONFLICT,
          "resource.max: expected %d or more, since trials are judged up to there, but came %d"
              .formatted(before.resource().max(), max));
    }
    if (max > before.resource().max() && !LONGER.contains(rule)) {
      return refused(
          ErrorCode.CONFLICT,
          "resource.max: expected a rule of %s, whose ladder can go on, but the rule is %s"
              .formatted(String.join(", ", sorted(LONGER)), rule));
    }
    boolean probes =
        study.brackets().stream().anyMatch(bracket -> bracket.ladder().probing().isPresent());
    if (max > before.resource().max() && probes) {
      return refused(
          ErrorCode.CONFLICT,
          "resource.max: expected a study whose ladder is settled, but its first trials still probe"
              + " where to begin; try again when study show says where trials start");
    }
    if (after.algorithm().eta() != before.algorithm().eta() && !BY_ETA.contains(rule)) {
      return refused(
          ErrorCode.CONFLICT,
          "algorithm.eta: expected a rule of %s, but the rule is %s, whose rungs follow from the eta"
                  .formatted(String.join(", ", sorted(BY_ETA)), rule)
              + " that it began with");
    }
    return space(before, after);
  }

  private static Optional<Decision> space(StudyPlan before, StudyPlan after) {
    if (before.space().equals(after.space())) {
      return Optional.empty();
    }
    if (before.algorithm().search().equals("grid")) {
      return refused(
          ErrorCode.CONFLICT,
          "space: expected another searcher than grid, whose points follow from the space");
    }
    return isAlike(before.space(), after.space())
        ? Optional.empty()
        : refused(
            ErrorCode.CONFLICT,
            "space: expected the parameters %s of the kinds and in the order that they have, with"
                    .formatted(names(before.space()))
                + " other bounds or values only; for another space create another study from this"
                + " one");
  }

  /** Whether an assignment of one space reads the same in the other. */
  private static boolean isAlike(SearchSpace one, SearchSpace other) {
    List<Parameter> left = one.parameters();
    List<Parameter> right = other.parameters();
    return names(one).equals(names(other))
        && one.conditions().equals(other.conditions())
        && IntStream.range(0, left.size())
            .allMatch(i ->
                left.get(i).getClass() == right.get(i).getClass()
                    && left.get(i).dimensions().size() == right.get(i).dimensions().size());
  }

  private static List<String> names(SearchSpace space) {
    return space.parameters().stream().map(Parameter::name).toList();
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }

  private static Optional<Decision> refused(ErrorCode code, String message) {
    return Optional.of(Decision.rejected(code, message));
  }
}
