package dev.rung.cli;

import dev.rung.simulate.FleetModel;
import dev.rung.simulate.FleetModel.Points;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How simulated trainers behave. */
final class FleetOption {
  private static final int MOST_TRAINERS = 100_000;

  @Option(
      names = "--trainers",
      paramLabel = "N",
      description = "Trainers with one slot each; default 4.")
  private int trainers = 4;

  @Option(
      names = "--straggler-std",
      paramLabel = "S",
      description =
          "Training takes 1 + |z| times as long, z normal with this deviation; default 0.")
  private double stragglerStd;

  @Option(
      names = "--drop",
      paramLabel = "P",
      description = "Chance of a training, in each unit of time, to be lost; default 0.")
  private double drop;

  @Option(
      names = "--preempt",
      paramLabel = "P",
      description = "Chance of a training, in each unit of time, to lose its slot; default 0.")
  private double preempt;

  @Option(
      names = "--join",
      paramLabel = "N",
      description = "Trainers that come in a unit of time, on average; default 0.")
  private double join;

  @Option(
      names = "--leave",
      paramLabel = "P",
      description = "Chance of a trainer, in each unit of time, to go without a word; default 0.")
  private double leave;

  @Option(
      names = "--start-delay",
      paramLabel = "T",
      description = "Units of time before an attempt begins to train; default 0.")
  private double startDelay;

  @Option(
      names = "--stop-delay",
      paramLabel = "T",
      description = "Units of time before a slot is free after a pause or stop; default 0.")
  private double stopDelay;

  @Option(
      names = "--report-delay",
      paramLabel = "T",
      description = "Units of time before a point is heard; default 0.")
  private double reportDelay;

  @Option(
      names = "--resume",
      paramLabel = "none|retry|full",
      description = {
        "What goes on from where it was: nothing; what was lost, while promotions",
        "begin from scratch; or both. Default full."
      })
  private FleetModel.Resume resume = FleetModel.Resume.FULL;

  @Option(
      names = "--points",
      paramLabel = "every|levels|milestones",
      description = {
        "Which points come: one for each unit of resource, those at levels of the ladder,",
        "or those at which a trial is judged; default every, of a preview levels."
      })
  private @Nullable Points points;

  /**
   * The fleet, with a point for each unit of resource unless an option says otherwise.
   *
   * @throws Failure an option is out of range
   */
  FleetModel model() {
    return model(Points.EVERY);
  }

  /**
   * The fleet.
   *
   * @param otherwise points where no option says which
   * @throws Failure an option is out of range
   */
  FleetModel model(Points otherwise) {
    if (trainers > MOST_TRAINERS) {
      throw new Failure(
          Failure.USAGE,
          "expected at most %d trainers, but came %d".formatted(MOST_TRAINERS, trainers));
    }
    try {
      return new FleetModel(
          trainers,
          stragglerStd,
          drop,
          preempt,
          join,
          leave,
          startDelay,
          stopDelay,
          reportDelay,
          resume,
          points == null ? otherwise : points);
    } catch (IllegalArgumentException e) {
      throw new Failure(Failure.USAGE, String.valueOf(e.getMessage()));
    }
  }
}
