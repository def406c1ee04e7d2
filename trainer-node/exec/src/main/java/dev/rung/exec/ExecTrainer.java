package dev.rung.exec;

import dev.rung.trainer.ResumePoint;
import dev.rung.trainer.Trainer;
import dev.rung.trainer.TrialContext;
import dev.rung.trainer.process.AttemptFolder;
import dev.rung.trainer.process.Child;
import dev.rung.trainer.process.GpuPool;
import dev.rung.trainer.process.ProcessTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trains by a command of the node's operator: it is started for each attempt with the parameters in
 * its arguments, in a file and in its environment, and its metrics are read from what it prints. No
 * part of the command comes from a study, and no shell reads it.
 */
final class ExecTrainer implements Trainer {
  private static final Logger log = LoggerFactory.getLogger(ExecTrainer.class);

  private final CommandTemplate command;
  private final ExecSettings settings;

  /**
   * A trainer for a node that begins now: what an earlier one left behind in its work folder is
   * ended and deleted.
   *
   * @param command the program and its arguments, see {@link CommandTemplate}
   * @throws IllegalArgumentException there is no program, or a macro that is unknown
   */
  ExecTrainer(List<String> command, ExecSettings settings) {
    this.command = new CommandTemplate(command);
    this.settings = settings;
    ProcessTree.killLeftOver(settings.work());
    AttemptFolder.deleteLeftOver(settings.work());
  }

  @Override
  public void train(TrialContext trial) throws Exception {
    try (WorkFolder folder = WorkFolder.create(settings.work())) {
      Optional<Path> resume = Optional.empty();
      Optional<ResumePoint> point = trial.resumeFrom();
      if (point.isPresent()) {
        try (InputStream in = point.get().open()) {
          resume = Optional.of(Archive.read(in, folder.resume()));
        }
      }
      Facts facts = Facts.of(trial, folder, resume);
      folder.write(facts);
      try (GpuPool.@Nullable Lease gpus = lease(trial)) {
        Map<String, String> pinned = gpus == null ? Map.of() : gpus.variables();
        new Run(settings, trial, folder).follow(start(trial, facts, pinned));
      }
    }
  }

  /** Each attempt is a process anyway. */
  @Override
  public boolean hasOwnProcess() {
    return true;
  }

  /** GPUs for a trial; null: it sees what the node sees. */
  private GpuPool.@Nullable Lease lease(TrialContext trial) throws InterruptedException {
    return settings.gpus().isEmpty() ? null : settings.gpus().get().take(trial.slots());
  }

  private Child start(TrialContext trial, Facts facts, Map<String, String> pinned)
      throws IOException {
    List<String> arguments = command.expand(facts);
    log.debug("{} runs {}", trial.trial(), arguments);
    Map<String, String> variables = new TreeMap<>(facts.environment());
    variables.putAll(pinned);
    return Child.start(
        arguments, variables, ProcessTree.mark(settings.work()), line -> trial.log(line));
  }
}
