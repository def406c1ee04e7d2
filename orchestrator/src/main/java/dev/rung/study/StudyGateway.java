package dev.rung.study;

import dev.rung.study.StudyEntity.Batch;
import dev.rung.study.StudyEntity.BatchDone;
import dev.rung.study.StudyEntity.BatchRefused;
import dev.rung.study.StudyEntity.BatchReply;
import dev.rung.study.StudyEntity.Item;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Commits a study's commands in groups: while one batch is written the next gathers. A batch is
 * repeated until it is answered; every command may come twice, so that changes nothing.
 */
final class StudyGateway extends AbstractBehavior<StudyGateway.Command> {
  /**
   * Of one batch, as {@link Sizes} estimates it: cluster frames end at 256 KiB. It bounds the
   * number of commands, too, to 2,048, since each counts as {@link Sizes#FRAME} at least.
   */
  static final int MOST_BYTES = 128 * 1024;

  /**
   * Commands that may wait for a study that does not answer. Sessions bound theirs by their window
   * and get no refusal; everybody else does.
   */
  static final int MOST_WAITING = 10_000;

  private static final Duration REPEAT = Duration.ofSeconds(5);

  /** A batch that is not answered for so long is a trouble that people are told of. */
  private static final Duration STALLED = Duration.ofSeconds(3);

  private static final Duration IDLE = Duration.ofSeconds(60);

  /** What it understands. */
  sealed interface Command {}

  /** A command for the study. */
  record Add(StudyGateways.Submit submit) implements Command {}

  /** Ends once nothing is left to do. */
  record Finish() implements Command {}

  private record Answered(BatchReply batch) implements Command {}

  private record NotAnswered() implements Command {}

  private record Repeat() implements Command {}

  private record LookIdle() implements Command {}

  private final String study;
  private final RecipientRef<StudyEntity.Command> entity;
  private final ActorRef<StudyGateways.Command> parent;
  private final TimerScheduler<Command> timers;
  private final ActorRef<BatchReply> batchReplies;
  private final Deque<StudyGateways.Submit> queue = new ArrayDeque<>();
  private List<StudyGateways.Submit> inFlight = List.of();
  private long batch;
  private long taken;
  private boolean stalled;
  private boolean finishing;

  private StudyGateway(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      String study,
      RecipientRef<StudyEntity.Command> entity,
      ActorRef<StudyGateways.Command> parent) {
    super(context);
    this.study = study;
    this.entity = entity;
    this.parent = parent;
    this.timers = timers;
    this.batchReplies = context.messageAdapter(BatchReply.class, Answered::new);
    timers.startSingleTimer("idle", new LookIdle(), IDLE);
  }

  static Behavior<Command> create(
      String study,
      RecipientRef<StudyEntity.Command> entity,
      ActorRef<StudyGateways.Command> parent) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> new StudyGateway(context, timers, study, entity, parent)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onMessage(Command.class, this::on).build();
  }

  private Behavior<Command> on(Command command) {
    switch (command) {
      case Add(var submit) -> {
        taken++;
        if (queue.size() >= MOST_WAITING && submit.session() == null) {
          refuse(submit);
          return this;
        }
        queue.add(submit);
        timers.startSingleTimer("idle", new LookIdle(), IDLE);
        sendNext();
      }
      case Answered(var reply) -> {
        if (reply.number() == batch && !inFlight.isEmpty()) {
          switch (reply) {
            case BatchDone done -> answer(done.replies());
            case BatchRefused refused -> leaveOut(refused.index());
          }
          sendNext();
        }
      }
      case NotAnswered notAnswered -> {
        stalled = true;
        parent.tell(new StudyGateways.Stalled(study));
      }
      case Repeat repeat -> {
        if (!inFlight.isEmpty()) {
          send();
        }
      }
      case LookIdle idle -> {
        if (queue.isEmpty() && inFlight.isEmpty()) {
          parent.tell(new StudyGateways.Idle(study, getContext().getSelf(), taken));
        }
      }
      case Finish finish -> finishing = true;
    }
    return finishing && queue.isEmpty() && inFlight.isEmpty() ? Behaviors.stopped() : this;
  }

  private void refuse(StudyGateways.Submit submit) {
    String message =
        "the study has not answered for a while, and %d commands wait".formatted(queue.size());
    submit.answer(new StudyReply.Rejected(ErrorCode.UNAVAILABLE, message));
  }

  private void sendNext() {
    if (!inFlight.isEmpty() || queue.isEmpty()) {
      return;
    }
    List<StudyGateways.Submit> next = new ArrayList<>();
    int bytes = 0;
    while (!queue.isEmpty()) {
      bytes += Sizes.of(queue.peek().command());
      if (bytes > MOST_BYTES && !next.isEmpty()) {
        break;
      }
      next.add(queue.remove());
    }
    inFlight = next;
    batch++;
    timers.startSingleTimer("stalled", new NotAnswered(), STALLED);
    send();
  }

  private void send() {
    List<Item> items =
        inFlight.stream().map(submit -> new Item(submit.command(), submit.session())).toList();
    entity.tell(new Batch(batch, items, batchReplies));
    timers.startSingleTimer("repeat", new Repeat(), REPEAT);
  }

  /** The study cannot take one command of the batch: the others are tried again without it. */
  private void leaveOut(int index) {
    String message = "the study met a fault with this command; the server's log says more";
    inFlight.get(index).answer(new StudyReply.Rejected(ErrorCode.INTERNAL, message));
    for (int i = inFlight.size() - 1; i >= 0; i--) {
      if (i != index) {
        queue.addFirst(inFlight.get(i));
      }
    }
    settle();
  }

  private void answer(List<StudyReply> replies) {
    for (int i = 0; i < replies.size(); i++) {
      inFlight.get(i).answer(replies.get(i));
    }
    settle();
  }

  private void settle() {
    inFlight = List.of();
    timers.cancel("repeat");
    timers.cancel("stalled");
    if (stalled) {
      stalled = false;
      parent.tell(new StudyGateways.Flowing(study));
    }
  }
}
