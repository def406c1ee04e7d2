package dev.rung.study;

import dev.rung.searcher.External;
import dev.rung.searcher.Observation;
import dev.rung.searcher.Observation.Begun;
import dev.rung.space.Assignment;
import dev.rung.space.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * The searcher of a study whose assignments a program outside proposes. The program's session, on
 * whatever server it is, takes what the study shows page by page, so that nothing piles up here for
 * a program that is slow.
 */
public final class ExternalSearcher extends AbstractBehavior<ExternalSearcher.Command> {
  private static final String SILENCE = "silence";

  /** What it understands. */
  public sealed interface Command
      permits SearcherActor.Suggest,
          Dialled,
          Shown,
          Stirred,
          Ready,
          Proposed,
          NoneLeft,
          Silent,
          Gone {}

  /** A program came, which is to be told everything from the start. */
  record Dialled(ActorRef<ToProgram> session) implements Command {}

  /**
   * What the study has shown since it was asked last.
   *
   * @param isAll whether there is no more now
   * @param over why the study has ended; empty: it has not
   */
  record Shown(List<Observation> news, boolean isAll, Optional<String> over) implements Command {
    Shown {
      news = List.copyOf(news);
    }
  }

  /** The study may have shown something. */
  record Stirred() implements Command {}

  /** A session has passed on everything up to a page, and takes the next. It may say so again. */
  public record Ready(ActorRef<ToProgram> session, long page) implements Command {}

  /** A program's proposal for a trial: its values by name. */
  public record Proposed(ActorRef<ToProgram> session, int trial, Map<String, Value> values)
      implements Command {
    /** Copies the values. */
    public Proposed {
      values = Map.copyOf(values);
    }
  }

  /** A program has no assignment for a trial, and none for later ones. */
  public record NoneLeft(ActorRef<ToProgram> session, int trial) implements Command {}

  private record Silent() implements Command {}

  private record Gone(ActorRef<ToProgram> session) implements Command {}

  /** What a program's session is told. */
  public sealed interface ToProgram {}

  /** The study as the program is to search it. Pages follow, from 1. */
  public record Welcome(ActorRef<Command> searcher, String study, StudyPlan plan)
      implements ToProgram {}

  /** There is no such study, or it is searched in another way. */
  public record Denied(boolean exists, String reason) implements ToProgram {}

  /**
   * The next part of what the program is told.
   *
   * @param asks trials that suggestions are asked for
   * @param over why the study has ended; empty: it has not
   */
  public record Page(
      long number, List<Observation> observations, List<Integer> asks, Optional<String> over)
      implements ToProgram {
    /** Copies the lists. */
    public Page {
      observations = List.copyOf(observations);
      asks = List.copyOf(asks);
    }
  }

  /** An answer was taken. */
  public record Taken(int trial) implements ToProgram {}

  /**
   * An answer was not taken.
   *
   * @param isOpen whether the trial's ask is open still
   * @param isWrong whether the program is to blame
   */
  public record Refused(int trial, String reason, boolean isOpen, boolean isWrong)
      implements ToProgram {}

  /** A newer session of the study took over. */
  public record Superseded() implements ToProgram {}

  /** A program's session, and how far it is. */
  private static final class Connection {
    final ActorRef<ToProgram> session;
    Page last = new Page(0, List.of(), List.of(), Optional.empty());
    boolean isReady = true;

    Connection(ActorRef<ToProgram> session) {
      this.session = session;
    }
  }

  private final String study;
  private final StudyPlan plan;
  private final External searcher;
  private final ActorRef<StudyEntity.Command> entity;
  private final ActorRef<StudyGateways.Command> gateways;
  private final Duration patience;
  private final TimerScheduler<Command> timers;

  /** Trials that are asked for, and whether the program was told. */
  private final SortedMap<Integer, Boolean> open = new TreeMap<>();

  private int highestAsked;
  private @Nullable Connection connection;
  private boolean isLooking;

  private ExternalSearcher(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      String study,
      StudyPlan plan,
      External searcher,
      ActorRef<StudyEntity.Command> entity,
      StudyEntity.Wiring wiring) {
    super(context);
    this.study = study;
    this.plan = plan;
    this.searcher = searcher;
    this.entity = entity;
    this.gateways = wiring.gateways();
    this.patience = wiring.searcherPatience();
    this.timers = timers;
  }

