package dev.rung.session;

import dev.rung.proto.v1.SearcherHello;
import dev.rung.proto.v1.SearcherMessage;
import dev.rung.proto.v1.StudyMessage;
import dev.rung.proto.v1.Suggestion;
import dev.rung.proto.v1.SuggestionRefused;
import dev.rung.space.Value;
import dev.rung.study.ExternalSearcher;
import dev.rung.study.ExternalSearcher.ToProgram;
import dev.rung.study.StudyEntity;
import dev.rung.study.StudyGateways;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * One stream of one program that proposes a study's assignments. What the study shows is taken page
 * by page as the stream takes it, and the program's messages as the study answers them, so neither
 * piles up.
 */
final class SearcherSession extends AbstractBehavior<SearcherSession.Command> {
  /** Wrong answers one after another that end the stream. */
  static final int MOST_WRONG = 16;

  /** How long a study may take to answer: one that was not in memory reads its journal first. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final Duration LOOK = Duration.ofSeconds(2);

  /** What a session understands. */
  sealed interface Command {}

  /** The program said something. */
  record FromProgram(SearcherMessage message) implements Command {}

  /** The program's half of the stream ended. */
  record ProgramGone(String how) implements Command {}

  /** The stream takes more. */
  record Writable() implements Command {}

  /** Ends the session, since the server goes away. */
  record Leave() implements Command {}

  private record Found(String study) implements Command {}

  private record NotFound(Status status) implements Command {}

  private record FromStudy(ToProgram message) implements Command {}

  private record SearcherGone() implements Command {}

  private record Unanswered() implements Command {}

  private record Look() implements Command {}

  private final PeerStream<StudyMessage> stream;
  private final String software;
  private final StudyFinder finder;
  private final StudyGateways.Entities entities;
  private final TimerScheduler<Command> timers;
  private final ActorRef<ToProgram> fromStudy;
  private boolean greeted;
  private ExternalSearcher.@Nullable Welcome welcome;

  /** What waits for the stream to take more; null: the next page was asked for. */
  private ExternalSearcher.@Nullable Page page;

  private long pages;
  private int wrong;
  private int owed;

  private SearcherSession(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      PeerStream<StudyMessage> stream,
      String software,
      StudyFinder finder,
      StudyGateways.Entities entities) {
    super(context);
    this.stream = stream;
    this.software = software;
    this.finder = finder;
    this.entities = entities;
    this.timers = timers;
    this.fromStudy = context.messageAdapter(ToProgram.class, FromStudy::new);
  }

