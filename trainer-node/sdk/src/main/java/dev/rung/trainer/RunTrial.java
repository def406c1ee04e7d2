package dev.rung.trainer;

import dev.rung.proto.v1.Run;
import java.util.List;

/** What a trial knows of itself from the message that began it. */
abstract class RunTrial implements TrialContext {
  final Run run;
  private final Values assignment;
  private final Values config;

  /**
   * Reads the values.
   *
   * @throws IllegalArgumentException one is not what this node takes
   */
  RunTrial(Run run) {
    this.run = run;
    this.assignment = Values.fromProto(run.getAssignment());
    this.config = Values.fromProto(run.getConfigMap());
  }

  @Override
  public final String trial() {
    return run.getAttempt().getTrial();
  }

  @Override
  public final int attempt() {
    return run.getAttempt().getAttempt();
  }

  @Override
  public final int slots() {
    return Math.max(1, run.getSlots());
  }

  @Override
  public final Values assignment() {
    return assignment;
  }

  @Override
  public final Values config() {
    return config;
  }

  @Override
  public final long maxResource() {
    return run.getMaxResource();
  }

  @Override
  public final long seed() {
    return run.getSeed();
  }

  @Override
  public final List<String> objectives() {
    return List.copyOf(run.getObjectivesList());
  }
}
