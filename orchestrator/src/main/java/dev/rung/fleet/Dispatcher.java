package dev.rung.fleet;

import dev.rung.fleet.Matcher.Match;
import dev.rung.fleet.Matcher.Need;
import dev.rung.fleet.Matcher.Offer;
import dev.rung.study.Missed;
import dev.rung.study.Slot;
import dev.rung.study.SlotOffer;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyGateways;
import dev.rung.study.StudyReply;
import dev.rung.study.ToDispatcher;
import dev.rung.study.ToSession;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * The cluster's one place that knows every free slot and every study's demand. All of it is soft
 * state: sessions and studies say it again every few seconds, and a new dispatcher first listens.
 */
public final class Dispatcher extends AbstractBehavior<Dispatcher.Command> {
  /** How long a new dispatcher listens before it grants. */
  private static final Duration LISTEN = Duration.ofSeconds(3);

  /** How often slots in use are looked at. */
  private static final Duration REBALANCE = Duration.ofSeconds(1);

  /** A study or session that has been silent for so long is forgotten. */
  private static final Duration FORGET = Duration.ofSeconds(15);

  /** The longest that a trial waits for the node that trained it last, while another is free. */
  static final Duration LINGER = Duration.ofSeconds(3);

  /** What the dispatcher understands. */
  public sealed interface Command {}

  /** A study's demand. */
  public record FromStudy(ToDispatcher message) implements Command {}

  /**
   * A session is there. Said at its begin and again every few seconds.
   *
   * @param connection number of the stream within the incarnation
   * @param epoch of the session
   * @param held slots by study
   * @param paces at which its slots have trained lately, by study
   */
  public record Register(
      NodeInfo node,
      long incarnation,
      long connection,
      String epoch,
      Map<String, Integer> held,
      Map<String, Pace> paces,
      ActorRef<ToFleetSession> session,
      ActorRef<ToSession> studySession)
      implements Command {
    /** Copies the maps. */
    public Register {
      held = Map.copyOf(held);
      paces = Map.copyOf(paces);
    }
  }

  /** A slot is free. Said again every few seconds while it is. */
  public record Offered(Offer offer) implements Command {}

  /** A slot is not free any more. */
  public record Withdrawn(Slot slot) implements Command {}

  /**
   * A node holds so many slots for a study. Said after each change, and with Register.
   *
   * @param epoch of the session
   */
  public record Holds(String node, String epoch, String study, int count) implements Command {}

  /** Every node with a session, by name. */
  public record ListNodes(ActorRef<List<RatedNode>> replyTo) implements Command {}

  /** How a study fares. */
  public record LookAt(String study, ActorRef<Prospect> replyTo) implements Command {}

  /** The slots by kind of trainer. */
  public record CountSlots(ActorRef<List<SlotCount>> replyTo) implements Command {}

  /**
   * A node is to end in order; the answer is whether it has a session.
   *
   * @param deadline until it is to be gone; empty: as long as its operator gave it
   */
  public record Drain(
      String node, String reason, Optional<Duration> deadline, ActorRef<Boolean> replyTo)
      implements Command {}

  private record SessionEnded(String node, String epoch) implements Command {}

  private record Granted(ToSession.Answer answer) implements Command {}

  private record Listened() implements Command {}

  private record LookForSilent() implements Command {}

  private record Rebalance() implements Command {}

  /** Matches once for all that was heard before it. */
  private record Grant() implements Command {}

  private final ActorRef<StudyGateways.Command> gateways;
  private final LongSupplier nanoTime;
  private final ActorRef<ToSession.Answer> granted;
  private final Nodes nodes = new Nodes();
  private final Holdings holdings = nodes.holdings();
  private final Since lingering = new Since();
  private final Shortage shortage = new Shortage();
  private final Rebalancer rebalancer = new Rebalancer();
  private final Map<Slot, Offer> offers = new LinkedHashMap<>();
  private final Map<String, Asking> studies = new LinkedHashMap<>();
  private final Census census = new Census();
  private boolean listening = true;
  private boolean willGrant;

  private Dispatcher(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      ActorRef<StudyGateways.Command> gateways,
      LongSupplier nanoTime) {
    super(context);
    this.gateways = gateways;
    this.nanoTime = nanoTime;
    this.granted = context.messageAdapter(ToSession.Answer.class, Granted::new);
    timers.startSingleTimer("listened", new Listened(), LISTEN);
    timers.startTimerWithFixedDelay("look", new LookForSilent(), FORGET.dividedBy(3));
    timers.startTimerWithFixedDelay(
        "rebalance", new Rebalance(), LISTEN.plus(REBALANCE), REBALANCE);
  }