  static Behavior<Command> create(
      PeerStream<StudyMessage> stream,
      String software,
      StudyFinder finder,
      StudyGateways.Entities entities) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(
            timers -> new SearcherSession(context, timers, stream, software, finder, entities)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Command.class, this::on)
        .onSignal(PostStop.class, signal -> stopped())
        .build();
  }

  private Behavior<Command> on(Command command) {
    try {
      return switch (command) {
        case FromProgram(SearcherMessage message) -> hear(message);
        case ProgramGone(String how) -> {
          getContext().getLog().info("the searcher of study {} left: {}", study(), how);
          stream.close(Status.OK);
          yield Behaviors.stopped();
        }
        case Writable writable -> flush();
        case Leave leave -> close(Status.UNAVAILABLE, "the server is going away");
        case Found(String study) -> {
          entities.of(study).tell(new StudyEntity.Dial(fromStudy));
          timers.startSingleTimer("unanswered", new Unanswered(), PATIENCE);
          yield this;
        }
        case NotFound(Status status) -> close(status);
        case FromStudy(ToProgram message) -> hear(message);
        case SearcherGone gone -> close(Status.UNAVAILABLE, "the study moved or met a fault");
        case Unanswered unanswered ->
            close(Status.UNAVAILABLE, "the study did not answer in time; dial again");
        case Look look -> {
          if (page == null) {
            askForMore();
          }
          yield this;
        }
      };
    } catch (ProtocolException e) {
      return close(e.status());
    }
  }

  private Behavior<Command> hear(SearcherMessage message) {
    switch (message.getMCase()) {
      case HELLO -> greet(message.getHello());
      case SUGGESTION -> propose(message.getSuggestion());
      case M_NOT_SET -> throw new ProtocolException("expected a message, but came an empty one");
    }
    return flush();
  }

  private void greet(SearcherHello hello) {
    if (greeted) {
      throw new ProtocolException("expected one SearcherHello, but came a second");
    }
    SuggestionReader.check(hello);
    greeted = true;
    stream.request();
    getContext()
        .pipeToSelf(
            finder.find(hello.getStudy()),
            (study, failure) ->
                failure == null ? new Found(study) : new NotFound(Status.fromThrowable(failure)));
  }

  private void propose(Suggestion suggestion) {
    if (welcome == null) {
      throw new ProtocolException(
          greeted
              ? "expected a suggestion after SearcherWelcome, but it came before"
              : "expected SearcherHello first, but came a suggestion");
    }
    int trial;
    Map<String, Value> values;
    try {
      trial = SuggestionReader.trial(suggestion);
      values = SuggestionReader.values(suggestion);
    } catch (IllegalArgumentException e) {
      refuse(suggestion.getTrial(), String.valueOf(e.getMessage()), true, true);
      return;
    }
    welcome
        .searcher()
        .tell(
            suggestion.hasNoneLeft()
                ? new ExternalSearcher.NoneLeft(fromStudy, trial)
                : new ExternalSearcher.Proposed(fromStudy, trial, values));
  }

  private Behavior<Command> hear(ToProgram message) {
    switch (message) {
      case ExternalSearcher.Welcome came -> {
        welcome = came;
        timers.cancel("unanswered");
        timers.startTimerWithFixedDelay("look", new Look(), LOOK);
        getContext().watchWith(came.searcher(), new SearcherGone());
        getContext().getLog().info("a searcher of study {} dialled in", study());
        stream.send(SearchWriter.welcome(came, software));
      }
      case ExternalSearcher.Denied(boolean exists, String reason) -> {
        return close(exists ? Status.FAILED_PRECONDITION : Status.NOT_FOUND, reason);
      }
      case ExternalSearcher.Page came -> {
        if (came.number() == pages + 1 && page == null) {
          page = came;
        }
      }
      case ExternalSearcher.Taken taken -> {
        wrong = 0;
        owed++;
      }
      case ExternalSearcher.Refused r -> refuse(r.trial(), r.reason(), r.isOpen(), r.isWrong());
      case ExternalSearcher.Superseded superseded -> {
        return close(Status.ABORTED, "a newer searcher of study %s took over".formatted(study()));
      }
    }
    return flush();
  }

  private void refuse(long trial, String reason, boolean isOpen, boolean isWrong) {
    owed++;
    stream.send(
        StudyMessage.newBuilder()
            .setRefused(
                SuggestionRefused.newBuilder()
                    .setTrial(trial)
                    .setReason(SuggestionReader.cut(reason))
                    .setOpen(isOpen))
            .build());
    wrong = isWrong ? wrong + 1 : wrong;
    if (wrong >= MOST_WRONG) {
      throw new ProtocolException(
          "expected suggestions of the space, but %d one after another were wrong, the last: %s"
              .formatted(wrong, ProtocolException.cut(reason)));
    }
  }

  /** Goes on as far as the stream takes it: a program that does not read is heard no more. */
  private Behavior<Command> flush() {
    while (owed > 0 && stream.isReady()) {
      owed--;
      stream.request();
    }
    if (page == null || !stream.isReady()) {
      return this;
    }
    SearchWriter.page(welcome().plan(), page).forEach(stream::send);
    pages = page.number();
    if (page.over().isPresent()) {
      return close(Status.OK);
    }
    page = null;
    askForMore();
    return this;
  }

  private void askForMore() {
    welcome().searcher().tell(new ExternalSearcher.Ready(fromStudy, pages));
  }

  private ExternalSearcher.Welcome welcome() {
    if (welcome == null) {
      throw new IllegalStateException("expected a study's welcome first");
    }
    return welcome;
  }

  private Behavior<Command> close(Status status, String reason) {
    return close(status.withDescription(reason));
  }

  private Behavior<Command> close(Status status) {
    getContext()
        .getLog()
        .info(
            "the session of the searcher of study {} ends: {} {}",
            study(),
            status.getCode(),
            status.getDescription());
    stream.close(status);
    return Behaviors.stopped();
  }

  /** However the session ended: a stream that nobody reads would keep its program waiting. */
  private Behavior<Command> stopped() {
    stream.close(Status.UNAVAILABLE.withDescription("the session ended"));
    return this;
  }

  private String study() {
    return welcome == null ? "(unknown)" : welcome.study();
  }
}
