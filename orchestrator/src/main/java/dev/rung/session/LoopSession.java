package dev.rung.session;

import dev.rung.study.LoopNode;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyGateways;
import dev.rung.study.StudyReply;
import dev.rung.study.ToSession;
import java.time.Duration;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * One loop that is its own trainer, of one study: it offers the loop's slot straight to the study.
 * It keeps no account that it could not ask of the study again, so a server that was started anew,
 * or another one, goes on where this one was.
 */
final class LoopSession extends AbstractBehavior<LoopSession.Command> {

  /** What a loop's session understands. */
  sealed interface Command {}

  /** A call of the loop. */
  sealed interface Call extends Command {
    /** Who is told what became of it. */
    ActorRef<LoopAnswer> replyTo();
  }

  /** The loop asks for a trial, and waits so long for one. */
  record Ask(LoopReader.Asked asked, Duration linger, ActorRef<LoopAnswer> replyTo)
      implements Call {}

  /** The loop tells what it has done. */
  record Tell(LoopReader.Told told, ActorRef<LoopAnswer> replyTo) implements Call {}

  /** Ends, since nothing was called for a while. */
  record Finish() implements Command {}

  private record FromStudy(ToSession message) implements Command {}

  private record Overdue(long ask) implements Command {}

  private record NextRound() implements Command {}

  private record Look() implements Command {}

  private final LoopKey key;
  private final TimerScheduler<Command> timers;
  private final ActorRef<LoopSessions.Command> parent;
  private final Duration idleAfter;
  private final LongSupplier nanoTime;
  private final LoopWords words;
  private final LoopAsks asks;
  private final LoopTells tells;
  private long calls;
  private long lastCall;

  private LoopSession(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      LoopKey key,
      SessionSettings settings,
      ActorRef<StudyGateways.Command> gateways,
      ActorRef<LoopSessions.Command> parent,
      Duration idleAfter,
      LongSupplier nanoTime) {
    super(context);
    this.key = key;
    this.timers = timers;
    this.parent = parent;
    this.idleAfter = idleAfter;
    this.nanoTime = nanoTime;
    this.lastCall = nanoTime.getAsLong();
    String node = LoopNode.of(key.client());
    ActorRef<ToSession> fromStudy = context.messageAdapter(ToSession.class, FromStudy::new);
    ActorRef<ToSession.Answer> answers =
        context.messageAdapter(ToSession.Answer.class, FromStudy::new);
    this.words =
        new LoopWords(key.study(), new CheckpointPlaces(node, settings.checkpoints()), settings);
    Consumer<StudyCommand> study =
        command ->
            gateways.tell(new StudyGateways.Submit(key.study(), command, fromStudy, answers));
    this.asks =
        new LoopAsks(
            node,
            UUID.randomUUID().toString(),
            study,
            pause -> timers.startSingleTimer("round", new NextRound(), pause),
            words);
    this.tells = new LoopTells(node, study, words);
    timers.startTimerWithFixedDelay("look", new Look(), idleAfter.dividedBy(4));
  }

  /**
   * The actor.
   *
   * @param idleAfter without a call for so long it offers its parent to end
   */
  static Behavior<Command> create(
      LoopKey key,
      SessionSettings settings,
      ActorRef<StudyGateways.Command> gateways,
      ActorRef<LoopSessions.Command> parent,
      Duration idleAfter,
      LongSupplier nanoTime) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers ->
            new LoopSession(
                context, timers, key, settings, gateways, parent, idleAfter, nanoTime)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onMessage(Command.class, this::on).build();
  }

  private Behavior<Command> on(Command command) {
    switch (command) {
      case Ask ask -> {
        called();
        asks.add(calls, ask);
        timers.startSingleTimer(calls, new Overdue(calls), ask.linger());
      }
      case Tell tell -> {
        called();
        tells.add(tell);
      }
      case FromStudy(ToSession message) -> hear(message);
      case Overdue(long ask) -> asks.overdue(ask);
      case NextRound round -> asks.nextRound();
      case Look look -> {
        boolean idle = asks.isEmpty() && tells.isEmpty();
        if (idle && nanoTime.getAsLong() - lastCall > idleAfter.toNanos()) {
          parent.tell(new LoopSessions.Idle(key, calls));
        }
      }
      case Finish finish -> {
        return Behaviors.stopped();
      }
    }
    return this;
  }

  private void called() {
    calls++;
    lastCall = nanoTime.getAsLong();
  }

  private void hear(ToSession message) {
    switch (message) {
      case ToSession.Start start -> {
        // The study is asked for what the loop has when the loop asks.
      }
      case ToSession.Tell tell -> {
        // Comes again with the answer to the next report.
      }
      case ToSession.Drop(String study, String place) -> words.drop(place);
      case ToSession.Answer answer -> answered(answer);
    }
  }

  private void answered(ToSession.Answer answer) {
    switch (answer.reply()) {
      case StudyReply.Taken taken -> tells.taken(taken);
      case StudyReply.Recalled recalled -> asks.recalled(recalled);
      case StudyReply.Used used -> asks.used();
      case StudyReply.Declined declined -> asks.declined();
      case StudyReply.Rejected rejected -> {
        if (answer.command() instanceof StudyCommand.Report report) {
          tells.rejected(report, rejected);
        } else {
          asks.rejected(rejected);
        }
      }
      case StudyReply.Done done -> {
        // Answers a loss.
      }
      case StudyReply.Attached attached -> {
        // Answers nodes alone.
      }
    }
  }
}
