package dev.rung.storage;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.rung.study.Commit;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.Done;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;

/** A data folder, its database, and an actor system that journals into it. */
final class TestServer implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  final DataFolder folder;
  final Database database;
  final ActorTestKit kit;

  TestServer(Path path) {
    folder = DataFolder.open(path);
    database = Database.open(folder);
    Config config =
        ConfigFactory.parseString("pekko.loglevel = WARNING, pekko.log-dead-letters = off")
            .withFallback(ConfigFactory.parseResources("storage.conf"))
            .withFallback(ConfigFactory.load("no-application"));
    kit =
        ActorTestKit.create(
            ActorSystem.create(
                Behaviors.empty(),
                "storage",
                BootstrapSetup.create(config.resolve()).and(database.setup())));
  }

  /** Journals events of a study as one commit and waits until they are durable. */
  void persist(String study, List<StudyEvent> events) {
    ActorRef<Command> entity = kit.spawn(Journalist.create(study));
    ask(entity, events);
    kit.stop(entity, PATIENCE);
  }

  /** The state that a new actor recovers. */
  StudyState recover(String study) {
    ActorRef<Command> entity = kit.spawn(Journalist.create(study));
    StudyState state =
        AskPattern.<Command, StudyState>ask(
                entity, Command.Get::new, PATIENCE, kit.system().scheduler())
            .toCompletableFuture()
            .join();
    kit.stop(entity, PATIENCE);
    return state;
  }

  private void ask(ActorRef<Command> entity, List<StudyEvent> events) {
    AskPattern.<Command, Done>ask(
            entity,
            replyTo -> new Command.Persist(events, replyTo),
            PATIENCE,
            kit.system().scheduler())
        .toCompletableFuture()
        .join();
  }

  @Override
  public void close() {
    kit.shutdownTestKit();
    database.close();
    folder.close();
  }

  /** What {@link Journalist} understands. */
  sealed interface Command {
    record Persist(List<StudyEvent> events, ActorRef<Done> replyTo) implements Command {}

    record Get(ActorRef<StudyState> replyTo) implements Command {}
  }

  /** Persists what it is told, and a snapshot after every 5 commits. */
  static final class Journalist extends EventSourcedBehavior<Command, Commit, StudyState> {
    private Journalist(String study) {
      super(PersistenceId.of("study", study));
    }

    static Behavior<Command> create(String study) {
      return new Journalist(study);
    }

    @Override
    public StudyState emptyState() {
      return new StudyState();
    }

    @Override
    public CommandHandler<Command, Commit, StudyState> commandHandler() {
      return (state, command) ->
          switch (command) {
            case Command.Persist(var events, var replyTo) ->
                Effect().persist(Commit.of(events)).thenReply(replyTo, s -> Done.getInstance());
            case Command.Get(var replyTo) -> Effect().reply(replyTo, state);
          };
    }

    @Override
    public EventHandler<StudyState, Commit> eventHandler() {
      return StudyState::evolve;
    }

    @Override
    public boolean shouldSnapshot(StudyState state, Commit commit, long sequenceNr) {
      return sequenceNr % 5 == 0;
    }
  }
}
