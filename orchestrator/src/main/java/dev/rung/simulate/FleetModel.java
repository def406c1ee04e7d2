package dev.rung.simulate;

/**
 * How simulated trainers behave. Times are in units of time; training one unit of resource takes
 * one.
 *
 * @param trainers with one slot each, at the beginning
 * @param stragglerStd of z, where a stretch of training takes 1 + |z| times as long (Li et al., A
 *     System for Massively Parallel Hyperparameter Tuning, MLSys 2020, appendix A.1)
 * @param drop chance of a training, in each unit of time, to be lost
 * @param preempt chance of a training, in each unit of time, to lose its slot after a checkpoint
 * @param join trainers that come in a unit of time, on average
 * @param leave chance of a trainer, in each unit of time, to leave without a word
 * @param startDelay from a slot's grant to the begin of training
 * @param stopDelay from the last point to the end of an attempt
 * @param reportDelay from a point to its arrival at the study
 * @param resume what a training goes on from
 * @param points which points are reported
 */
public record FleetModel(
    int trainers,
    double stragglerStd,
    double drop,
    double preempt,
    double join,
    double leave,
    double startDelay,
    double stopDelay,
    double reportDelay,
    Resume resume,
    Points points) {

  /** What a training goes on from. */
  public enum Resume {
    /** Everything begins from scratch. */
    NONE,
    /** What was dropped goes on from its last unit; a promotion begins from scratch. */
    RETRY,
    /** Both go on. */
    FULL
  }

  /** Which points are reported. */
  public enum Points {
    /** One for each unit of resource. */
    EVERY,
    /** Those at the levels of a trial's ladder. */
    LEVELS,
    /** Those at milestones. */
    MILESTONES
  }

  /** So many trainers that never fail, are always as fast and keep checkpoints. */
  public static FleetModel of(int trainers) {
    return new FleetModel(trainers, 0, 0, 0, 0, 0, 0, 0, 0, Resume.FULL, Points.EVERY);
  }

  /**
   * Checks the figures.
   *
   * @throws IllegalArgumentException names the one that is none
   */
  public FleetModel {
    require(trainers >= 1, "at least one trainer", trainers);
    require(stragglerStd >= 0, "a standard deviation of at least 0", stragglerStd);
    require(drop >= 0 && drop < 1, "a chance of a drop in [0, 1)", drop);
    require(preempt >= 0 && preempt < 1, "a chance of a preemption in [0, 1)", preempt);
    require(join >= 0, "a rate of joins of at least 0", join);
    require(leave >= 0 && leave < 1, "a chance to leave in [0, 1)", leave);
    require(startDelay >= 0, "a start delay of at least 0", startDelay);
    require(stopDelay >= 0, "a stop delay of at least 0", stopDelay);
    require(reportDelay >= 0, "a report delay of at least 0", reportDelay);
  }

  private static void require(boolean holds, String expected, double came) {
    if (!holds || Double.isInfinite(came)) {
      throw new IllegalArgumentException("expected %s, but came %s".formatted(expected, came));
    }
  }
}
