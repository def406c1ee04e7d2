package dev.rung.cli;

import dev.rung.simulate.FleetModel;
import dev.rung.simulate.SimulatedRun;
import dev.rung.simulate.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a study on a virtual clock. */
final class Simulate implements Callable<Integer> {
  private final Console console;

  @Mixin private final TaskOption task = new TaskOption();
  @Mixin private final FleetOption fleet = new FleetOption();
  @Mixin private final RunsOption runs = new RunsOption(1, 10_000);
  @Mixin private final OutputOption output = new OutputOption();

  @Option(
      names = "--unit-time",
      paramLabel = "TIME",
      converter = DurationOption.class,
      description = "How long a unit of time is, for the budget's time; default 1s.")
  private Duration unit = Duration.ofSeconds(1);

  Simulate(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    runs.check();
    FleetModel model = fleet.model();
    TaskOption.Simulated study = task.read();
    if (!runs.end(study.plan())) {
      throw new Failure(
          Failure.USAGE,
          "expected --time, or a budget in the study file, since nothing else ends the study");
    }
    List<SimulatedRun> done = new ArrayList<>();
    for (int i = 0; i < runs.seeds(); i++) {
      long seed = study.plan().seed() + i;
      done.add(
          new Simulation(study.plan().seeded(seed), study.task(), model, seed, unit.toMillis())
              .run(runs.time()));
    }
    if (output.isJson()) {
      Map<String, @Nullable Object> json = JsonOf.object();
      json.put("runs", done.stream().map(SimulationText::json).toList());
      console.printJson(json);
    } else {
      console.print(SimulationText.page(study.plan(), done));
    }
    return 0;
  }
}
