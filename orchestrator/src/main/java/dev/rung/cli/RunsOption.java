package dev.rung.cli;

import dev.rung.simulate.Endless;
import dev.rung.study.StudyPlan;
import picocli.CommandLine.Option;

/** How many runs there are on a virtual clock, and when they are over. */
final class RunsOption {
  private final int mostSeeds;

  @Option(
      names = "--seeds",
      paramLabel = "K",
      description =
          "Runs, each with a seed of its own, from that of the file on; default ${DEFAULT-VALUE}.")
  private int seeds;

  @Option(
      names = "--time",
      paramLabel = "T",
      description = "Units of time after which a run is over; default: when the study has ended.")
  private double time = Double.POSITIVE_INFINITY;

  /**
   * The options.
   *
   * @param seeds where no option says how many
   * @param mostSeeds that an option may ask for
   */
  RunsOption(int seeds, int mostSeeds) {
    this.seeds = seeds;
    this.mostSeeds = mostSeeds;
  }

  /**
   * Looks at the options.
   *
   * @throws Failure one is out of range
   */
  void check() {
    if (seeds < 1 || seeds > mostSeeds) {
      throw new Failure(
          Failure.USAGE, "--seeds: expected 1 to %d, but came %d".formatted(mostSeeds, seeds));
    }
    if (!(time > 0)) {
      throw new Failure(Failure.USAGE, "--time: expected a positive number, but came " + time);
    }
  }

  int seeds() {
    return seeds;
  }

  /** In units of time; infinite: there is none. */
  double time() {
    return time;
  }

  /** Whether a run ends for certain. */
  boolean end(StudyPlan plan) {
    return Double.isFinite(time) || Endless.ends(plan);
  }
}
