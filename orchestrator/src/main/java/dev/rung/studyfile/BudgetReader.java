package dev.rung.studyfile;

import dev.rung.space.SearchSpace;
import dev.rung.study.StudyPlan.Budget;
import dev.rung.study.StudyPlan.Resource;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Reads when a study ends. */
final class BudgetReader {
  static final int MAX_TRIALS = 1_000_000;
  static final int MAX_PARALLEL = 100_000;
  private static final List<String> ENDS =
      List.of(
          "trials", "time", "resource", "target", "cost", "no_improvement", "deadline", "money");
  private static final String DEADLINE =
      "a date and time with an offset, such as 2027-01-31T18:00:00Z";

  private final Fields study;
  private final Problems problems;

  BudgetReader(Fields study, Problems problems) {
    this.study = study;
    this.problems = problems;
  }

  Budget read(Resource resource, SearchSpace space) {
    Optional<Fields> section = study.section("budget", Section.BUDGET);
    if (section.isEmpty() || ENDS.stream().noneMatch(section.get()::has)) {
      problems.warn(
          study.valueAt("budget"), "budget", "without a budget it runs until it is stopped");
    }
    return section
        .map(budget -> limits(budget, resource, space))
        .orElse(
            new Budget(
                OptionalInt.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty()));
  }

  private static Budget limits(Fields budget, Resource resource, SearchSpace space) {
    OptionalLong trials = budget.whole("trials", 1, MAX_TRIALS);
    OptionalLong points = SpaceSize.of(space);
    if (trials.isPresent() && points.isPresent() && trials.getAsLong() > points.getAsLong()) {
      budget.warn(
          "trials",
          "%d trials, but the space has only %d distinct assignments"
              .formatted(trials.getAsLong(), points.getAsLong()));
    }
    OptionalLong limit = budget.whole("resource", 1, StudyReader.MAX_RESOURCE);
    if (limit.isPresent() && limit.getAsLong() < resource.min()) {
      budget.warn(
          "resource",
          "%d is less than a trial needs to reach its first rung at %d"
              .formatted(limit.getAsLong(), resource.min()));
    }
    return new Budget(
        toInt(trials),
        toInt(budget.whole("parallel", 1, MAX_PARALLEL)),
        time(budget),
        limit,
        budget.real("target"),
        positive(budget, "cost"),
        toInt(budget.whole("no_improvement", 1, MAX_TRIALS)),
        deadline(budget),
        positive(budget, "money"));
  }

  private static OptionalDouble positive(Fields budget, String key) {
    OptionalDouble number = budget.real(key);
    if (number.isPresent() && number.getAsDouble() <= 0) {
      budget.error(key, "expected a number above 0, but came " + number.getAsDouble());
    }
    return number;
  }

  private static Optional<Duration> time(Fields budget) {
    Optional<Duration> time = budget.word("time").flatMap(Durations::parse);
    if (time.isEmpty()) {
      budget.mismatch("time", Durations.EXPECTED);
    }
    return time;
  }

  private static OptionalLong deadline(Fields budget) {
    Optional<String> text = budget.word("deadline");
    if (text.isPresent()) {
      try {
        return OptionalLong.of(OffsetDateTime.parse(text.get()).toInstant().toEpochMilli());
      } catch (DateTimeParseException e) {
        // Reported below.
      }
    }
    budget.mismatch("deadline", DEADLINE);
    return OptionalLong.empty();
  }

  private static OptionalInt toInt(OptionalLong number) {
    return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
  }
}
