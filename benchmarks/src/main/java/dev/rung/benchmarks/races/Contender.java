package dev.rung.benchmarks.races;

import dev.rung.simulate.FleetModel;
import dev.rung.simulate.SimulatedRun;
import dev.rung.simulate.Simulation;
import dev.rung.simulate.Trajectory;
import dev.rung.space.SearchSpace;
import dev.rung.study.StudyPlan;
import dev.rung.studyfile.StudyFile;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Who races.
 *
 * @param name for the reports
 * @param runner runs it once
 */
record Contender(String name, Runner runner) {
  /** Trainers of every race. */
  static final int WORKERS = 25;

  /** Whole trainings that a race takes the time of. */
  static final int LENGTH = 10;

  /** Runs a contender on a table with a seed. */
  interface Runner {
    Course run(RaceTable table, long seed);
  }

  /** Algorithms of Rung that are told apart on functions, the control first. */
  static final Map<String, String> ALGORITHMS = algorithms();

  private static Map<String, String> algorithms() {
    Map<String, String> algorithms = new LinkedHashMap<>();
    algorithms.put("random", "{halving: none, search: random}");
    algorithms.put("TPE alone", "{halving: none, search: tpe}");
    algorithms.put("ASHA", "{halving: asha, search: random}");
    algorithms.put("delayed ASHA", "{halving: asha, delayed: true, search: random}");
    algorithms.put("ASHA, TPE", "{halving: asha, search: tpe}");
    algorithms.put("auto, random", "{halving: auto, search: random}");
    algorithms.put("auto", "{halving: auto, search: auto}");
    return algorithms;
  }

  /** An algorithm of Rung, as a study file names it. */
  static Contender rung(String name, String algorithm, int min) {
    return new Contender(
        name,
        (table, seed) ->
            run(plan(algorithm, min, table.full(), table.task().space()), table, seed));
  }

  private static Course run(StudyPlan plan, RaceTable table, long seed) {
    List<Trajectory.Step> steps = simulate(plan, table, seed).trajectory().steps();
    return new Course(
        steps.stream().map(Trajectory.Step::time).toList(),
        steps.stream().map(Trajectory.Step::best).toList());
  }

  /** A race of a plan. */
  static SimulatedRun simulate(StudyPlan plan, RaceTable table, long seed) {
    return new Simulation(plan.seeded(seed), table.task(), FleetModel.of(WORKERS), seed, 1_000)
        .run((double) LENGTH * table.full());
  }

  /**
   * A study that races.
   *
   * @param algorithm as a study file names it
   * @param more lines of the study file
   */
  static StudyPlan plan(String algorithm, int min, int max, SearchSpace space, String... more) {
    String text =
        """
        name: race
        metric: {name: %s, goal: minimize}
        resource: {unit: point, min: %d, max: %d}
        algorithm: %s
        trainer: {kind: simulated}
        """
                .formatted(RaceTable.LOSS, min, max, algorithm)
            + String.join("", more);
    return switch (StudyFile.parse(text, algorithm, () -> 1, space)) {
      case StudyFile.Valid valid -> valid.plan();
      case StudyFile.Invalid invalid ->
          throw new IllegalArgumentException(invalid.problems().toString());
    };
  }

  /** Those that the default is chosen from, and those that it is held against. */
  static List<Contender> all() {
    return List.of(
        rung("random", "{halving: none, search: random}", 1),
        new Contender("synchronous halving, min 1", new SynchronousHalving(1, 3)),
        new Contender("synchronous halving, min 3", new SynchronousHalving(3, 3)),
        rung("Hyperband", "{halving: hyperband, search: random}", 1),
        rung("ASHA, stopping, min 1", "{halving: asha, mode: stopping, search: random}", 1),
        rung("ASHA, stopping, min 3", "{halving: asha, mode: stopping, search: random}", 3),
        rung("ASHA, min 1", "{halving: asha, search: random}", 1),
        rung("ASHA, min 3", "{halving: asha, search: random}", 3),
        rung("delayed ASHA, min 1", "{halving: asha, delayed: true, search: random}", 1),
        rung("delayed ASHA, min 3", "{halving: asha, delayed: true, search: random}", 3),
        rung("PASHA, min 1", "{halving: pasha, search: random}", 1),
        rung("PASHA, min 3", "{halving: pasha, search: random}", 3),
        rung("TPE alone", "{halving: none, search: tpe}", 1),
        rung("Hyperband, TPE", "{halving: hyperband, search: tpe}", 1),
        rung("ASHA, TPE, min 1", "{halving: asha, search: tpe}", 1),
        rung("ASHA, TPE, min 3", "{halving: asha, search: tpe}", 3),
        rung("delayed ASHA, TPE, min 3", "{halving: asha, delayed: true, search: tpe}", 3),
        rung("delayed ASHA, auto search, min 3", "{halving: asha, delayed: true, search: auto}", 3),
        rung("auto, random", "{halving: auto, search: random}", 1),
        rung("auto, min 3", "{halving: auto, search: auto}", 3),
        rung("auto, min 1", "{halving: auto, search: auto}", 1));
  }
}