  static Behavior<Command> create(
      String study,
      StudyPlan plan,
      External searcher,
      ActorRef<StudyEntity.Command> entity,
      StudyEntity.Wiring wiring) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers ->
            new ExternalSearcher(context, timers, study, plan, searcher, entity, wiring)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onMessage(Command.class, this::on).build();
  }

  private Behavior<Command> on(Command command) {
    switch (command) {
      case SearcherActor.Suggest ask -> {
        ask.news().forEach(searcher::observe);
        open.putIfAbsent(ask.trial(), false);
        highestAsked = Math.max(highestAsked, ask.trial());
        look();
        listen();
      }
      case Dialled(var session) -> welcome(session);
      case Shown shown -> tell(shown);
      case Stirred stirred -> look();
      case Ready(var session, long page) -> ready(session, page);
      case Proposed proposed -> {
        if (isCurrent(proposed.session())) {
          propose(proposed);
        }
      }
      case NoneLeft(var session, int trial) -> {
        if (isCurrent(session) && isOpen(session, trial)) {
          submit(new StudyCommand.Exhaust(trial));
          open.tailMap(trial).clear();
          session.tell(new Taken(trial));
          heard();
        }
      }
      case Silent silent -> fallBack();
      case Gone(var session) -> {
        if (connection != null && connection.session.equals(session)) {
          connection = null;
          timers.cancel(SILENCE);
        }
      }
    }
    return this;
  }

  private void welcome(ActorRef<ToProgram> session) {
    if (connection != null && !connection.session.equals(session)) {
      getContext().unwatch(connection.session);
      connection.session.tell(new Superseded());
    }
    connection = new Connection(session);
    getContext().watchWith(session, new Gone(session));
    open.replaceAll((trial, told) -> false);
    session.tell(new Welcome(getContext().getSelf(), study, plan));
    look();
    heard();
  }

  /**
   * Asks the study for what it has shown. While it was not answered it is not asked again: the
   * study begins anew before it says {@link Dialled}, so that what comes after that is for the new
   * session.
   */
  private void look() {
    if (connection != null && connection.isReady && !isLooking) {
      isLooking = true;
      entity.tell(new StudyEntity.TellProgram());
    }
  }

  private void tell(Shown shown) {
    isLooking = false;
    Connection to = connection;
    if (to == null) {
      return;
    }
    // A suggestion is to know all that the study has shown.
    List<Integer> asks = shown.isAll() ? untold() : List.of();
    Optional<String> over = shown.isAll() ? shown.over() : Optional.empty();
    boolean isNew = over.isPresent() && to.last.over().isEmpty();
    if (shown.news().isEmpty() && asks.isEmpty() && !isNew) {
      return;
    }
    to.last = new Page(to.last.number() + 1, shown.news(), asks, over);
    to.isReady = false;
    to.session.tell(to.last);
    asks.forEach(trial -> open.put(trial, true));
  }

  private List<Integer> untold() {
    List<Integer> untold = new ArrayList<>();
    open.forEach((trial, told) -> {
      if (!told) {
        untold.add(trial);
      }
    });
    return untold;
  }

  private void ready(ActorRef<ToProgram> session, long page) {
    Connection to = connection;
    if (!isCurrent(session) || to == null) {
      return;
    }
    if (page < to.last.number()) {
      session.tell(to.last);
      return;
    }
    if (!to.isReady && open.containsValue(false)) {
      // It reads what comes before the ask.
      heard();
    }
    to.isReady = true;
    look();
  }

  private void propose(Proposed proposed) {
    int trial = proposed.trial();
    ActorRef<ToProgram> session = proposed.session();
    if (!isOpen(session, trial)) {
      return;
    }
    try {
      Assignment assignment = searcher.read(proposed.values());
      searcher.observe(new Begun(trial, assignment));
      open.remove(trial);
      submit(new StudyCommand.Suggest(trial, assignment, searcher.name()));
      session.tell(new Taken(trial));
    } catch (IllegalArgumentException wrong) {
      session.tell(new Refused(trial, String.valueOf(wrong.getMessage()), true, true));
    }
    heard();
  }

  private boolean isCurrent(ActorRef<ToProgram> session) {
    boolean isCurrent = connection != null && connection.session.equals(session);
    if (!isCurrent) {
      session.tell(new Superseded());
    }
    return isCurrent;
  }

  private boolean isOpen(ActorRef<ToProgram> session, int trial) {
    if (open.containsKey(trial)) {
      return true;
    }
    boolean isLate = trial <= highestAsked;
    String reason =
        isLate
            ? "expected an answer to an ask that is open, but that of trial %d is not any more"
            : "expected an answer to an ask, but none was for trial %d";
    session.tell(new Refused(trial, reason.formatted(trial), false, !isLate));
    return false;
  }

  /** The program says something, or has nothing to say. */
  private void heard() {
    timers.cancel(SILENCE);
    listen();
  }

  private void listen() {
    if (connection != null && !open.isEmpty() && !timers.isTimerActive(SILENCE)) {
      timers.startSingleTimer(SILENCE, new Silent(), patience);
    }
  }

  private void fallBack() {
    String source = "random, since the searcher was silent for %s s".formatted(seconds(patience));
    getContext()
        .getLog()
        .warn(
            "the searcher of study {} was silent for {} s: {} trials are random",
            study,
            seconds(patience),
            open.size());
    open.keySet().forEach(trial -> submit(Suggesting.answer(searcher, trial, source)));
    open.clear();
  }

  private static String seconds(Duration duration) {
    return Reasons.number(duration.toMillis() / 1_000.0);
  }

  private void submit(StudyCommand command) {
    gateways.tell(
        new StudyGateways.Submit(study, command, null, getContext().getSystem().ignoreRef()));
  }
}
