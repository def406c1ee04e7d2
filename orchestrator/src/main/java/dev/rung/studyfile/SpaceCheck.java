package dev.rung.studyfile;

import dev.rung.expr.CelExpression;
import dev.rung.space.Assignment;
import dev.rung.space.Expression;
import dev.rung.space.KeyedRandom;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value;
import dev.rung.studyfile.Conditions.Written;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Looks at points of a space: whether some are allowed, and whether its conditions can be told and
 * ever hold. All combinations are looked at where they are few, else points that are drawn.
 */
final class SpaceCheck {
  /** Points to draw, unless there are very many conditions. */
  private static final int DRAWN = 4_096;

  private static final int LEAST_DRAWN = 256;
  private static final int MOST_EVALUATIONS = 100_000;

  /** A searcher draws again what is forbidden: not for ever. */
  private static final int LEAST_ALLOWED_IN = 1_000;

  private static final int SHOWN_LIMIT = 120;

  private final SearchSpace space;
  private final Map<Written, CelExpression> conditions;
  private final Problems problems;

  /** For a space and its conditions as they stand in the file. */
  SpaceCheck(SearchSpace space, Map<Written, CelExpression> conditions, Problems problems) {
    this.space = space;
    this.conditions = conditions;
    this.problems = problems;
  }

  /**
   * Reports what is wrong.
   *
   * @param at where to report that too little is allowed
   */
  void check(Position at) {
    Optional<Stream<double[]>> all = AllPoints.of(space);
    List<Assignment> assignments = all.orElseGet(this::drawn).map(space::decode).toList();
    long allowed = assignments.stream().filter(space::isAllowed).count();
    int count = assignments.size();
    if (all.isPresent() && allowed == 0) {
      String message = "expected that some assignment is allowed, but all are forbidden";
      problems.error(at, "forbid", message);
    } else if (all.isEmpty() && allowed * LEAST_ALLOWED_IN < count) {
      problems.error(
          at,
          "forbid",
          "expected that at least 1 of %,d points is allowed, but of %,d that were drawn %d are"
              .formatted(LEAST_ALLOWED_IN, count, allowed));
    }
    List<Map<String, Value>> values = assignments.stream().map(space::active).toList();
    conditions.forEach((written, expression) -> check(written, expression, values));
  }

  private void check(Written written, CelExpression expression, List<Map<String, Value>> points) {
    for (Map<String, Value> values : points) {
      Optional<String> fault = expression.fault(values);
      if (fault.isPresent()) {
        String message =
            "expected a condition that every assignment answers, but with %s: %s"
                .formatted(shown(expression, values), Shown.escaped(fault.get(), SHOWN_LIMIT));
        problems.error(written.at(), written.path(), message);
        return;
      }
    }
    if (points.stream().noneMatch(expression::holds)) {
      problems.warn(written.at(), written.path(), "it holds at no point of the space");
    }
  }

  private static String shown(Expression expression, Map<String, Value> values) {
    StringBuilder shown = new StringBuilder();
    for (String name : expression.names().stream().sorted().toList()) {
      Value value = values.get(name);
      shown.append(shown.isEmpty() ? "" : ", ").append(name).append(" = ");
      shown.append(value == null ? "nothing" : value.text());
    }
    return Shown.escaped(shown.toString(), SHOWN_LIMIT);
  }

  private Stream<double[]> drawn() {
    int count = Math.clamp(MOST_EVALUATIONS / Math.max(1, conditions.size()), LEAST_DRAWN, DRAWN);
    int dimensions = space.dimensions().size();
    return IntStream.range(0, count)
        .mapToObj(number -> {
          KeyedRandom random = KeyedRandom.stream(0, "space check", number);
          return IntStream.range(0, dimensions).mapToDouble(i -> random.nextDouble()).toArray();
        });
  }
}
