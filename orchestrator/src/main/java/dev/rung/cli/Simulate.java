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
  private static final int MOST_SEEDS = 10_000;

  private final Console console;

  @Mixin private final TaskOption task = new TaskOption();
  @Mixin private final FleetOption fleet = new FleetOption();
  @Mixin private final OutputOption output = new OutputOption();

  @Option(
      names = "--seeds",
      paramLabel = "K",
      description = "Runs, each with a seed of its own, from that of the file on; default 1.")
  private int seeds = 1;

  @Option(
      names = "--time",
      paramLabel = "T",
      description = "Units of time after which a run is over; default: when the study has ended.")
  private double time = Double.POSITIVE_INFINITY;

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
    if (seeds < 1 || seeds > MOST_SEEDS) {
      throw new Failure(
          Failure.USAGE, "--seeds: expected 1 to %d, but came %d".formatted(MOST_SEEDS, seeds));
    }
    if (!(time > 0)) {
      throw new Failure(Failure.USAGE, "--time: expected a positive number, but came " + time);
    }
    FleetModel model = fleet.model();
    TaskOption.Simulated study = task.read();
    if (Double.isInfinite(time) && !SimulationText.ends(study.plan())) {
      throw new Failure(
          Failure.USAGE,
          "expected --time, or a budget in the study file, since nothing else ends the study");
    }
    List<SimulatedRun> runs = new ArrayList<>();
    for (int i = 0; i < seeds; i++) {
      long seed = study.plan().seed() + i;
      runs.add(
          new Simulation(study.plan().seeded(seed), study.task(), model, seed, unit.toMillis())
              .run(time));
    }
    if (output.isJson()) {
      Map<String, @Nullable Object> json = JsonOf.object();
      json.put("runs", runs.stream().map(SimulationText::json).toList());
      console.printJson(json);
    } else {
      console.print(SimulationText.page(study.plan(), runs));
    }
    return 0;
  }
}
