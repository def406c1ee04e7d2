package dev.rung.study;

import dev.rung.halving.Score;
import dev.rung.space.Assignment;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** What a study can be asked to do. Every command may come twice; the second changes nothing. */
public sealed interface StudyCommand {

  /**
   * Begins the study.
   *
   * @param study its id
   * @param source text of the study file
   */
  record Create(String study, StudyPlan plan, String source) implements StudyCommand {}

  /** No new grants until {@link Resume}. */
  record Pause(String reason) implements StudyCommand {}

  /** Undoes a pause. */
  record Resume() implements StudyCommand {}

  /** Ends the study: after the running attempts reached their milestone, or at once. */
  record Stop(EndReason reason, boolean now) implements StudyCommand {}

  /** The searcher's answer to an ask. */
  record Suggest(int trial, Assignment assignment, String source) implements StudyCommand {}

  /** The searcher has no assignment for a trial, and none for later ones. */
  record Exhaust(int trial) implements StudyCommand {}

  /**
   * A slot is there to be used; the study picks the trial.
   *
   * @param missed what the study has waited for too long, as its actor knows it
   * @param offer what the slot comes with; empty: whatever is needed
   */
  record Grant(Slot slot, Missed missed, Optional<SlotOffer> offer) implements StudyCommand {
    /** Of a slot that comes with whatever is needed. */
    public Grant(Slot slot, Set<String> gone) {
      this(slot, Missed.nodes(gone), Optional.empty());
    }

    /** No node is known to be gone. */
    public Grant(Slot slot) {
      this(slot, Set.of());
    }

    /** Which checkpoints a trial can go on from in the slot. */
    Reach reach() {
      return new Reach(slot.node(), missed, offer);
    }
  }

  /**
   * Slots are free that the study has asked no suggestions for yet; it may ask for them now, so
   * that they are used together.
   */
  record Foresee(int slots) implements StudyCommand {}

  /**
   * Others wait for slots that the study has beyond its share.
   *
   * @param slots that it is to give up, as its attempts come to milestones; 0: none
   * @param soon of these are to be given up at the next checkpoints
   * @param reason for a person, to go on after "since"
   */
  record Yield(int slots, int soon, String reason) implements StudyCommand {}

  /**
   * A slot's session or node did not start the attempt.
   *
   * @param node that says so; empty: whichever has it
   */
  record Release(AttemptRef attempt, String reason, Optional<String> node) implements StudyCommand {
    /** By the node that has it. */
    public Release(AttemptRef attempt, String reason) {
      this(attempt, reason, Optional.empty());
    }
  }

  /**
   * Entries of an attempt's log.
   *
   * @param firstSeq sequence number of the first
   * @param node that sends them; empty: whichever has the attempt
   */
  record Report(AttemptRef attempt, long firstSeq, List<Entry> entries, Optional<String> node)
      implements StudyCommand {
    /** Copies the entries. */
    public Report {
      entries = List.copyOf(entries);
    }

    /** By the node that has the attempt. */
    public Report(AttemptRef attempt, long firstSeq, List<Entry> entries) {
      this(attempt, firstSeq, entries, Optional.empty());
    }
  }

  /**
   * A session says which attempts its node runs.
   *
   * @param running attempts of this study
   */
  record Attach(String node, long incarnation, String session, List<AttemptRef> running)
      implements StudyCommand {
    /** Copies the attempts. */
    public Attach {
      running = List.copyOf(running);
    }
  }

  /**
   * A loop that is its own trainer, and keeps no account of its attempts, asks which it has.
   *
   * @param node name of the loop, see {@link LoopNode}
   */
  record Recall(String node) implements StudyCommand {}

  /** An attempt was not heard of for too long. */
  record Lose(AttemptRef attempt, String reason) implements StudyCommand {}

  /** A person ends one trial. */
  record StopTrial(int trial, String reason) implements StudyCommand {}

  /** A person lets a failed trial go on. */
  record RetryTrial(int trial) implements StudyCommand {}

  /**
   * A metric from outside.
   *
   * @param level that the trial is expected to have reached; empty: wherever it waits
   * @param replace whether one that came before may be replaced
   */
  record PutMetric(int trial, String metric, double value, OptionalLong level, boolean replace)
      implements StudyCommand {}

  /**
   * A person changes what the study is to do.
   *
   * @param plan as the person wants it
   * @param dropOutside whether paused trials outside a changed space are over
   * @param before the plan that the person changed; empty: whichever it is
   * @param source text of a study file that says the same; empty: there is none
   */
  record Change(
      StudyPlan plan, boolean dropOutside, Optional<StudyPlan> before, Optional<String> source)
      implements StudyCommand {

    /** A change of whatever the plan is. */
    public Change(StudyPlan plan, boolean dropOutside) {
      this(plan, dropOutside, Optional.empty(), Optional.empty());
    }
  }

  /** Time has passed: deadlines are looked at. */
  record Tick() implements StudyCommand {}

  /** The rest of a command of the kernel itself: ends an attempt whose log is complete. */
  record End(AttemptRef attempt, Cause cause, String message, boolean byServer)
      implements StudyCommand {}

  /** The rest of a command of the kernel itself: judges what has just entered its rungs. */
  record Judge(AttemptRef attempt, long step, Score score) implements StudyCommand {}

  /** The rest of a command of the kernel itself: records levels that a trial has passed. */
  record Pass(AttemptRef attempt, long step, Score score) implements StudyCommand {}

  /** The rest of a command of the kernel itself: judges by metrics from outside. */
  record EnterRung(int trial) implements StudyCommand {}

  /** The rest of a command of the kernel itself: a copy of one trial takes another's place. */
  record Clone(int parent, int replaced) implements StudyCommand {}

  /** The rest of a command of the kernel itself: puts better ladders in force, if there are any. */
  record Revise() implements StudyCommand {}

  /** The rest of a command of the kernel itself: looks at a node on which an attempt has ended. */
  record Vet(String node) implements StudyCommand {}

  /** The rest of a command of the kernel itself: ends what is over and asks for suggestions. */
  record Settle() implements StudyCommand {}
}
