package dev.rung.study;

import dev.rung.searcher.Observation;
import dev.rung.searcher.Searcher;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A study's searcher, off its decision path. */
public final class SearcherActor {

  /** What a searcher's actor understands. */
  public sealed interface Command {}

  /**
   * Propose an assignment for a trial; the answer goes to the study as a command.
   *
   * @param news what is to be known before, beyond what was told with earlier asks
   */
  public record Suggest(int trial, List<Observation> news)
      implements Command, ExternalSearcher.Command {
    /** Copies the news. */
    public Suggest {
      news = List.copyOf(news);
    }
  }

  private SearcherActor() {}

  static Behavior<Command> create(
      String study, Searcher searcher, ActorRef<StudyGateways.Command> gateways) {
    return Behaviors.receive((context, command) ->
        switch (command) {
          case Suggest ask -> {
            gateways.tell(
                new StudyGateways.Submit(
                    study,
                    Suggesting.answer(searcher, ask.trial(), ask.news()),
                    null,
                    context.getSystem().ignoreRef()));
            yield Behaviors.same();
          }
        });
  }
}