  /** The actor. */
  public static Behavior<Command> create(ActorRef<StudyGateways.Command> gateways) {
    return create(gateways, System::nanoTime);
  }

  /** The actor with another monotonic clock. */
  static Behavior<Command> create(ActorRef<StudyGateways.Command> gateways, LongSupplier nanoTime) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> new Dispatcher(context, timers, gateways, nanoTime)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onMessage(Command.class, this::on).build();
  }

  private Behavior<Command> on(Command command) {
    switch (command) {
      case FromStudy(ToDispatcher.Demand demand) -> hear(demand);
      case Register register -> register(register);
      case Offered(Offer offer) -> {
        // Of a session that was forgotten or never registered it would stay for ever.
        if (nodes.isSession(offer.slot().node(), offer.slot().session())) {
          offers.putIfAbsent(offer.slot(), offer);
        }
      }
      case Holds(String node, String epoch, String study, int count) -> {
        if (nodes.isSession(node, epoch)) {
          holdings.hold(node, study, count);
        }
      }
      case Withdrawn(Slot slot) -> offers.remove(slot);
      case ListNodes(var replyTo) -> replyTo.tell(nodes.rated());
      case LookAt(String study, var replyTo) ->
          replyTo.tell(new Prospect(shortage.of(study, nanoTime.getAsLong()), nodes.speed(study)));
      case CountSlots(var replyTo) ->
          replyTo.tell(census.count(studies.values(), holdings, offers.values(), nodes.infos()));
      case Drain drain -> {
        ActorRef<ToFleetSession> session = nodes.session(drain.node());
        if (session != null) {
          session.tell(new ToFleetSession.Drain(drain.reason(), drain.deadline()));
        }
        drain.replyTo().tell(session != null);
      }
      case SessionEnded(String node, String epoch) -> forgetSession(node, epoch);
      case Granted(var answer) -> answered(answer);
      case Listened listened -> listening = false;
      case LookForSilent look -> forgetSilent();
      case Rebalance rebalance -> rebalance();
      case Grant grant -> {
        willGrant = false;
        grant();
      }
    }
    if (!listening && !willGrant && !(command instanceof Grant)) {
      willGrant = true;
      getContext().getSelf().tell(new Grant());
    }
    return this;
  }

  private void hear(ToDispatcher.Demand demand) {
    Asking known = studies.get(demand.study());
    if (known != null && demand.event() < known.demand().event()) {
      return;
    }
    if (!demand.active() && demand.groups().isEmpty()) {
      studies.remove(demand.study());
      return;
    }
    long now = nanoTime.getAsLong();
    studies.put(
        demand.study(), known == null ? Asking.first(demand, now) : known.saying(demand, now));
    Set<String> unaware = known == null ? nodes.names() : demand.unheard();
    for (String name : unaware) {
      ActorRef<ToFleetSession> session = nodes.session(name);
      if (session != null) {
        session.tell(new ToFleetSession.Introduce(demand.study()));
      }
    }
  }

  private void register(Register register) {
    String name = register.node().name();
    Register known = nodes.of(name);
    if (known != null && !known.epoch().equals(register.epoch())) {
      if (isNewer(known, register)) {
        register.session().tell(new ToFleetSession.Superseded());
        return;
      }
      known.session().tell(new ToFleetSession.Superseded());
      forgetSession(name, known.epoch());
      known = null;
    }
    nodes.put(register, nanoTime.getAsLong());
    if (known == null) {
      getContext().watchWith(register.studySession(), new SessionEnded(name, register.epoch()));
      for (String study : studies.keySet()) {
        register.session().tell(new ToFleetSession.Introduce(study));
      }
    }
  }

  private static boolean isNewer(Register known, Register other) {
    return known.incarnation() != other.incarnation()
        ? known.incarnation() > other.incarnation()
        : known.connection() > other.connection();
  }

  private void forgetSession(String node, String epoch) {
    nodes.remove(node, epoch);
    offers.keySet().removeIf(slot -> slot.session().equals(epoch));
  }

  private void forgetSilent() {
    long now = nanoTime.getAsLong();
    studies.values().removeIf(study -> now - study.seen() > FORGET.toNanos());
    for (Register silent : nodes.silentSince(now - FORGET.toNanos())) {
      forgetSession(silent.node().name(), silent.epoch());
    }
  }

  private void grant() {
    if (offers.isEmpty()) {
      return;
    }
    // Nodes are heard of thousands of times a second; most of the time nobody needs anything.
    List<Need> needs =
        studies.values().stream()
            .filter(Asking::needsAny)
            .map(asking -> asking.need(holdings.of(asking.demand().study()), nodes::takesTrials))
            .toList();
    long now = nanoTime.getAsLong();
    Matcher.Shared shared =
        needs.isEmpty()
            ? Matcher.Shared.NOTHING
            : Matcher.share(
                List.copyOf(offers.values()),
                needs,
                holdings.slots(),
                lingering.lasting(now, LINGER));
    lingering.note(now, shared.lingering());
    for (Match match : shared.matches()) {
      Slot slot = match.offer().slot();
      // Offers are those of registered sessions.
      Register node = Objects.requireNonNull(nodes.of(slot.node()));
      match.offers().forEach(offer -> offers.remove(offer.slot()));
      holdings.change(slot.node(), match.study(), match.offers().size());
      studies.computeIfPresent(match.study(), (id, asking) -> asking.grantedOneMore());
      gateways.tell(
          new StudyGateways.Submit(
              match.study(),
              new StudyCommand.Grant(slot, Missed.NOTHING, Optional.of(offer(match))),
              node.studySession(),
              granted));
    }
    studies.replaceAll((study, asking) -> foresee(asking));
  }

  private static SlotOffer offer(Match match) {
    return new SlotOffer(match.offers().size(), match.offer().labels(), match.offer().hourPrice());
  }

  /** Asks studies to give up what others have more right to. */
  private void rebalance() {
    List<Rebalancer.Party> parties =
        studies.entrySet().stream()
            .map(study -> study.getValue().party(holdings.of(study.getKey())))
            .toList();
    census.note(nanoTime.getAsLong(), studies.values(), holdings);
    shortage.note(nanoTime.getAsLong(), studies.values(), holdings, nodes::isThere);
    Rebalancer.Plan plan = rebalancer.plan(nanoTime.getAsLong(), parties, holdings);
    for (Asking asking : studies.values()) {
      ToDispatcher.Demand demand = asking.demand();
      Rebalancer.Yield yields =
          plan.yields().getOrDefault(demand.study(), Rebalancer.Yield.NOTHING);
      if (yields.slots() != demand.yields() || yields.soon() > 0) {
        tell(
            demand.study(), new StudyCommand.Yield(yields.slots(), yields.soon(), yields.reason()));
      }
    }
    studies.replaceAll((study, asking) -> {
      int gain = plan.gains().getOrDefault(study, 0);
      return gain > asking.demand().count() ? foresee(asking, gain) : asking;
    });
  }

  private void tell(String study, StudyCommand command) {
    gateways.tell(
        new StudyGateways.Submit(study, command, null, getContext().getSystem().ignoreRef()));
  }

  /**
   * Tells a study once for each newest event how many slots are left for it: with suggestions for
   * all of them asked for together, slots do not wait for one another.
   */
  private Asking foresee(Asking asking) {
    ToDispatcher.Demand demand = asking.demand();
    if (!demand.active() || asking.foreseenAt() >= demand.event()) {
      return asking;
    }
    long left = offers.values().stream().filter(asking::takes).count();
    return left == 0 ? asking : foresee(asking, (int) left);
  }

  private Asking foresee(Asking asking, int slots) {
    if (asking.foreseenAt() >= asking.demand().event()) {
      return asking;
    }
    tell(asking.demand().study(), new StudyCommand.Foresee(slots));
    return asking.foreseen();
  }

  private void answered(ToSession.Answer answer) {
    if (!(answer.command() instanceof StudyCommand.Grant(Slot slot, var missed, var offer))) {
      return;
    }
    long declinedAt =
        switch (answer.reply()) {
          case StudyReply.Used used -> -1;
          case StudyReply.Declined(long event) -> event;
          case StudyReply other -> Long.MAX_VALUE;
        };
    studies.computeIfPresent(answer.study(), (id, asking) -> asking.answered(declinedAt));
    ActorRef<ToFleetSession> session = nodes.session(slot.node());
    if (declinedAt >= 0 && session != null && nodes.isSession(slot.node(), slot.session())) {
      holdings.change(slot.node(), answer.study(), -offer.map(SlotOffer::slots).orElse(1));
      session.tell(new ToFleetSession.Declined(slot));
    }
  }
}
