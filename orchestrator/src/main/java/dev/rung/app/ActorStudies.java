package dev.rung.app;

import dev.rung.api.Health;
import dev.rung.fleet.Dispatcher;
import dev.rung.fleet.Fleet;
import dev.rung.fleet.Prospect;
import dev.rung.fleet.RatedNode;
import dev.rung.fleet.SlotCount;
import dev.rung.study.Studies;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyEntity;
import dev.rung.study.StudyGateways;
import dev.rung.study.StudyReply;
import dev.rung.study.StudySummary;
import dev.rung.study.ToSession;
import dev.rung.study.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** Reaches studies and the fleet through their actors. */
record ActorStudies(
    ActorSystem<?> system,
    ActorRef<StudyGateways.Command> gateways,
    StudyGateways.Entities entities,
    ActorRef<Dispatcher.Command> dispatcher)
    implements Studies, Fleet, Health {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  @Override
  public CompletionStage<StudyReply> send(String study, StudyCommand command) {
    return AskPattern.<StudyGateways.Command, ToSession.Answer>ask(
            gateways,
            replyTo -> new StudyGateways.Submit(study, command, null, replyTo),
            TIMEOUT,
            system.scheduler())
        .thenApply(ToSession.Answer::reply);
  }

  @Override
  public CompletionStage<StudySummary> show(String study) {
    return AskPattern.<StudyEntity.Command, Optional<StudySummary>>ask(
            entities.of(study), StudyEntity.Show::new, TIMEOUT, system.scheduler())
        .thenApply(summary ->
            summary.orElseThrow(() -> new NoSuchElementException("there is no study " + study)));
  }

  @Override
  public CompletionStage<List<Trouble>> troubles() {
    return AskPattern.ask(gateways, StudyGateways.ListTroubles::new, TIMEOUT, system.scheduler());
  }

  @Override
  public CompletionStage<List<RatedNode>> nodes() {
    return AskPattern.ask(dispatcher, Dispatcher.ListNodes::new, TIMEOUT, system.scheduler());
  }

  @Override
  public CompletionStage<List<SlotCount>> slots() {
    return AskPattern.ask(dispatcher, Dispatcher.CountSlots::new, TIMEOUT, system.scheduler());
  }

  @Override
  public CompletionStage<Prospect> prospect(String study) {
    return AskPattern.ask(
        dispatcher, replyTo -> new Dispatcher.LookAt(study, replyTo), TIMEOUT, system.scheduler());
  }

  @Override
  public CompletionStage<Boolean> drain(String node, String reason, Optional<Duration> deadline) {
    return AskPattern.ask(
        dispatcher,
        replyTo -> new Dispatcher.Drain(node, reason, deadline, replyTo),
        TIMEOUT,
        system.scheduler());
  }
}
