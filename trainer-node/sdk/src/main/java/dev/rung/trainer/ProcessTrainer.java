package dev.rung.trainer;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Checkpoint;
import dev.rung.proto.v1.Run;
import dev.rung.trainer.process.AttemptFolder;
import dev.rung.trainer.process.Child;
import dev.rung.trainer.process.GpuPool;
import dev.rung.trainer.process.MemoryEvents;
import dev.rung.trainer.process.ProcessTree;
import dev.rung.trainer.process.TrialJvm;
import dev.rung.trainer.process.TrialSocket;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Trains each attempt in a JVM of its own, so that a crash, a lack of memory or {@code System.exit}
 * ends that attempt and nothing else. Whatever the process prints becomes the trial's log.
 */
public final class ProcessTrainer implements Trainer {
  private final TrialJvm jvm;
  private final Optional<GpuPool> gpus;
  private final Path work;

  /**
   * A trainer in processes that run a class which calls {@link TrialProcess#run}.
   *
   * @param gpus of the node, of which each attempt sees as many as it has slots; empty: all
   * @param data where checkpoints are kept for as long as they pass between the processes; empty:
   *     in the system's folder for temporary files
   */
  public ProcessTrainer(TrialJvm jvm, Optional<GpuPool> gpus, Optional<Path> data) {
    this.jvm = jvm;
    this.gpus = gpus;
    this.work =
        data.map(folder -> folder.resolve("processes"))
            .orElseGet(() -> Path.of(System.getProperty("java.io.tmpdir")))
            .toAbsolutePath();
    data.ifPresent(folder -> AttemptFolder.deleteLeftOver(work));
  }

  /**
   * The same trainers, each in processes of its own.
   *
   * @param options of the JVMs, after those of this one
   * @throws IllegalArgumentException a trainer's class has no constructor without parameters
   */
  static Map<String, Trainer> apart(
      Map<String, Trainer> kinds,
      List<String> options,
      Optional<GpuPool> gpus,
      Optional<Path> data) {
    Map<String, Trainer> apart = new HashMap<>(kinds);
    apart.replaceAll((kind, trainer) ->
        trainer.hasOwnProcess() ? trainer : new ProcessTrainer(jvm(trainer, options), gpus, data));
    return Map.copyOf(apart);
  }

  /**
   * The JVM that makes a trainer anew and trains with it.
   *
   * @throws IllegalArgumentException its class has no constructor without parameters
   */
  private static TrialJvm jvm(Trainer trainer, List<String> options) {
    Class<?> type = trainer.getClass();
    if (!TrialProcess.canMake(type)) {
      throw new IllegalArgumentException(
          "expected a trainer whose class has a constructor without parameters, since each process"
              + " makes one of its own, got "
              + type.getName());
    }
    return new TrialJvm(options, TrialProcess.class, List.of(type.getName()));
  }

  @Override
  public boolean hasOwnProcess() {
    return true;
  }

  @Override
  public void train(TrialContext trial) throws Exception {
    try (AttemptFolder folder = AttemptFolder.create(work);
        GpuPool.@Nullable Lease leased = lease(trial);
        TrialSocket socket = TrialSocket.open()) {
      Map<String, String> pinned = leased == null ? Map.of() : leased.variables();
      long kills = MemoryEvents.kills();
      try (Child child =
          Child.start(
              jvm.command(socket.path()),
              pinned,
              ProcessTree.mark(work),
              line -> trial.log(line))) {
        child.takeNoLines();
        new NodeSide(trial, folder.path(), child, kills).serve(socket, run(trial));
      }
    }
  }

  private GpuPool.@Nullable Lease lease(TrialContext trial) throws InterruptedException {
    return gpus.isEmpty() ? null : gpus.get().take(trial.slots());
  }

  /** What the process is told at first. */
  private static Run run(TrialContext trial) {
    Run.Builder run =
        Run.newBuilder()
            .setAttempt(AttemptRef.newBuilder().setTrial(trial.trial()).setAttempt(trial.attempt()))
            .setAssignment(WireValues.assignment(trial.assignment()))
            .putAllConfig(WireValues.config(trial.config()))
            .setMaxResource(trial.maxResource())
            .setSeed(trial.seed())
            .setSlots(trial.slots())
            .addAllObjectives(trial.objectives());
    trial
        .resumeFrom()
        .ifPresent(point -> run.setResume(Checkpoint.newBuilder().setStep(point.step())));
    return run.build();
  }
}
