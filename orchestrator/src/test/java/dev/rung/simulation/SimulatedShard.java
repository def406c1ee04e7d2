package dev.rung.simulation;

import dev.rung.study.SimulatedStudies;
import dev.rung.study.StudyEntity;
import dev.rung.study.StudyEntity.Batch;
import dev.rung.study.StudyEntity.BatchReply;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.jspecify.annotations.Nullable;

/**
 * The shard of all studies: starts a study's actor when it is spoken to, again when it failed, and
 * with the server those that were not passivated. As Pekko's does with remembered entities.
 */
final class SimulatedShard extends AbstractBehavior<SimulatedShard.Command> {
  private static final Duration BACK_OFF = Duration.ofSeconds(1);

  sealed interface Command {}

  /** Something for a study. */
  record Deliver(String study, StudyEntity.Command command) implements Command {}

  /** The shard moves: the study's actor leaves and comes back. */
  record HandOff(String study) implements Command {}

  private record Stopped(String study) implements Command {}

  private record StartAgain(String study) implements Command {}

  private record FromEntity(ClusterSharding.ShardCommand command) implements Command {}

  /** A study's actor, and what waits until it has left. */
  private static final class Entity {
    final ActorRef<StudyEntity.Command> actor;
    final Deque<StudyEntity.Command> waiting = new ArrayDeque<>();
    boolean leaves;
    boolean comesBack;

    Entity(ActorRef<StudyEntity.Command> actor) {
      this.actor = actor;
    }
  }

  private final Simulation simulation;
  private final StudyEntity.Wiring wiring;
  private final TimerScheduler<Command> timers;
  private final ActorRef<ClusterSharding.ShardCommand> self;
  private int begun;
  private final Map<String, Entity> entities = new HashMap<>();
  private final Map<ActorRef<BatchReply>, ActorRef<BatchReply>> answers = new HashMap<>();

  private SimulatedShard(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      Simulation simulation,
      StudyEntity.Wiring wiring) {
    super(context);
    this.simulation = simulation;
    this.wiring = wiring;
    this.timers = timers;
    this.self = context.messageAdapter(ClusterSharding.ShardCommand.class, FromEntity::new);
    List.copyOf(simulation.remembered()).forEach(this::entity);
  }

  static Behavior<Command> create(Simulation simulation, StudyEntity.Wiring wiring) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> new SimulatedShard(context, timers, simulation, wiring)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onMessage(Command.class, this::on).build();
  }

  private Behavior<Command> on(Command command) {
    switch (command) {
      case Deliver(String study, StudyEntity.Command said) -> {
        Entity entity = entity(study);
        if (entity.leaves) {
          entity.waiting.add(said);
        } else {
          deliver(entity, said);
        }
      }
      case FromEntity(var said) -> passivate(said);
      case HandOff(String study) -> {
        Entity entity = entities.get(study);
        if (entity != null && !entity.leaves) {
          entity.leaves = true;
          entity.comesBack = true;
          entity.actor.tell(new StudyEntity.Leave());
        }
      }
      case StartAgain(String study) -> entity(study);
      case Stopped(String study) -> stopped(study);
    }
    return this;
  }

  private Entity entity(String study) {
    return entities.computeIfAbsent(
        study,
        id -> {
          simulation.reach(Failpoint.STUDY_STARTING);
          simulation.remembered().add(id);
          ActorRef<StudyEntity.Command> actor =
              getContext()
                  .spawn(
                      SimulatedStudies.entity(
                          id, self, wiring, simulation.style().leastEventsBetweenSnapshots()),
                      id + "-" + ++begun);
          getContext().watchWith(actor, new Stopped(id));
          return new Entity(actor);
        });
  }

  private void deliver(Entity entity, StudyEntity.Command said) {
    if (said instanceof Batch(long number, var items, var replyTo)) {
      simulation.reach(Failpoint.BEFORE_BATCH_DELIVERED);
      items.forEach(item -> simulation.delivered(item.command()));
      entity.actor.tell(new Batch(number, items, answers.computeIfAbsent(replyTo, this::forward)));
    } else {
      entity.actor.tell(said);
    }
  }

  /** The way back to a gateway. */
  private ActorRef<BatchReply> forward(ActorRef<BatchReply> gateway) {
    return getContext()
        .spawnAnonymous(
            Behaviors.receiveMessage((BatchReply done) -> {
              if (simulation.messages().arrives(() -> gateway.tell(done))) {
                gateway.tell(done);
              }
              simulation.reach(Failpoint.AFTER_BATCH_ANSWERED);
              return Behaviors.same();
            }));
  }

  private void passivate(ClusterSharding.ShardCommand said) {
    if (!(said instanceof ClusterSharding.Passivate<?> passivate)) {
      throw new IllegalStateException("expected to know what an entity says: " + said);
    }
    for (Entity entity : entities.values()) {
      if (entity.actor.equals(passivate.entity()) && !entity.leaves) {
        simulation.reach(Failpoint.STUDY_LEAVING);
        entity.leaves = true;
        entity.actor.tell(new StudyEntity.Leave());
      }
    }
  }

  private void stopped(String study) {
    @Nullable Entity gone = entities.remove(study);
    if (gone == null) {
      return;
    }
    if (!gone.leaves) {
      timers.startSingleTimer("again " + study, new StartAgain(study), BACK_OFF);
    } else if (gone.waiting.isEmpty() && !gone.comesBack) {
      simulation.remembered().remove(study);
    } else {
      Entity again = entity(study);
      gone.waiting.forEach(said -> deliver(again, said));
    }
  }
}
