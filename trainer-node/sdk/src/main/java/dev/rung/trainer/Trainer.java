package dev.rung.trainer;

/** A training loop for one kind of problem. One instance serves every slot of a node at once. */
@FunctionalInterface
public interface Trainer {

  /**
   * Trains one attempt of a trial: from {@link TrialContext#resumeFrom()} or from scratch, step by
   * step, reporting each step, until a directive says that it must end or there is nothing left to
   * train. Returning is a clean end.
   *
   * @param trial what to train with, and the way to report
   * @throws InfeasibleException the assignment cannot be trained at all
   * @throws DivergedException the training diverged
   * @throws Exception anything else is an error of the trainer; the trial is retried once
   */
  void train(TrialContext trial) throws Exception;

  /** Whether each attempt trains in a process of its own, which GPUs can be given to. */
  default boolean hasOwnProcess() {
    return false;
  }
}
