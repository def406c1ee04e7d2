package dev.rung.study;

import dev.rung.searcher.Searcher;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A study's searcher, off its decision path. */
public final class SearcherActor {

  /** What a searcher's actor understands. */
  public sealed interface Command {}

  /** Propose an assignment for a trial; the answer goes to the study as a command. */
  public record Suggest(int trial) implements Command {}

  private SearcherActor() {}

  static Behavior<Command> create(
      String study, Searcher searcher, ActorRef<StudyGateways.Command> gateways) {
    return Behaviors.receive((context, command) ->
        switch (command) {
          case Suggest(int trial) -> {
            StudyCommand answer =
                new StudyCommand.Suggest(
                    trial, searcher.suggest(trial).orElseThrow(), searcher.name());
            gateways.tell(
                new StudyGateways.Submit(study, answer, null, context.getSystem().ignoreRef()));
            yield Behaviors.same();
          }
        });
  }
}
