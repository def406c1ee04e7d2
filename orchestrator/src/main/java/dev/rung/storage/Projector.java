package dev.rung.storage;

import java.time.Duration;
import java.util.Objects;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Keeps the tables up with one study's journal: woken by hints, and by a tick in case one was lost.
 * With the tick it also deletes snapshots that newer ones replace. It blocks on the database, so it
 * runs on a dispatcher for that.
 */
final class Projector extends AbstractBehavior<Projector.Command> {
  /** Hints that come within this time are one transaction. */
  private static final Duration GATHER = Duration.ofMillis(50);

  /**
   * From the start of one transaction to the next while hints come: rows that grow, as curves do,
   * are written less often. Readers that wait for an event wait no longer than this for it, unless
   * the study is so busy that a transaction takes longer.
   */
  private static final Duration BUSY = Duration.ofMillis(200);

  /**
   * While hints come the projector rests this many times as long as its last transaction took:
   * decisions and acknowledgements have the cores first.
   */
  private static final int REST = 3;

  private static final Duration TICK = Duration.ofSeconds(5);

  /** 60 s without an event. */
  private static final int IDLE_TICKS = 12;

  private final Projection projection;
  private final int batch;
  private final String study;
  private final ActorRef<Projectors.Command> parent;
  private final TimerScheduler<Command> timers;
  private int idleTicks;
  private boolean moved;
  private String trouble = "";

  /** When the next transaction may begin while hints come; on the monotonic clock. */
  private long rested = System.nanoTime();

  private Projector(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Database database,
      String study,
      ActorRef<Projectors.Command> parent,
      int batch) {
    super(context);
    this.projection = new Projection(database, study, batch);
    this.batch = batch;
    this.study = study;
    this.parent = parent;
    this.timers = timers;
    timers.startTimerWithFixedDelay(Command.TICK, TICK);
  }

  /** What it understands. */
  enum Command {
    /** The study has new events. */
    HINT,
    /** Hints were gathered long enough. */
    RUN,
    /** There was more than one transaction takes. */
    MORE,
    /** In case that a hint was lost. */
    TICK,
    /** Runs once more and stops. */
    FINISH
  }

  static Behavior<Command> create(
      Database database, String study, ActorRef<Projectors.Command> parent) {
    return create(database, study, parent, Projection.BATCH);
  }

  /** One whose transactions end after so many events. */
  static Behavior<Command> create(
      Database database, String study, ActorRef<Projectors.Command> parent, int batch) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(
            timers -> new Projector(context, timers, database, study, parent, batch)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::receive).build();
  }

  private Behavior<Command> receive(Command command) {
    switch (command) {
      case HINT -> {
        if (!timers.isTimerActive(Command.RUN)) {
          timers.startSingleTimer(Command.RUN, untilNextRun());
        }
      }
      case RUN -> run();
      case MORE -> {
        // With hints before it the next run has its time.
        if (!timers.isTimerActive(Command.RUN)) {
          run();
        }
      }
      case TICK -> {
        idleTicks++;
        run();
        deleteOldSnapshots();
        if (idleTicks >= IDLE_TICKS) {
          parent.tell(new Projectors.Idle(study, getContext().getSelf()));
        }
      }
      case FINISH -> {
        if (!run()) {
          parent.tell(new Projectors.Hint(study));
        }
        return Behaviors.stopped();
      }
    }
    return this;
  }

  private Duration untilNextRun() {
    Duration rest = Duration.ofNanos(rested - System.nanoTime());
    return rest.compareTo(GATHER) < 0 ? GATHER : rest;
  }

  /** Where there were events there may be a new snapshot. */
  private void deleteOldSnapshots() {
    if (!moved) {
      return;
    }
    try {
      projection.deleteOldSnapshots();
      moved = false;
    } catch (StorageException e) {
      // The next tick tries again; a snapshot too many does no harm.
      getContext().getLog().debug("Old snapshots of study {} stay: {}", study, e.getMessage());
    }
  }

  /** Projects a batch; whether the tables are up with the journal then. */
  private boolean run() {
    long begin = System.nanoTime();
    try {
      int events = projection.advance();
      trouble = "";
      if (events > 0) {
        idleTicks = 0;
        moved = true;
      }
      if (events >= batch) {
        getContext().getSelf().tell(Command.MORE);
        return false;
      }
      return true;
    } catch (StorageException e) {
      // The next tick tries again.
      if (!Objects.equals(trouble, e.getMessage())) {
        trouble = String.valueOf(e.getMessage());
        getContext().getLog().warn("The read side of study {} is behind: {}", study, trouble);
      }
      return false;
    } finally {
      long end = System.nanoTime();
      rested = Math.max(begin + BUSY.toNanos(), end + REST * (end - begin));
    }
  }
}
