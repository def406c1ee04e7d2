package dev.rung.benchmarks.simulated;

import dev.rung.simulate.FleetModel;
import dev.rung.simulate.SimulatedRun;
import dev.rung.simulate.Simulation;
import dev.rung.simulate.Synthetic;
import dev.rung.study.StudyPlan;
import dev.rung.studyfile.StudyFile;
import java.util.List;

/** Simulated studies of functions. */
final class Studies {
  private Studies() {}

  /** A run of a study that minimizes a function. */
  static SimulatedRun run(
      Synthetic.Function function, String more, FleetModel fleet, long seed, double horizon) {
    Synthetic space = new Synthetic(function, List.of("loss"), List.of(), 1);
    String text =
        """
        name: benchmark
        metric: {name: loss, goal: minimize}
        trainer: {kind: simulated}
        """
            + more;
    StudyPlan plan =
        switch (StudyFile.parse(text, more, () -> seed, space.space())) {
          case StudyFile.Valid valid -> valid.plan();
          case StudyFile.Invalid invalid ->
              throw new IllegalArgumentException(invalid.problems().toString());
        };
    Synthetic task = new Synthetic(function, List.of("loss"), List.of(), plan.resource().max());
    return new Simulation(plan, task, fleet, seed, 1_000).run(horizon);
  }
}
