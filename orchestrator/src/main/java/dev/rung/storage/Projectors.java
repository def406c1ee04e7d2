package dev.rung.storage;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/**
 * One {@link Projector} for each study that has new events; at start for each of which the journal
 * is ahead of the tables.
 */
public final class Projectors extends AbstractBehavior<Projectors.Command> {
  private static final DispatcherSelector BLOCKING =
      DispatcherSelector.fromConfig("rung.blocking-dispatcher");
  private static final SupervisorStrategy RESTART =
      SupervisorStrategy.restartWithBackoff(Duration.ofSeconds(1), Duration.ofSeconds(30), 0.2);

  private final Database database;
  private final Map<String, ActorRef<Projector.Command>> projectors = new HashMap<>();

  private Projectors(ActorContext<Command> context, Database database) {
    super(context);
    this.database = database;
    context.spawn(
        Behaviors.supervise(catchUp(database, context.getSelf()))
            .onFailure(StorageException.class, RESTART),
        "catch-up",
        BLOCKING);
  }

  /** What the projectors understand. */
  public sealed interface Command {}

  /** A study has new events. */
  public record Hint(String study) implements Command {}

  /** A projector had nothing to do for long. */
  record Idle(String study, ActorRef<Projector.Command> projector) implements Command {}

  /** The projectors of a database that is open. */
  public static Behavior<Command> create(Database database) {
    return Behaviors.setup(context -> new Projectors(context, database));
  }

  private static Behavior<Void> catchUp(Database database, ActorRef<Command> parent) {
    return Behaviors.setup(context -> {
      database.transaction(Journal::behind).forEach(study -> parent.tell(new Hint(study)));
      return Behaviors.stopped();
    });
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onAnyMessage(this::receive).build();
  }

  private Behavior<Command> receive(Command command) {
    switch (command) {
      case Hint(String study) ->
          projectors.computeIfAbsent(study, this::start).tell(Projector.Command.HINT);
      case Idle(String study, ActorRef<Projector.Command> projector) -> {
        // It runs once more after all hints that it was given; later hints start another.
        if (projectors.remove(study, projector)) {
          projector.tell(Projector.Command.FINISH);
        }
      }
    }
    return this;
  }

  private ActorRef<Projector.Command> start(String study) {
    return getContext()
        .spawnAnonymous(
            Behaviors.supervise(Projector.create(database, study, getContext().getSelf()))
                .onFailure(RESTART),
            BLOCKING);
  }
}
