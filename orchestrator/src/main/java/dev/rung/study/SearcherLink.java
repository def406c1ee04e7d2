package dev.rung.study;

import dev.rung.searcher.External;
import dev.rung.searcher.Observation;
import dev.rung.searcher.Searcher;
import dev.rung.study.ExternalSearcher.ToProgram;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.jspecify.annotations.Nullable;

/**
 * A study's way to its searcher, which is made when it is first needed and again after it failed.
 * In memory only.
 */
final class SearcherLink {
  /** Observations that a program is told at a time: even of large spaces less than 1 MiB. */
  private static final int PAGE = 128;

  /** A model takes milliseconds of a core for an answer. */
  private static final Props OFF_THE_STUDY = DispatcherSelector.blocking();

  /**
   * The searcher and what it has been told.
   *
   * @param external the same searcher, where a program outside proposes
   */
  private record Link(
      ActorRef<SearcherActor.Suggest> searcher,
      @Nullable ActorRef<ExternalSearcher.Command> external,
      SearchFeed feed) {}

  /** A program's session and what it has been told. */
  private record Program(ActorRef<ToProgram> session, SearchFeed feed) {}

  private final String study;
  private final ActorContext<StudyEntity.Command> context;
  private final StudyEntity.Wiring wiring;
  private @Nullable Link link;
  private @Nullable Program program;

  SearcherLink(String study, ActorContext<StudyEntity.Command> context, StudyEntity.Wiring wiring) {
    this.study = study;
    this.context = context;
    this.wiring = wiring;
  }

  /** Forgets all, as after a recovery. */
  void clear() {
    link = null;
    program = null;
  }

  /** Ends the searcher; a program's session ends with it, and the program dials again. */
  void stop() {
    if (link != null) {
      context.unwatch(link.searcher());
      context.stop(link.searcher());
    }
    clear();
  }

  /** Whether there is a searcher. */
  boolean isMade() {
    return link != null;
  }

  /** Whether a program is connected. */
  boolean hasProgram() {
    return program != null;
  }

  void ask(StudyState state, StudyEffect.Ask ask) {
    Link to = link == null ? make(state) : link;
    List<Observation> news = to.feed().before(ask.trial(), ask.basis());
    to.searcher().tell(new SearcherActor.Suggest(ask.trial(), news));
  }

  /** A program's session came; it is told everything from the start. */
  void dial(StudyState state, ActorRef<ToProgram> session) {
    if (state.status() == StudyStatus.EMPTY) {
      session.tell(new ExternalSearcher.Denied(false, "there is no such study"));
      return;
    }
    if (!state.plan().isSearchedOutside()) {
      session.tell(
          new ExternalSearcher.Denied(
              true,
              "expected a study with search: external, but the search of study %s is %s"
                  .formatted(study, state.plan().algorithm().search())));
      return;
    }
    if (link == null) {
      link = make(state);
      state.asked().forEach((trial, basis) -> ask(state, new StudyEffect.Ask(trial, basis)));
    }
    if (link.external() != null) {
      context.watch(session);
      program = new Program(session, new SearchFeed(state));
      link.external().tell(new ExternalSearcher.Dialled(session));
    }
  }

  /** Tells the program the next part of what it does not know. Each question is answered. */
  void tellProgram(StudyState state) {
    if (link == null || link.external() == null) {
      return;
    }
    if (program == null) {
      // It left meanwhile. The searcher asks for the next one once this question is answered.
      link.external().tell(new ExternalSearcher.Shown(List.of(), false, Optional.empty()));
      return;
    }
    List<Observation> news = program.feed().next(PAGE);
    Optional<String> over =
        state.status() == StudyStatus.ENDED ? Optional.of(state.reason()) : Optional.empty();
    link.external().tell(new ExternalSearcher.Shown(news, news.size() < PAGE, over));
  }

  /** Something has happened that a program may want to know. */
  void stir() {
    if (program != null && link != null && link.external() != null) {
      link.external().tell(new ExternalSearcher.Stirred());
    }
  }

  /** Whether what ended was the searcher; what it owes is to be asked again. */
  boolean ended(ActorRef<?> ended) {
    if (program != null && ended.equals(program.session())) {
      program = null;
    }
    if (link == null || !ended.equals(link.searcher())) {
      return false;
    }
    clear();
    return true;
  }

  /** Whether the study stands still until a program dials in. */
  boolean waitsForProgram(StudyState state) {
    return state.status() == StudyStatus.RUNNING
        && state.plan().isSearchedOutside()
        && !state.asked().isEmpty()
        && program == null;
  }

  private Link make(StudyState state) {
    Searcher searcher = state.plan().searcher();
    Link made =
        searcher instanceof External external
            ? external(state, external)
            : new Link(
                context
                    .spawnAnonymous(
                        SearcherActor.create(study, searcher, wiring.gateways()), OFF_THE_STUDY)
                    .narrow(),
                null,
                new SearchFeed(state));
    context.watch(made.searcher());
    link = made;
    return made;
  }

  private Link external(StudyState state, External external) {
    ActorRef<ExternalSearcher.Command> searcher =
        context.spawnAnonymous(
            ExternalSearcher.create(study, state.plan(), external, context.getSelf(), wiring),
            OFF_THE_STUDY);
    return new Link(searcher.narrow(), searcher, new SearchFeed(state));
  }
}
