package dev.rung.exec;

import dev.rung.trainer.Directive;
import dev.rung.trainer.TrialContext;
import dev.rung.trainer.TrialEndException;
import dev.rung.trainer.process.Child;
import dev.rung.trainer.process.MemoryEvents;
import dev.rung.trainer.process.OutOfMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Follows one command from its start to its end. Used by the thread of one attempt. */
final class Run {
  private static final Duration LOOK = Duration.ofMillis(100);

  private final ExecSettings settings;
  private final TrialContext trial;
  private final WorkFolder folder;
  private final MetricReader reader;
  private final MetricsFile file;
  private final long killsBefore = MemoryEvents.kills();
  private long lastStep;
  private boolean reported;

  /** Whether there is a checkpoint to go on from. */
  private boolean saved;

  private boolean namesCheckpoints;

  /** What the attempt was told; it takes no reports from then on. */
  private boolean mustEnd;

  /** When the command is killed if it has not ended by then, by {@link System#nanoTime}. */
  private long killAt;

  /** When the command's file and the orders are looked at next, by {@link System#nanoTime}. */
  private long lookAt = System.nanoTime();

  Run(ExecSettings settings, TrialContext trial, WorkFolder folder) {
    this.settings = settings;
    this.trial = trial;
    this.folder = folder;
    this.reader = new MetricReader(settings.metrics(), trial.objectives(), trial.startStep());
    this.file = new MetricsFile(folder.metrics());
    this.lastStep = trial.startStep();
    this.saved = trial.resumeFrom().isPresent();
  }

  /** Reads what the command says until it has ended, and judges how. */
  void follow(Child started) throws Exception {
    try (Child child = started) {
      while (!child.isDone()) {
        @Nullable String line = child.line(LOOK);
        if (line != null) {
          hear(line, child);
        }
        if (System.nanoTime() - lookAt >= 0) {
          for (String written : file.lines(false)) {
            hear(written, child);
          }
          lookAround(child);
          lookAt = System.nanoTime() + LOOK.toNanos();
        }
      }
      child.endRest();
      for (String written : file.lines(true)) {
        hear(written, child);
      }
      judge(child);
    }
  }

  /** Sees whether the command is to end, or takes too long to. */
  private void lookAround(Child child) {
    if (child.hasEnded()) {
      // Nobody else may hold its output open.
      child.endRest();
      return;
    }
    if (child.wasTold()) {
      if (System.nanoTime() - killAt >= 0) {
        child.kill();
      }
      return;
    }
    mustEnd |= trial.directive().mustEnd();
    // One that never saves anything is left alone: it would only begin anew.
    boolean checkpointWanted = trial.checkpointDue(0) && canSave();
    if (mustEnd || checkpointWanted) {
      tellToEnd(child);
    }
  }

  private boolean canSave() {
    return saved || hasFiles(folder.checkpoints());
  }

  private void tellToEnd(Child child) {
    if (!child.wasTold()) {
      killAt = System.nanoTime() + settings.grace().toNanos();
      child.terminate();
    }
  }

  private void hear(String line, Child child) throws IOException, TrialEndException {
    Optional<Report> read;
    try {
      read = reader.read(line);
    } catch (IllegalArgumentException e) {
      throw TrialEndException.failed(String.valueOf(e.getMessage()));
    }
    if (read.isEmpty()) {
      return;
    }
    Report report = read.get();
    if (report.step() < lastStep) {
      throw TrialEndException.failed(
          "expected a step not before %d%s, got %d in the line: %s"
              .formatted(
                  lastStep,
                  lastStep == trial.startStep() ? ", where the checkpoint of {resume} is" : "",
                  report.step(),
                  line));
    }
    lastStep = report.step();
    if (report.checkpoint().isPresent()) {
      save(report.step(), place(report.checkpoint().get()));
      namesCheckpoints = true;
    }
    if (report.metrics().isEmpty() || mustEnd) {
      return;
    }
    Directive directive =
        report.cost().isPresent()
            ? trial.report(report.step(), report.metrics(), report.cost().getAsDouble())
            : trial.report(report.step(), report.metrics());
    reported = true;
    if (directive.mustEnd()) {
      mustEnd = true;
      tellToEnd(child);
    }
  }

  private void save(long step, Path source) throws IOException {
    trial.checkpoint(step, out -> Archive.write(source, out));
    saved = true;
  }

  /** A path that the command named, which must be in its folder for checkpoints. */
  private Path place(String named) throws IOException, TrialEndException {
    Path base = folder.checkpoints().toRealPath();
    Path path = base.resolve(named).normalize();
    if (!Files.exists(path)) {
      throw TrialEndException.failed(
          "expected the checkpoint '" + named + "' in $RUNG_CHECKPOINT_DIR, but nothing is there");
    }
    if (!path.toRealPath().startsWith(base)) {
      throw TrialEndException.failed(
          "expected a checkpoint in $RUNG_CHECKPOINT_DIR, but '" + named + "' lies elsewhere");
    }
    return path;
  }

  private void judge(Child child) throws Exception {
    child.awaitOutput();
    int code = child.exitCode();
    boolean ordered = child.wasTold();
    if (ordered || code == 0) {
      saveFolder(child);
    }
    mustEnd |= trial.directive().mustEnd();
    if (mustEnd) {
      // The order is the cause, whatever the command made of the signal.
      return;
    }
    if (ordered) {
      throw TrialEndException.preempted(
          "the command was ended for a checkpoint, exit code " + code + ", and left none");
    }
    ExitCause cause =
        settings.exitCodes().getOrDefault(code, code == 0 ? ExitCause.COMPLETED : ExitCause.ERROR);
    if (cause == ExitCause.ERROR) {
      throw OutOfMemory.failure(child, killsBefore);
    }
    if (cause == ExitCause.COMPLETED && !reported) {
      throw TrialEndException.withoutMetrics(
          "the command ended and reported nothing"
              + reader.doubts().map(doubt -> ": " + doubt).orElse(""));
    }
    cause.end("exit code " + code);
  }

  /**
   * What a command left in its folder is a checkpoint of its last step, where it named none itself
   * and ended by itself, so that nothing there is half written.
   */
  private void saveFolder(Child child) throws IOException {
    boolean isWhole = !namesCheckpoints && !child.wasKilled();
    if (isWhole && lastStep > trial.startStep() && hasFiles(folder.checkpoints())) {
      save(lastStep, folder.checkpoints());
    }
  }

  private static boolean hasFiles(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.findAny().isPresent();
    } catch (IOException e) {
      return false;
    }
  }
}
