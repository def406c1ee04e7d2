package dev.rung.simulation;

import dev.rung.fleet.Dispatcher;
import dev.rung.fleet.SimulatedDispatchers;
import dev.rung.session.SessionSettings;
import dev.rung.session.SimulatedSessions;
import dev.rung.study.CommitCount;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyEntity;
import dev.rung.study.StudyGateways;
import dev.rung.study.ToDispatcher;
import dev.rung.study.ToSession;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** One life of a server: its actors, wired as in a real one. */
final class SimulatedServer {

  private sealed interface Command {}

  private record Open(Wire wire) implements Command {}

  private record Send(String study, StudyCommand command) implements Command {}

  private record HandOff(String study) implements Command {}

  private record Answered(ToSession.Answer answer) implements Command {}

  private record FailOver() implements Command {}

  private record Stop() implements Command {}

  private final Simulation simulation;
  private final int life;
  private final Duration lostAfter;
  private final SessionSettings settings;
  private @Nullable ActorRef<Command> root;
  private boolean up = true;
  private int sessions;
  private int dispatchers;

  // Of the actors.
  private @Nullable ActorRef<StudyGateways.Command> gateways;
  private @Nullable ActorRef<Dispatcher.Command> dispatcher;
  private @Nullable ActorRef<Dispatcher.Command> toDispatcher;

  SimulatedServer(Simulation simulation, int life, Duration lostAfter) {
    this.simulation = simulation;
    this.life = life;
    this.lostAfter = lostAfter;
    this.settings =
        new SessionSettings(
            simulation.style().windowEntries(),
            simulation.style().windowBytes(),
            Duration.ofSeconds(10),
            simulation.style().keepTraining(),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
            "file:///checkpoints/",
            "simulated");
    this.root =
        OneThread.system()
            .systemActorOf(
                Behaviors.setup(this::behavior),
                "server-%d-%d".formatted(simulation.number(), life),
                Props.empty());
  }

  boolean isUp() {
    return up;
  }

  /** Its process is gone: nothing that it does from now on reaches anything. */
  void die() {
    up = false;
    root.tell(new Stop());
  }

  void open(Wire wire) {
    root.tell(new Open(wire));
  }

  /** Somebody sends a command; the answer goes to the simulation. */
  void send(String study, StudyCommand command) {
    root.tell(new Send(study, command));
  }

  /** The dispatcher goes, and another begins that knows nothing. */
  void failOverDispatcher() {
    root.tell(new FailOver());
  }

  /** The study's shard moves. */
  void handOff(String study) {
    root.tell(new HandOff(study));
  }

  SessionSettings settings() {
    return settings;
  }

  private Behavior<Command> behavior(ActorContext<Command> context) {
    Map<String, ActorRef<StudyEntity.Command>> entities = new HashMap<>();
    gateways = context.spawn(StudyGateways.create(entities::get), "study-gateways");
    dispatcher = beginDispatcher(context);
    toDispatcher = context.spawn(unreliable(), "way-to-dispatcher");
    ActorRef<ToDispatcher> fromStudies =
        context.spawn(
            Behaviors.receiveMessage((ToDispatcher message) -> {
              toDispatcher.tell(new Dispatcher.FromStudy(message));
              return Behaviors.same();
            }),
            "to-dispatcher");
    ActorRef<SimulatedShard.Command> shard =
        context.spawn(
            SimulatedShard.create(
                simulation,
                new StudyEntity.Wiring(
                    gateways,
                    fromStudies,
                    context.getSystem().ignoreRef(),
                    lostAfter,
                    lostAfter,
                    lostAfter,
                    simulation.clock(),
                    simulation.timeline()::now,
                    new CommitCount())),
            "shard");
    for (String study : simulation.studies()) {
      entities.put(
          study,
          context.spawn(
              Behaviors.receiveMessage((StudyEntity.Command said) -> {
                Runnable deliver = () -> shard.tell(new SimulatedShard.Deliver(study, said));
                if (!simulation.heldUp().waits(study, deliver)
                    && simulation.messages().arrives(deliver)) {
                  deliver.run();
                }
                return Behaviors.same();
              }),
              "way-to-" + study));
    }
    ActorRef<ToSession.Answer> answers =
        context.messageAdapter(ToSession.Answer.class, Answered::new);
    return Behaviors.receiveMessage((Command command) ->
        switch (command) {
          case Open(Wire wire) -> {
            if (!wire.isCut()) {
              wire.attended(
                  context.spawnAnonymous(
                      SimulatedSessions.create(
                          wire.serverEnd(),
                          settings,
                          gateways,
                          toDispatcher,
                          "session %d of life %d".formatted(++sessions, life),
                          simulation.timeline()::now)));
            }
            yield Behaviors.same();
          }
          case Send(String study, StudyCommand said) -> {
            gateways.tell(new StudyGateways.Submit(study, said, null, answers));
            yield Behaviors.same();
          }
          case HandOff(String study) -> {
            shard.tell(new SimulatedShard.HandOff(study));
            yield Behaviors.same();
          }
          case Answered(ToSession.Answer answer) -> {
            simulation.answered(answer);
            yield Behaviors.same();
          }
          case FailOver over -> {
            context.stop(dispatcher);
            dispatcher = beginDispatcher(context);
            yield Behaviors.same();
          }
          case Stop stop -> Behaviors.stopped();
        });
  }

  private ActorRef<Dispatcher.Command> beginDispatcher(ActorContext<Command> context) {
    return context.spawn(
        SimulatedDispatchers.create(gateways, simulation.timeline()::now),
        "dispatcher-" + ++dispatchers);
  }

  private Behavior<Dispatcher.Command> unreliable() {
    return Behaviors.receiveMessage(message -> {
      if (simulation.messages().arrives(() -> dispatcher.tell(message))) {
        dispatcher.tell(message);
      }
      return Behaviors.same();
    });
  }
}
