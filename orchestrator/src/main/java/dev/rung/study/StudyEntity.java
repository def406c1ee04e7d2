package dev.rung.study;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Terminated;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.JournalPersistRejected;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandlerWithReply;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehaviorWithEnforcedReplies;
import org.apache.pekko.persistence.typed.javadsl.ReplyEffect;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.jspecify.annotations.Nullable;

/**
 * One study as an event-sourced, sharded actor. It only wires the kernel: a batch of commands is
 * folded, its events are written together, and only then replies and effects go out.
 */
public final class StudyEntity
    extends EventSourcedBehaviorWithEnforcedReplies<StudyEntity.Command, Commit, StudyState> {

  /** The name under which studies are sharded; also the first part of their persistence ids. */
  public static final EntityTypeKey<Command> TYPE_KEY =
      EntityTypeKey.create(Command.class, "study");

  private static final Duration ANNOUNCE = Duration.ofSeconds(2);

  /** Without an announcement for so long the whole server stood still, and heard nobody. */
  private static final Duration STOOD_STILL = ANNOUNCE.multipliedBy(2);

  /** What a study's actor understands. */
  public sealed interface Command {}

  /**
   * Commands that become durable together.
   *
   * @param number of the batch within its gateway
   */
  public record Batch(long number, List<Item> items, ActorRef<BatchReply> replyTo)
      implements Command {}

  /**
   * One command of a batch.
   *
   * @param session the session it came from, which the study answers to from now on; null: none
   */
  public record Item(StudyCommand command, @Nullable ActorRef<ToSession> session) {}

  /** What became of a batch. */
  public sealed interface BatchReply {
    /** The batch's. */
    long number();
  }

  /**
   * A batch is durable.
   *
   * @param replies in the order of its commands
   */
  public record BatchDone(long number, List<StudyReply> replies) implements BatchReply {}

  /**
   * Nothing of a batch is durable, since one of its commands met a fault of the kernel: without it
   * the others may be tried again.
   *
   * @param index of the command
   */
  public record BatchRefused(long number, int index) implements BatchReply {}

  /** The study as it is now; empty: there is none. */
  public record Show(ActorRef<Optional<StudySummary>> replyTo) implements Command {}

  /** The session of a program that wants to search the study, whatever the study's plan says. */
  public record Dial(ActorRef<ExternalSearcher.ToProgram> session) implements Command {}

  /** The searcher of a program outside passes on what the study has shown. */
  record TellProgram() implements Command {}

  /** Says again what may not have been heard, and looks at deadlines. */
  private record Announce() implements Command {}

  /** A node's session ended and no other came in time. */
  record NodeOverdue(String node) implements Command {}

  /** Nothing happened for a while. */
  record Quiet() implements Command {}

  /** Leaves memory. */
  public record Leave() implements Command {}

  /**
   * What a study's actor is connected to.
   *
   * @param gateways where its own commands go, so that they are batched with all others
   * @param projectors told by its id that a study has new events
   * @param lostAfter how long an attempt may be without a session
   * @param tiedFor how long a trial waits for a busy node whose disk keeps its checkpoint
   * @param searcherPatience how long a program that proposes assignments may be silent
   * @param nanoTime the monotonic clock
   * @param commits counts what becomes durable
   */
  public record Wiring(
      ActorRef<StudyGateways.Command> gateways,
      ActorRef<ToDispatcher> dispatcher,
      ActorRef<String> projectors,
      Duration lostAfter,
      Duration tiedFor,
      Duration searcherPatience,
      Clock clock,
      LongSupplier nanoTime,
      CommitCount commits) {}

  private final String study;
  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final Wiring wiring;
  private final SnapshotPace snapshots;

  // In memory only, and made anew by every recovery.
  private final LostNodes nodes;
  private final SessionLink sessions;
  private final SearcherLink searcher;
  private final Leaving leaving;
  private final DemandLink demand;

  private StudyEntity(
      String study,
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Wiring wiring,
      int leastEventsBetweenSnapshots) {
    // No restart after a failed write: Pekko would recover into the empty state that this behavior
    // was made with, which has the events that were not written. The actor stops, its state with
    // it, and its shard starts it anew.
    super(PersistenceId.of(TYPE_KEY.name(), study));
    this.study = study;
    this.context = context;
    this.timers = timers;
    this.wiring = wiring;
    this.searcher = new SearcherLink(study, context, wiring);
    this.demand = new DemandLink(study, wiring);
    this.leaving = new Leaving(context, timers, shard);
    this.snapshots = new SnapshotPace(leastEventsBetweenSnapshots, wiring.nanoTime());
    this.nodes =
        new LostNodes(
            context, timers, wiring.lostAfter(), wiring.tiedFor(), STOOD_STILL, wiring.nanoTime());
    this.sessions = new SessionLink(study, nodes);
  }

  /** The actor of a study. */
  public static Behavior<Command> create(
      String study, ActorRef<ClusterSharding.ShardCommand> shard, Wiring wiring) {
    return create(study, shard, wiring, SnapshotPace.LEAST_EVENTS);
  }

  /** The actor of a study that is stored as a snapshot more or less often. */
  static Behavior<Command> create(
      String study,
      ActorRef<ClusterSharding.ShardCommand> shard,
      Wiring wiring,
      int leastEventsBetweenSnapshots) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers ->
            new StudyEntity(study, context, timers, shard, wiring, leastEventsBetweenSnapshots)));
  }

  @Override
  public StudyState emptyState() {
    return new StudyState();
  }

  @Override
  public EventHandler<StudyState, Commit> eventHandler() {
    return StudyState::evolve;
  }

  @Override
  public CommandHandlerWithReply<Command, Commit, StudyState> commandHandler() {
    return (state, command) ->
        switch (command) {
          case Batch batch -> fold(state, batch);
          case Show show -> show(state, show);
          case Dial dial -> {
            leaving.soonIfEmpty(state);
            searcher.dial(state, dial.session());
            yield Effect().noReply();
          }
          case TellProgram tell -> {
            searcher.tellProgram(state);
            yield Effect().noReply();
          }
          case Announce announce -> announce(state);
          case NodeOverdue overdue -> lose(state, overdue.node());
          case Quiet quiet -> {
            leaving.askIfOver(state);
            yield Effect().noReply();
          }
          case Leave leave -> leave(state);
        };
  }

  @Override
  public SignalHandler<StudyState> signalHandler() {
    return newSignalHandlerBuilder()
        .onSignal(RecoveryCompleted.class, (state, signal) -> recovered(state))
        .onSignal(JournalPersistFailed.class, (state, signal) -> notWritten(signal.failure()))
        .onSignal(JournalPersistRejected.class, (state, signal) -> notWritten(signal.failure()))
        .onSignal(Terminated.class, (state, terminated) -> ended(terminated.getRef()))
        .build();
  }

  @Override
  public boolean shouldSnapshot(StudyState state, Commit commit, long sequenceNr) {
    return snapshots.isDue(state, commit);
  }

  private ReplyEffect<Commit, StudyState> show(StudyState state, Show show) {
    leaving.soonIfEmpty(state);
    return Effect()
        .reply(
            show.replyTo(),
            state.status() == StudyStatus.EMPTY ? Optional.empty() : Optional.of(summary(state)));
  }

  private StudySummary summary(StudyState state) {
    StudySummary summary = StudySummary.of(state);
    return searcher.waitsForProgram(state)
        ? summary.because("waits for a program to dial in to its searcher")
        : summary;
  }

  private ReplyEffect<Commit, StudyState> fold(StudyState state, Batch batch) {
    for (Item item : batch.items()) {
      if (item.session() != null) {
        nodes.learn(item.command(), item.session());
      }
    }
    List<StudyCommand> commands =
        batch.items().stream().map(item -> knowing(item.command())).toList();
    return switch (Folded.of(state, commands, wiring.clock().millis())) {
      case Folded.Decided decided -> persist(state, batch, decided);
      case Folded.Failed(int index, RuntimeException fault) -> refuse(batch, index, fault);
    };
  }

  /** Whoever grants a slot does not know what the study has waited for. */
  private StudyCommand knowing(StudyCommand command) {
    return command instanceof StudyCommand.Grant grant
        ? new StudyCommand.Grant(grant.slot(), nodes.missed(), grant.offer())
        : command;
  }

  private ReplyEffect<Commit, StudyState> persist(
      StudyState state, Batch batch, Folded.Decided decided) {
    leaving.soonIfEmpty(state);
    BatchDone done = new BatchDone(batch.number(), decided.replies());
    if (decided.events().isEmpty()) {
      return Effect()
          .none()
          .thenRun(() -> act(state, decided.effects()))
          .thenReply(batch.replyTo(), s -> done);
    }
    return Effect()
        .persist(Commit.of(decided.events()))
        .thenRun(() -> {
          act(state, decided.changesPlan() ? searchAnew(state, decided) : decided.effects());
          wiring.projectors().tell(study);
          wiring.commits().add(batch.items().size(), decided.events());
        })
        .thenReply(batch.replyTo(), s -> done);
  }

  /**
   * The state may have taken half of a command, so it goes with the actor, and the journal gives
   * the one before the batch. Without the command that met the fault the study goes on.
   */
  private ReplyEffect<Commit, StudyState> refuse(Batch batch, int index, RuntimeException e) {
    context
        .getLog()
        .error(
            "Expected to decide {} of study {}, but it failed",
            batch.items().get(index).command().getClass().getSimpleName(),
            study,
            e);
    return Effect()
        .none()
        .thenRun(() -> batch.replyTo().tell(new BatchRefused(batch.number(), index)))
        .thenStop()
        .thenNoReply();
  }

  /** Events are durable: what follows from them is done now. */
  private void act(StudyState state, List<StudyEffect> effects) {
    for (StudyEffect effect : effects) {
      switch (effect) {
        case StudyEffect.Start start -> sessions.start(state, start);
        case StudyEffect.Tell tell -> sessions.tell(tell);
        case StudyEffect.Drop drop -> sessions.drop(drop);
        case StudyEffect.Ask ask -> searcher.ask(state, ask);
      }
    }
    searcher.stir();
    demand.tell(state, nodes.heard(), nodes.missed(), false);
  }

  /** The searcher goes on from the plan as it is now: what is asked for is asked once more. */
  private List<StudyEffect> searchAnew(StudyState state, Folded.Decided decided) {
    searcher.stop();
    List<StudyEffect> effects = new ArrayList<>(decided.effects());
    effects.removeIf(StudyEffect.Ask.class::isInstance);
    effects.addAll(StudyKernel.unfinished(state));
    return effects;
  }

  private void recovered(StudyState state) {
    searcher.clear();
    demand.clear();
    snapshots.recovered();
    timers.startTimerWithFixedDelay("announce", new Announce(), ANNOUNCE);
    leaving.recovered();
    nodes.recovered(state);
    if (state.status() == StudyStatus.ENDED) {
      wiring.projectors().tell(study);
      leaving.ask();
    } else if (state.status() != StudyStatus.EMPTY) {
      act(state, StudyKernel.unfinished(state));
      wiring.projectors().tell(study);
    }
  }

  private void notWritten(Throwable failure) {
    wiring.gateways().tell(new StudyGateways.NotWritten(study, String.valueOf(failure)));
  }

  private void ended(ActorRef<?> ended) {
    if (searcher.ended(ended)) {
      // It failed, which its own log tells; what it owes is asked again with the next announcement.
      return;
    }
    if (!searcher.hasProgram()) {
      leaving.programLeft();
    }
    nodes.ended(ended);
  }

  private ReplyEffect<Commit, StudyState> lose(StudyState state, String node) {
    nodes.lost(state, node).forEach(this::submit);
    demand.tell(state, nodes.heard(), nodes.missed(), false);
    return Effect().noReply();
  }

  private ReplyEffect<Commit, StudyState> announce(StudyState state) {
    nodes.announced(state);
    demand.tell(state, nodes.heard(), nodes.missed(), true);
    act(state, StudyKernel.unheard(state));
    if (!searcher.isMade() && !state.asked().isEmpty()) {
      act(state, StudyKernel.unfinished(state));
    }
    boolean timed =
        state.status() != StudyStatus.EMPTY
            && state.status() != StudyStatus.ENDED
            && (state.plan().budget().time().isPresent()
                || state.plan().budget().deadline().isPresent()
                || state.plan().budget().money().isPresent());
    if (timed) {
      submit(new StudyCommand.Tick());
    }
    return Effect().noReply();
  }

  private void submit(StudyCommand command) {
    wiring
        .gateways()
        .tell(new StudyGateways.Submit(study, command, null, context.getSystem().ignoreRef()));
  }

  /**
   * A study that began again after it asked to leave wakes itself by a command through its shard.
   */
  private ReplyEffect<Commit, StudyState> leave(StudyState state) {
    if (leaving.staysForLastWords(state, searcher.hasProgram())) {
      return Effect().noReply();
    }
    if (leaving.isRegretted(state)) {
      submit(new StudyCommand.Tick());
    }
    return Effect().stop().thenNoReply();
  }
}
