package dev.rung.studyfile;

import dev.rung.halving.HalvingRules;
import dev.rung.halving.HalvingRules.Mode;
import dev.rung.searcher.Searchers;
import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyPlan.Algorithm;
import dev.rung.study.StudyPlan.Budget;
import dev.rung.study.StudyPlan.Constraint;
import dev.rung.study.StudyPlan.Objective;
import dev.rung.study.StudyPlan.Resource;
import dev.rung.study.StudyPlan.TrainerSpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * Reads the tree of a study file into a plan, section by section. A section with an error is read
 * on with what is left of it, so that all errors come at once; the plan is then not used.
 */
final class StudyReader {
  static final int MAX_PRIORITY = 1_000;
  static final int MAX_WEIGHT = 1_000;
  static final int MAX_ETA = 1_000;
  static final int MAX_POINTS = 10_000;
  static final int MAX_BRACKETS = 64;
  static final String DEFAULT_UNIT = "step";
  static final int DEFAULT_ETA = 3;

  static final long MAX_RESOURCE = RangeReader.LARGEST_WHOLE;

  private final Problems problems;
  private final Optional<SearchSpace> otherwise;

  /**
   * A reader.
   *
   * @param otherwise searched where a file has no space; empty: it has to have one
   */
  StudyReader(Problems problems, Optional<SearchSpace> otherwise) {
    this.problems = problems;
    this.otherwise = otherwise;
  }

  /**
   * The plan.
   *
   * @param seed gives a study's seed where its file has none
   * @return empty where there was an error
   */
  Optional<StudyPlan> read(YamlNode root, LongSupplier seed) {
    Optional<Fields> fields =
        Fields.of(
            root,
            "",
            otherwise.isPresent() ? Section.STUDY.without("space") : Section.STUDY,
            problems);
    if (fields.isEmpty()) {
      return Optional.empty();
    }
    Fields study = fields.get();
    String name = study.text("name", TextRule.TITLE).orElse("");
    MetricReader metrics = new MetricReader(study, problems);
    List<Objective> objectives = metrics.objectives();
    Optional<List<Constraint>> constraints = metrics.constraints(objectives);
    Resource resource = resource(study);
    Optional<Fields> algorithm = study.section("algorithm", Section.ALGORITHM);
    SearchSpace space =
        new SpaceReader(resource.max(), problems)
            .read(study)
            .or(() -> otherwise)
            .orElse(new SearchSpace(List.of()));
    Budget budget = new BudgetReader(study, problems).read(resource, space);
    TrainerSpec trainer = trainer(study, space);
    List<Assignment> first =
        study.node("enqueue").map(new EnqueueReader(space, problems)::read).orElse(List.of());
    if (budget.trials().isPresent() && first.size() > budget.trials().getAsInt()) {
      study.error(
          "enqueue",
          "expected no more than the %d trials of the budget, but came %d"
              .formatted(budget.trials().getAsInt(), first.size()));
    }
    Algorithm method = algorithm.map(this::algorithm).orElse(algorithmByDefault());
    OptionalLong ownSeed =
        algorithm.isPresent()
            ? algorithm.get().whole("seed", Long.MIN_VALUE, Long.MAX_VALUE)
            : OptionalLong.empty();
    if (method.search().equals("grid")) {
      checkGrid(study, space, method);
    }
    OptionalLong priority = study.whole("priority", -MAX_PRIORITY, MAX_PRIORITY);
    OptionalLong weight = study.whole("weight", 1, MAX_WEIGHT);
    new RuleCheck(study, algorithm, method, objectives).check(budget);
    return problems.foundErrors()
        ? Optional.empty()
        : Optional.of(
            new StudyPlan(
                    name,
                    objectives,
                    resource,
                    budget,
                    method,
                    space,
                    trainer,
                    ownSeed.isPresent() ? ownSeed.getAsLong() : seed.getAsLong(),
                    constraints,
                    toInt(priority),
                    Optional.empty(),
                    toInt(weight))
                .beginningWith(first));
  }

  private void checkGrid(Fields study, SearchSpace space, Algorithm method) {
    try {
      Searchers.of(
          "grid",
          space,
          new Searchers.Settings(
              0, method.eta(), method.points().map(OptionalInt::of).orElse(OptionalInt.empty())));
    } catch (IllegalArgumentException noGrid) {
      problems.error(
          study.valueAt("algorithm"), "algorithm.search", String.valueOf(noGrid.getMessage()));
    }
  }

  private static Resource resource(Fields study) {
    Optional<Fields> section = study.section("resource", Section.RESOURCE);
    if (section.isEmpty()) {
      return new Resource(DEFAULT_UNIT, 1, MAX_RESOURCE);
    }
    Fields resource = section.get();
    String unit = resource.text("unit", TextRule.UNIT).orElse(DEFAULT_UNIT);
    OptionalLong min = resource.whole("min", 1, MAX_RESOURCE);
    OptionalLong max = resource.whole("max", 1, MAX_RESOURCE);
    if (min.isPresent() && max.isPresent() && min.getAsLong() > max.getAsLong()) {
      resource.error(
          "min",
          "expected a number of at most max (%d), but came %d"
              .formatted(max.getAsLong(), min.getAsLong()));
    }
    return new Resource(unit, min.orElse(1), max.orElse(MAX_RESOURCE));
  }

  private static OptionalInt toInt(OptionalLong number) {
    return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
  }

  private static Optional<Integer> toInteger(OptionalLong number) {
    return number.isPresent() ? Optional.of((int) number.getAsLong()) : Optional.empty();
  }

  private Algorithm algorithm(Fields algorithm) {
    Mode mode = algorithm.constant("mode", Mode.class).orElse(Mode.PROMOTION);
    boolean delayed = algorithm.flag("delayed").orElse(false);
    if (delayed && mode != Mode.PROMOTION) {
      algorithm.error(
          "delayed",
          "expected delayed with mode: promotion only, but the mode is "
              + mode.name().toLowerCase(Locale.ROOT));
    }
    Optional<Integer> points = toInteger(algorithm.whole("points", 1, MAX_POINTS));
    String search = algorithm.oneOf("search", Searchers.names()).orElse("auto");
    if (points.isPresent() && !search.equals("grid")) {
      algorithm.warn("points", "counts with search: grid only, but the search is " + search);
    }
    return new Algorithm(
        algorithm.oneOf("halving", HalvingRules.names()).orElse("auto"),
        search,
        (int) algorithm.whole("eta", 2, MAX_ETA).orElse(DEFAULT_ETA),
        delayed,
        Optional.of(mode),
        toInteger(algorithm.whole("brackets", 1, MAX_BRACKETS)),
        points);
  }

  private static Algorithm algorithmByDefault() {
    return new Algorithm(
        "auto", "auto", DEFAULT_ETA, false, Optional.of(Mode.PROMOTION), Optional.empty());
  }

  private TrainerSpec trainer(Fields study, SearchSpace space) {
    Optional<Fields> trainer = study.section("trainer", Section.TRAINER);
    return new TrainerSpec(
        trainer.flatMap(t -> t.text("kind", TextRule.NAME)).orElse(""),
        trainer
            .flatMap(t -> t.node("config"))
            .map(new ConfigReader(problems)::read)
            .orElse(Map.of()),
        trainer.flatMap(t -> new NeedsReader(t, space.parameters(), problems).read()));
  }
}
