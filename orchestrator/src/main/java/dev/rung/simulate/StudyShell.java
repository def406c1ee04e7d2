package dev.rung.simulate;

import dev.rung.searcher.Searcher;
import dev.rung.study.SearchFeed;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyEffect;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyKernel;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyReply;
import dev.rung.study.StudyState;
import dev.rung.study.StudyView;
import dev.rung.study.Suggesting;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The kernel in a shell without actors: commands one after another, and a searcher that answers
 * when it is told to.
 */
final class StudyShell {
  private final StudyState state = new StudyState();
  private final Function<StudyPlan, Searcher> searchers;
  private final Consumer<StudyEvent> events;

  /** What the searcher has answered and the study has not been told. */
  private final Deque<StudyCommand> answers = new ArrayDeque<>();

  private Searcher searcher;
  private SearchFeed feed;

  /**
   * A study that begins at time 0.
   *
   * @param searchers gives the searcher of a plan
   * @param events told of each event
   */
  StudyShell(StudyPlan plan, Function<StudyPlan, Searcher> searchers, Consumer<StudyEvent> events) {
    this.searchers = searchers;
    this.events = events;
    this.searcher = searchers.apply(plan);
    this.feed = new SearchFeed(state);
  }

  /** The study. */
  StudyView study() {
    return state;
  }

  /** A study's answer, and what is to be done outside. */
  record Answer(StudyReply reply, List<StudyEffect> effects) {}

  /** Sends a command; what the study then asks its searcher waits for {@link #answer}. */
  Answer send(StudyCommand command, long now) {
    StudyKernel.Outcome outcome = StudyKernel.handle(state, command, now);
    outcome.events().forEach(events);
    List<StudyEffect> effects = new ArrayList<>(outcome.effects());
    if (outcome.events().stream().anyMatch(StudyEvent.PlanChanged.class::isInstance)) {
      // As in the live system: the searcher of another plan knows nothing, and is asked once more.
      searcher = searchers.apply(state.plan());
      feed = new SearchFeed(state);
      effects.removeIf(StudyEffect.Ask.class::isInstance);
      effects.addAll(StudyKernel.unfinished(state));
    }
    for (StudyEffect effect : effects) {
      if (effect instanceof StudyEffect.Ask(int trial, long basis)) {
        answers.add(Suggesting.answer(searcher, trial, feed.before(trial, basis)));
      }
    }
    effects.removeIf(StudyEffect.Ask.class::isInstance);
    return new Answer(outcome.reply(), effects);
  }

  /** The searcher's oldest answer that the study still waits for; empty: there is none. */
  Optional<StudyCommand> answer() {
    // A changed plan asks once more for what may have been answered already.
    while (!answers.isEmpty() && !isAwaited(answers.peek())) {
      answers.remove();
    }
    return Optional.ofNullable(answers.poll());
  }

  private boolean isAwaited(StudyCommand answer) {
    return !(answer instanceof StudyCommand.Suggest suggest)
        || state.asked().containsKey(suggest.trial());
  }
}
