package dev.rung.study;

import dev.rung.study.StudyEvent.AttemptEnded;
import dev.rung.study.StudyEvent.AttemptLeased;
import dev.rung.study.StudyEvent.EntriesRecorded;
import dev.rung.study.StudyEvent.Judged;
import dev.rung.study.StudyEvent.RungEntered;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs a study again from its journal: from the events follows what was asked of the study and
 * when, and a new kernel that is asked the same, without a crash between, has to decide the same.
 */
public final class Rerun {
  private static final String STARTED_ANEW = " was started anew";
  private static final String FORGOTTEN = " does not know it any more";

  private final List<StudyEvent> journal;
  private final BiConsumer<StudyState, StudyKernel.Outcome> observer;
  private final StudyState state = new StudyState();
  private int next;

  private Rerun(List<StudyEvent> journal, BiConsumer<StudyState, StudyKernel.Outcome> observer) {
    this.journal = journal;
    this.observer = observer;
  }

  /**
   * Compares a study's events with what a study decides that was never disturbed.
   *
   * @param journal all events of the study, the oldest first
   * @return the state after them
   * @throws AssertionError with the first event that differs
   */
  public static StudyState check(List<StudyEvent> journal) {
    return check(journal, (state, outcome) -> {});
  }

  /**
   * As {@link #check(List)}.
   *
   * @param observer sees the state and what became of each command
   */
  static StudyState check(
      List<StudyEvent> journal, BiConsumer<StudyState, StudyKernel.Outcome> observer) {
    Rerun rerun = new Rerun(List.copyOf(journal), observer);
    while (rerun.next < rerun.journal.size()) {
      rerun.step();
    }
    return rerun.state;
  }

  private void step() {
    StudyEvent first = journal.get(next);
    StudyCommand command = command(first);
    StudyKernel.Outcome outcome = StudyKernel.handle(state, command, first.time());
    List<StudyEvent> decided = outcome.events();
    if (decided.isEmpty()) {
      throw different(command, first, null);
    }
    for (StudyEvent event : decided) {
      StudyEvent stored = next < journal.size() ? journal.get(next) : null;
      if (!event.equals(stored)) {
        throw different(command, stored, event);
      }
      next++;
    }
    observer.accept(state, outcome);
  }

  private AssertionError different(
      StudyCommand command, @Nullable StudyEvent stored, @Nullable StudyEvent decided) {
    return new AssertionError(
        """
        expected that an undisturbed study decides as the journal has it, but event %d differs
          asked:   %s
          stored:  %s
          decided: %s\
        """
            .formatted(next + 1, command, stored, decided));
  }

  /** The command whose first event this is. */
  private StudyCommand command(StudyEvent first) {
    return switch (first) {
      case StudyEvent.StudyCreated e -> new StudyCommand.Create(e.study(), e.plan(), e.source());
      case StudyEvent.TrialSuggested e ->
          new StudyCommand.Suggest(e.trial(), e.assignment(), e.source());
      case StudyEvent.SpaceExhausted e -> new StudyCommand.Exhaust(e.trial());
      case StudyEvent.TrialPromoted e -> grant(1);
      case AttemptLeased e -> grant(0);
      case StudyEvent.CheckpointLost e -> new StudyCommand.Tick();
      case StudyEvent.AttemptReleased e -> new StudyCommand.Release(e.attempt(), e.reason());
      case EntriesRecorded e -> report(e);
      case StudyEvent.LateEntriesRecorded e ->
          new StudyCommand.Report(e.attempt(), e.firstSeq(), e.entries());
      case RungEntered e -> loss(1);
      case AttemptEnded e -> loss(0);
      case StudyEvent.MetricPut e ->
          new StudyCommand.PutMetric(
              e.trial(), e.metric(), e.value(), OptionalLong.empty(), e.replaces());
      case StudyEvent.PlanChanged e -> new StudyCommand.Change(e.plan(), e.dropOutside());
      case StudyEvent.TrialStopped e -> new StudyCommand.StopTrial(e.trial(), e.reason());
      case StudyEvent.TrialRetried e -> new StudyCommand.RetryTrial(e.trial());
      case StudyEvent.NodeExcluded e -> new StudyCommand.Tick();
      case StudyEvent.YieldAsked e -> yields(e.slots(), 1);
      case StudyEvent.AttemptYielded e -> yields(state.toYield(), 0);
      case StudyEvent.StudyPaused e -> new StudyCommand.Pause(e.reason());
      case StudyEvent.StudyResumed e -> new StudyCommand.Resume();
      case StudyEvent.StudyStopping e ->
          e.reason() == EndReason.TIME
              ? new StudyCommand.Tick()
              : new StudyCommand.Stop(e.reason(), e.now());
      case StudyEvent.LadderSet e -> new StudyCommand.Tick();
      case StudyEvent.MetricAwaited e -> new StudyCommand.Tick();
      case StudyEvent.TrialScored e -> new StudyCommand.Tick();
      case StudyEvent.TrialCloned e -> new StudyCommand.Tick();
      case StudyEvent.SuggestionAsked e -> foresee(e.basis());
      case Judged e -> new StudyCommand.Tick();
      case StudyEvent.TrialsClosed e -> new StudyCommand.Tick();
      case StudyEvent.StudyEnded e -> new StudyCommand.Tick();
    };
  }

