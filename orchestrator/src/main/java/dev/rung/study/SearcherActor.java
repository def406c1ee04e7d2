package dev.rung.study;

import dev.rung.searcher.Observation;
import dev.rung.searcher.Observation.Begun;
import dev.rung.searcher.Searcher;
import dev.rung.space.Assignment;
import java.util.List;
import java.util.Optional;
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
                    study, answer(searcher, ask), null, context.getSystem().ignoreRef()));
            yield Behaviors.same();
          }
        });
  }

  /** What comes next is computed knowing the answer, which need not have come back by then. */
  static StudyCommand answer(Searcher searcher, Suggest ask) {
    ask.news().forEach(searcher::observe);
    return answer(searcher, ask.trial(), searcher.name());
  }

  /**
   * The answer of a searcher that knows what it is to know.
   *
   * @param source that it is recorded with
   */
  static StudyCommand answer(Searcher searcher, int trial, String source) {
    Optional<Assignment> found = searcher.suggest(trial);
    if (found.isEmpty()) {
      return new StudyCommand.Exhaust(trial);
    }
    searcher.observe(new Begun(trial, found.get()));
    return new StudyCommand.Suggest(trial, found.get(), source);
  }
}
