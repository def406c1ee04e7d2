package dev.rung.chaos;

import dev.rung.trainer.Outcome;
import dev.rung.trainer.TrainerNode;
import java.nio.file.Path;

/** What trainers are told of their place on disk and of their end. */
final class Nodes {
  /** Whether nodes keep their logs on disk, so that a killed one loses nothing. */
  static final boolean KEEP_LOGS = false;

  private Nodes() {}

  static TrainerNode.Builder withLog(TrainerNode.Builder node, Path folder) {
    return node;
  }

  static int exitCode(Outcome outcome) {
    return 1;
  }
}
