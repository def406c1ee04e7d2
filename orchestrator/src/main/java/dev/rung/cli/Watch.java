package dev.rung.cli;

import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyState;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Notices which processes of a quick start have ended, and whether it can go on without them. */
final class Watch {
  /** Of a process that Ctrl-C ended, and of this one then. */
  private static final int INTERRUPTED = 130;

  final LocalProcesses processes;

  /** What happened, oldest first. */
  final List<String> notes = new ArrayList<>();

  private final Set<Long> gone = new HashSet<>();

  Watch(LocalProcesses processes) {
    this.processes = processes;
  }

  /**
   * Tells of each end once.
   *
   * @throws Failure the server or the last trainer is gone
   */
  void look(Consumer<String> told) {
    if (processes.isClosing()) {
      throw new Failure(INTERRUPTED, "interrupted; ending what was started");
    }
    List<LocalProcess> all = processes.all();
    for (LocalProcess process : all) {
      if (!process.isAlive() && gone.add(process.pid())) {
        tell(process, all, told);
      }
    }
  }

  /** Nobody else is there to resume a study that has paused itself. */
  static void refuseAPause(Study study) {
    if (study.getState() == StudyState.STUDY_STATE_PAUSED) {
      throw new Failure(Failure.FAILED, "the study paused: " + study.getReason());
    }
  }

  /** The end of a quick start, with the last words of the process that brought it about. */
  Failure failure(LocalProcess process, String what) {
    return new Failure(
        Failure.FAILED,
        "%s; the end of its log %s:\n%s"
            .formatted(what, process.log(), String.join("\n", process.tail())));
  }

  private void tell(LocalProcess process, List<LocalProcess> all, Consumer<String> told) {
    // Ctrl-C goes to all processes of a terminal, and theirs may be seen before this one's.
    if (process.process().exitValue() == INTERRUPTED) {
      return;
    }
    if (process.role().equals("server")) {
      throw failure(process, process.end());
    }
    if (all.stream().noneMatch(p -> p.role().equals("trainer") && p.isAlive())) {
      throw failure(process, process.end() + " and no trainer is left");
    }
    String note = process.end() + "; its trials go on elsewhere";
    notes.add(note);
    told.accept(note);
  }
}
