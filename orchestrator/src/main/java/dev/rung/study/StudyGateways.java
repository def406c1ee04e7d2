package dev.rung.study;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/** One a node: hands every command of a study to the study's gateway on this node. */
public final class StudyGateways extends AbstractBehavior<StudyGateways.Command> {

  /** What it understands. */
  public sealed interface Command {}

  /**
   * A command for a study.
   *
   * @param session the session that it comes from, to which the study answers; null: none
   * @param replyTo told once the command's events are durable
   */
  public record Submit(
      String study,
      StudyCommand command,
      @Nullable ActorRef<ToSession> session,
      ActorRef<ToSession.Answer> replyTo)
      implements Command {
    void answer(StudyReply reply) {
      replyTo.tell(new ToSession.Answer(study, command, reply));
    }
  }

  /** Studies that do not answer on this node, by their ids. */
  public record ListTroubles(ActorRef<List<Trouble>> replyTo) implements Command {}

  /** What a study wanted to write is not in its journal, or the journal does not say so. */
  public record NotWritten(String study, String cause) implements Command {}

  /** A study's batch was not answered for a while. */
  record Stalled(String study) implements Command {}

  /** A study answers again. */
  record Flowing(String study) implements Command {}

  /**
   * A gateway has been idle.
   *
   * @param taken commands that it was ever given
   */
  record Idle(String study, ActorRef<StudyGateway.Command> gateway, long taken)
      implements Command {}

  /** A gateway is gone. */
  private record Ended(String study, ActorRef<StudyGateway.Command> gateway) implements Command {}

  /** Finds a study's entity. */
  @FunctionalInterface
  public interface Entities {
    /** Where a study's batches go. */
    RecipientRef<StudyEntity.Command> of(String study);
  }

  private final Entities entities;
  private final Map<String, Known> gateways = new HashMap<>();
  private final Map<String, Long> stalledSince = new TreeMap<>();
  private final Map<String, String> notWritten = new HashMap<>();

  /** A gateway and how many commands it was given. */
  private static final class Known {
    final ActorRef<StudyGateway.Command> gateway;
    long given;

    Known(ActorRef<StudyGateway.Command> gateway) {
      this.gateway = gateway;
    }
  }

  private StudyGateways(ActorContext<Command> context, Entities entities) {
    super(context);
    this.entities = entities;
  }

  /** The actor. */
  public static Behavior<Command> create(Entities entities) {
    return Behaviors.setup(context -> new StudyGateways(context, entities));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onMessage(Command.class, this::on).build();
  }

  private Behavior<Command> on(Command command) {
    switch (command) {
      case Submit submit -> {
        Known known = known(submit.study());
        known.given++;
        known.gateway.tell(new StudyGateway.Add(submit));
      }
      case ListTroubles(var replyTo) -> replyTo.tell(troubles());
      case NotWritten(String study, String cause) -> notWritten.put(study, cause);
      case Stalled(String study) -> {
        stalledSince.put(study, System.nanoTime());
        getContext()
            .getLog()
            .warn(
                "study {} does not answer{}",
                study,
                notWritten.containsKey(study) ? ": " + notWritten.get(study) : "");
      }
      case Flowing(String study) -> {
        forgetTrouble(study);
        getContext().getLog().info("study {} answers again", study);
      }
      case Idle(String study, var gateway, long taken) -> {
        // With a command on its way to it a gateway stays: a new one could overtake it.
        Known known = gateways.get(study);
        if (known != null && known.gateway.equals(gateway) && known.given == taken) {
          gateways.remove(study);
          gateway.tell(new StudyGateway.Finish());
        }
      }
      case Ended(String study, var gateway) -> {
        Known known = gateways.get(study);
        if (known != null && known.gateway.equals(gateway)) {
          gateways.remove(study);
          forgetTrouble(study);
        }
      }
    }
    return this;
  }

  private void forgetTrouble(String study) {
    stalledSince.remove(study);
    notWritten.remove(study);
  }

  private List<Trouble> troubles() {
    long now = System.nanoTime();
    List<Trouble> troubles = new ArrayList<>();
    stalledSince.forEach((study, since) ->
        troubles.add(
            new Trouble(study, Duration.ofNanos(now - since), notWritten.getOrDefault(study, ""))));
    return troubles;
  }

  private Known known(String study) {
    return gateways.computeIfAbsent(
        study,
        id -> {
          ActorRef<StudyGateway.Command> gateway =
              getContext()
                  .spawnAnonymous(StudyGateway.create(id, entities.of(id), getContext().getSelf()));
          getContext().watchWith(gateway, new Ended(id, gateway));
          return new Known(gateway);
        });
  }
}
