package dev.rung.study;

import dev.rung.halving.Ladder;
import dev.rung.space.Assignment;
import dev.rung.study.StudyEvent.LadderSet;
import dev.rung.study.StudyEvent.TrialPromoted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides what follows from a command. {@link #decide} changes nothing; {@link #handle} folds
 * decide and {@link StudyState#evolve} over a command and all that follows from it. The same kernel
 * runs in the entity, in the simulator and in tests.
 */
public final class StudyKernel {
  private StudyKernel() {}

  /**
   * What became of a command.
   *
   * @param events in order, already applied
   * @param reply to be given once the events are durable
   * @param effects to be done once the events are durable
   */
  public record Outcome(List<StudyEvent> events, StudyReply reply, List<StudyEffect> effects) {}

  /**
   * Decides a command and applies what follows from it.
   *
   * @param now wall clock in milliseconds since 1970
   */
  public static Outcome handle(StudyState state, StudyCommand command, long now) {
    List<StudyEvent> events = new ArrayList<>();
    List<StudyEffect> effects = new ArrayList<>();
    StudyReply reply = new StudyReply.Done();
    // What time has ended is seen before the command, so that nothing begins after it.
    Deque<StudyCommand> rest = new ArrayDeque<>();
    rest.add(new StudyCommand.Settle());
    rest.add(command);
    boolean settled = false;
    while (!rest.isEmpty() || !settled) {
      if (rest.isEmpty()) {
        rest.add(new StudyCommand.Settle());
        settled = true;
      }
      Decision decision = decide(state, rest.remove(), now);
      decision.events().forEach(state::evolve);
      events.addAll(decision.events());
      effects.addAll(decision.effects());
      reply = later(reply, decision.reply());
      for (int i = decision.next().size() - 1; i >= 0; i--) {
        rest.addFirst(decision.next().get(i));
      }
    }
    return new Outcome(events, reply, effects);
  }

  /**
   * What follows from a command.
   *
   * @param now wall clock in milliseconds since 1970; used for deadlines and the times of events
   */
  static Decision decide(StudyView study, StudyCommand command, long now) {
    Numbering n = new Numbering(study, now);
    if (study.status() == StudyStatus.EMPTY && !(command instanceof StudyCommand.Create)) {
      return command instanceof StudyCommand.Settle
          ? Decision.nothing()
          : Decision.rejected(ErrorCode.NOT_FOUND, "there is no such study");
    }
    return switch (command) {
      case StudyCommand.Create c -> create(study, c, n);
      case StudyCommand.Pause c -> pause(study, c, n);
      case StudyCommand.Resume c -> resume(study, n);
      case StudyCommand.Stop c -> stop(study, c, n);
      case StudyCommand.Suggest c -> suggest(study, c, n);
      case StudyCommand.Exhaust c -> exhaust(study, c, n);
      case StudyCommand.Grant c -> grant(study, c, n);
      case StudyCommand.Foresee c -> Settling.foresee(study, c.slots(), n);
      case StudyCommand.Yield c -> Yielding.decide(study, c, n);
      case StudyCommand.Release c -> release(study, c, n);
      case StudyCommand.Report c -> Reporting.decide(study, c, n);
      case StudyCommand.Attach c -> Attaching.decide(study, c);
      case StudyCommand.Recall c -> Recalling.decide(study, c);
      case StudyCommand.Lose c -> lose(study, c);
      case StudyCommand.StopTrial c -> TrialVerbs.stop(study, c, n);
      case StudyCommand.RetryTrial c -> TrialVerbs.retry(study, c, n);
      case StudyCommand.Tick c -> Decision.reply(new StudyReply.Done());
      case StudyCommand.End c -> Ending.decide(study, c, n);
      case StudyCommand.Judge c -> Judging.decide(study, c, n);
      case StudyCommand.PutMetric c -> Scoring.put(study, c, n);
      case StudyCommand.EnterRung c -> Scoring.enter(study, c, n);
      case StudyCommand.Clone c -> Cloning.decide(study, c, n);
      case StudyCommand.Change c -> Changing.decide(study, c, n);
      case StudyCommand.Pass c -> Judging.pass(study, c, n);
      case StudyCommand.Revise c -> revise(study, n);
      case StudyCommand.Vet c -> Excluding.decide(study, c, n);
      case StudyCommand.Settle c -> Settling.decide(study, n);
    };
  }

  /** What has to be done again after a recovery, since it may not have been done before. */
  public static List<StudyEffect> unfinished(StudyView study) {
    List<StudyEffect> effects = new ArrayList<>();
    study.asked().forEach((trial, basis) -> effects.add(new StudyEffect.Ask(trial, basis)));
    return effects;
  }

  /**
   * What has to be said again from time to time, since messages get lost and nothing shows that it
   * was heard: starts of attempts that have not reported, and orders to end to those that run on.
   */
  public static List<StudyEffect> unheard(StudyView study) {
    List<StudyEffect> effects = new ArrayList<>();
    for (int number : study.running()) {
      Attempt attempt = existing(study, number).lastAttempt();
      AttemptRef ref = new AttemptRef(number, attempt.number());
      if (attempt.ackedSeq() == 0) {
        effects.add(start(study, ref));
      }
      Order order = attempt.order();
      if (order != null && order.kind() != Order.Kind.CONTINUE) {
        effects.add(new StudyEffect.Tell(attempt.slot().node(), ref, order));
      }
    }
    return effects;
  }

  /** How many slots a study could use at once now, on whatever nodes. */
  public static int demand(StudyView study) {
    return demand(study, Missed.NOTHING).stream().mapToInt(SlotGroup::count).sum();
  }

  /**
   * What slots a study could use at once now, at most {@link SlotGroup#MOST} groups.
   *
   * @param missed what it has waited for too long
   */
  public static List<SlotGroup> demand(StudyView study, Missed missed) {
    return study.status() == StudyStatus.RUNNING ? NextWork.demand(study, missed) : List.of();
  }

  /** What a trial of an assignment needs of its node. */
  static SlotRequest request(StudyView study, Assignment assignment) {
    StudyPlan plan = study.plan();
    return plan.trainer().needs().isEmpty()
        ? SlotRequest.PLAIN
        : plan.trainer().needs().get().of(plan.space().active(assignment));
  }

  /** How many slots a study could use beyond {@link #demand} once their trials are suggested. */
  public static int furtherDemand(StudyView study) {
    return study.status() == StudyStatus.RUNNING
        ? Math.clamp((long) NextWork.freeSlots(study) - demand(study), 0, Settling.toSuggest(study))
        : 0;
  }

  /**
   * Nodes whose slots the study does not take, since its attempts fail there.
   *
   * @param now in milliseconds since 1970
   */
  public static Set<String> excluded(StudyView study, long now) {
    Set<String> excluded = new TreeSet<>();
    study
        .nodes()
        .forEach((name, node) -> {
          if (node.isExcluded(now)) {
            excluded.add(name);
          }
        });
    return excluded;
  }

  private static Decision create(StudyView study, StudyCommand.Create c, Numbering n) {
    if (study.status() != StudyStatus.EMPTY) {
      return study.source().equals(c.source())
          ? Decision.reply(new StudyReply.Done())
          : Decision.rejected(
              ErrorCode.ALREADY_EXISTS, "the key was used for another study file before");
    }
    StudyPlan plan = c.plan();
    List<StudyEvent> events = new ArrayList<>();
    events.add(new StudyEvent.StudyCreated(n.next(), n.time(), c.study(), c.plan(), c.source()));
    List<Ladder> ladders = plan.rule().ladders(plan.resource().min(), plan.resource().max());
    for (int bracket = 0; bracket < ladders.size(); bracket++) {
      events.add(LadderSet.of(ladders.get(bracket), bracket, "the ladder as written", n));
    }
    for (int i = 0; i < plan.first().size(); i++) {
      events.add(
          new StudyEvent.TrialSuggested(
              n.next(), n.time(), i + 1, plan.first().get(i), "enqueued"));
    }
    return new Decision(events, new StudyReply.Done(), List.of(), List.of());
  }

  /** Puts better ladders in force. */
  private static Decision revise(StudyView study, Numbering n) {
    List<StudyEvent> events = new ArrayList<>();
    for (int i = 0; i < study.brackets().size(); i++) {
      int bracket = i;
      study
          .rule()
          .revise(study.brackets().get(i))
          .ifPresent(r -> events.add(LadderSet.of(r.ladder(), bracket, r.evidence(), n)));
    }
    return new Decision(events, null, List.of(), List.of());
  }

  private static Decision pause(StudyView study, StudyCommand.Pause c, Numbering n) {
    return switch (study.status()) {
      case RUNNING ->
          Decision.of(
              new StudyReply.Done(), new StudyEvent.StudyPaused(n.next(), n.time(), c.reason()));
      case PAUSED -> Decision.reply(new StudyReply.Done());
      case STOPPING, ENDED, EMPTY -> over(study, "pause");
    };
  }

  private static Decision resume(StudyView study, Numbering n) {
    return switch (study.status()) {
      case PAUSED ->
          Decision.of(new StudyReply.Done(), new StudyEvent.StudyResumed(n.next(), n.time()));
      case RUNNING -> Decision.reply(new StudyReply.Done());
      case STOPPING, ENDED, EMPTY -> over(study, "resume");
    };
  }

  private static Decision stop(StudyView study, StudyCommand.Stop c, Numbering n) {
    return switch (study.status()) {
      case RUNNING, PAUSED -> Settling.stopping(study, c.reason(), c.now(), n);
      case STOPPING ->
          c.now() && Settling.hasUntold(study)
              ? Settling.stopping(study, c.reason(), true, n)
              : Decision.reply(new StudyReply.Done());
      case ENDED -> Decision.reply(new StudyReply.Done());
      case EMPTY -> over(study, "stop");
    };
  }

  private static Decision over(StudyView study, String verb) {
    return Decision.rejected(
        ErrorCode.CONFLICT,
        "expected a running study to %s, but this one %s: %s"
            .formatted(
                verb,
                study.status() == StudyStatus.ENDED ? "has ended" : "is about to end",
                study.reason()));
  }

  private static Decision suggest(StudyView study, StudyCommand.Suggest c, Numbering n) {
    if (!study.asked().containsKey(c.trial())) {
      return Decision.reply(new StudyReply.Done());
    }
    return Decision.of(
        new StudyReply.Done(),
        new StudyEvent.TrialSuggested(n.next(), n.time(), c.trial(), c.assignment(), c.source()));
  }

  private static Decision exhaust(StudyView study, StudyCommand.Exhaust c, Numbering n) {
    return study.asked().containsKey(c.trial())
        ? Decision.of(
            new StudyReply.Done(), new StudyEvent.SpaceExhausted(n.next(), n.time(), c.trial()))
        : Decision.reply(new StudyReply.Done());
  }

  private static Decision grant(StudyView study, StudyCommand.Grant c, Numbering n) {
    AttemptRef used = study.usedBy(c.slot());
    if (used != null) {
      return Decision.reply(new StudyReply.Used(used)).with(start(study, used));
    }
    NodeRecord node = study.nodes().get(c.slot().node());
    if (node != null && node.isExcluded(n.time())) {
      return Decision.reply(StudyReply.Declined.THIS_SLOT);
    }
    return switch (NextWork.of(study, -1, c.reach())) {
      case NextWork.Nothing nothing ->
          Decision.reply(
              NextWork.of(study, -1, Reach.ANYWHERE) instanceof NextWork.Nothing
                  ? new StudyReply.Declined(study.lastNumber())
                  : StudyReply.Declined.THIS_SLOT);
      case NextWork.GoOn(int trial) ->
          Leasing.lease(study, trial, existing(study, trial).rung(), c, List.of(), n);
      case NextWork.Promote(var promotion) -> {
        TrialPromoted event =
            new TrialPromoted(
                n.next(),
                n.time(),
                promotion.trial(),
                Judging.evidence(study, promotion.rung(), promotion.trial(), null),
                Judging.carried(!promotion.earned()));
        yield Leasing.lease(study, promotion.trial(), promotion.rung() + 1, c, List.of(event), n);
      }
      case NextWork.Begin(int trial) ->
          Leasing.lease(study, trial, Leasing.firstRung(study, trial), c, List.of(), n);
    };
  }

  private static Decision release(StudyView study, StudyCommand.Release c, Numbering n) {
    Attempt attempt = attempt(study, c.attempt(), c.node());
    if (attempt == null || !attempt.isLive()) {
      return Decision.reply(new StudyReply.Done());
    }
    if (attempt.ackedSeq() > 0) {
      return Decision.rejected(
          ErrorCode.CONFLICT, "expected an attempt that never began, but it has reported");
    }
    return Decision.of(
        new StudyReply.Done(),
        new StudyEvent.AttemptReleased(n.next(), n.time(), c.attempt(), c.reason()));
  }

  static StudyCommand lost(AttemptRef attempt, String reason) {
    return new StudyCommand.End(attempt, Cause.LOST, reason, true);
  }

  private static Decision lose(StudyView study, StudyCommand.Lose c) {
    Attempt attempt = attempt(study, c.attempt());
    if (attempt == null || !attempt.isLive()) {
      return Decision.reply(new StudyReply.Done());
    }
    return Decision.reply(new StudyReply.Done()).then(lost(c.attempt(), c.reason()));
  }

  static StudyEffect.Start start(StudyView study, AttemptRef ref) {
    Trial trial = existing(study, ref.trial());
    Attempt attempt = trial.lastAttempt();
    return new StudyEffect.Start(
        ref,
        attempt.slot(),
        new StudyEffect.Work(
            trial.assignment(), attempt.milestone(), trial.resumeFor(attempt.milestone())));
  }

  static Trial existing(StudyView study, int number) {
    Trial trial = study.trial(number);
    if (trial == null) {
      throw new IllegalStateException("expected trial " + number + ", but there is none");
    }
    return trial;
  }

  static @Nullable Attempt attempt(StudyView study, AttemptRef ref) {
    Trial trial = study.trial(ref.trial());
    return trial == null ? null : trial.attempt(ref.attempt());
  }

  /**
   * An attempt as a node knows it: of one that another node has it knows nothing.
   *
   * @param node empty: whichever has it
   */
  static @Nullable Attempt attempt(StudyView study, AttemptRef ref, Optional<String> node) {
    Attempt attempt = attempt(study, ref);
    boolean known = attempt != null && node.map(attempt.slot().node()::equals).orElse(true);
    return known ? attempt : null;
  }

  /** The newer reply; what the older one said of the same attempt's order is kept. */
  private static StudyReply later(StudyReply old, @Nullable StudyReply reply) {
    if (reply == null) {
      return old;
    }
    if (old instanceof StudyReply.Taken before
        && reply instanceof StudyReply.Taken now
        && now.order().isEmpty()) {
      return new StudyReply.Taken(now.attempt(), now.ackedSeq(), now.resend(), before.order());
    }
    return reply;
  }
}