  /** Suggestions are asked for without anything before them where slots are free. */
  private StudyCommand foresee(long basis) {
    int asked = 0;
    while (at(next + asked) instanceof StudyEvent.SuggestionAsked e && e.basis() == basis) {
      asked++;
    }
    return new StudyCommand.Foresee(state.suggested().size() + state.asked().size() + asked);
  }

  /** Attempts that are to end soon are those that follow. */
  private StudyCommand yields(int slots, int ahead) {
    int soon = 0;
    String reason = "";
    long time = journal.get(next).time();
    while (at(next + ahead + soon) instanceof StudyEvent.AttemptYielded e && e.time() == time) {
      soon++;
      reason = e.reason().replace("gives its slot up, since ", "");
    }
    return new StudyCommand.Yield(slots, Yielding.leaving(state) + soon, reason);
  }

  private @Nullable StudyEvent at(int index) {
    return index < journal.size() ? journal.get(index) : null;
  }

  /** What follows an event at the same time. */
  private List<StudyEvent> after(int index, long time) {
    int end = index + 1;
    while (end < journal.size() && journal.get(end).time() == time) {
      end++;
    }
    return journal.subList(index + 1, end);
  }

  private StudyCommand grant(int ahead) {
    return at(next + ahead) instanceof AttemptLeased leased
        ? new StudyCommand.Grant(leased.slot(), missed(ahead + 1), Optional.empty())
        : new StudyCommand.Tick();
  }

  /** Why a trial gave checkpoints up as it got its slot. */
  private Missed missed(int ahead) {
    Set<String> gone = new HashSet<>();
    Set<Integer> waited = new HashSet<>();
    for (int i = ahead; at(next + i) instanceof StudyEvent.CheckpointLost lost; i++) {
      String node = lost.lost().node();
      if (node != null && lost.reason().equals(Missed.nodes(Set.of(node)).reason(node))) {
        gone.add(node);
      } else if (node != null) {
        waited.add(lost.trial());
      }
    }
    return new Missed(gone, waited);
  }

  /** Entries that came together are recorded apart where a verdict lies between them. */
  private StudyCommand report(EntriesRecorded first) {
    List<Entry> entries = new ArrayList<>(first.entries());
    boolean judged = false;
    for (StudyEvent event : after(next, first.time())) {
      if (event instanceof EntriesRecorded more
          && judged
          && more.attempt().equals(first.attempt())) {
        entries.addAll(more.entries());
        judged = false;
      } else if (event instanceof Judged
          || event instanceof RungEntered
          || event instanceof StudyEvent.MetricAwaited) {
        judged = true;
      } else if (!(event instanceof StudyEvent.LadderSet
          || event instanceof StudyEvent.AttemptYielded
          || event instanceof StudyEvent.TrialCloned)) {
        break;
      }
    }
    return new StudyCommand.Report(first.attempt(), first.firstSeq(), entries);
  }

  /** What a node no longer runs is lost together; else each attempt is lost by itself. */
  private StudyCommand loss(int ahead) {
    if (!(at(next + ahead) instanceof AttemptEnded first)) {
      return new StudyCommand.Tick();
    }
    if (!isByNode(first)) {
      return new StudyCommand.Lose(first.attempt(), first.message());
    }
    Slot slot = slot(first);
    List<AttemptRef> lost = new ArrayList<>(List.of(first.attempt()));
    long incarnation = incarnation(first);
    for (StudyEvent event : after(next + ahead, first.time())) {
      if (event instanceof AttemptEnded more
          && isByNode(more)
          && slot(more).node().equals(slot.node())
          && more.attempt().trial() > lost.get(lost.size() - 1).trial()) {
        lost.add(more.attempt());
        incarnation = Math.max(incarnation, incarnation(more));
      } else if (!(event instanceof RungEntered)) {
        break;
      }
    }
    List<AttemptRef> running = new ArrayList<>();
    for (int trial : state.running()) {
      Attempt attempt = StudyKernel.existing(state, trial).lastAttempt();
      running.add(new AttemptRef(trial, attempt.number()));
    }
    running.removeAll(lost);
    return new StudyCommand.Attach(slot.node(), incarnation, "a session", running);
  }

  private static boolean isByNode(AttemptEnded event) {
    return event.message().endsWith(STARTED_ANEW) || event.message().endsWith(FORGOTTEN);
  }

  /** That of the node which no longer runs an attempt. */
  private long incarnation(AttemptEnded event) {
    return slot(event).incarnation() + (event.message().endsWith(STARTED_ANEW) ? 1 : 0);
  }

  private Slot slot(AttemptEnded event) {
    return StudyKernel.existing(state, event.attempt().trial()).lastAttempt().slot();
  }
}
