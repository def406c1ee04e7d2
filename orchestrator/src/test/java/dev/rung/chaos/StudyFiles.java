package dev.rung.chaos;

/** The study files of the tests here. */
final class StudyFiles {
  private StudyFiles() {}

  /** A study that is not over before it is told to end. */
  static String endless(int stepMillis) {
    return study(10_000, 9, 81, stepMillis);
  }

  /**
   * A study for {@link TrainerMain}.
   *
   * @param min level of the first rung
   * @param max level of the top rung
   * @param stepMillis how long a step takes to train
   */
  static String study(int trials, int min, int max, int stepMillis) {
    return """
    name: chaos
    metric: {name: loss, goal: minimize}
    resource: {unit: step, min: %d, max: %d}
    algorithm: {halving: asha, search: random}
    budget: {trials: %d}
    space:
      x: {min: 0.0, max: 1.0}
    trainer: {kind: chaos, config: {step_millis: %d, checkpoint_every: 3}}
    """
        .formatted(min, max, trials, stepMillis);
  }
}
