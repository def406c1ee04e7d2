package dev.rung.session;

import dev.rung.fleet.Dispatcher;
import dev.rung.fleet.Matcher.Offer;
import dev.rung.fleet.NodeInfo;
import dev.rung.fleet.ToFleetSession;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.Hello;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.study.Entry;
import dev.rung.study.Order;
import dev.rung.study.Slot;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyGateways;
import dev.rung.study.StudyReply;
import dev.rung.study.ToSession;
import io.grpc.Status;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * One stream of one node. It never stops reading: what is on its way to a study is bounded by the
 * window, and a node that breaks the window is closed.
 */
public final class TrainerSession extends AbstractBehavior<TrainerSession.Command> {
  private static final Duration LOOK = Duration.ofSeconds(2);

  /** What a session understands. */
  public sealed interface Command {}

  /** The node said something. */
  record FromNode(NodeMessage message) implements Command {}

  /** The node's half of the stream ended. */
  record NodeGone(String how) implements Command {}

  private record FromStudy(ToSession message) implements Command {}

  private record FromDispatcher(ToFleetSession message) implements Command {}

  private record Look() implements Command {}

  /** The stream takes more. */
  record Writable() implements Command {}

  /** Ends the session, since the server goes away. */
  public record Leave() implements Command {}

  private final NodeStream stream;
  private final Outbox outbox;
  private final SessionSettings settings;
  private final ActorRef<StudyGateways.Command> gateways;
  private final ActorRef<Dispatcher.Command> dispatcher;
  private final ActorRef<ToSession> fromStudy;
  private final ActorRef<ToSession.Answer> answers;
  private final ActorRef<ToFleetSession> fromDispatcher;
  private final String epoch = UUID.randomUUID().toString();

  private @Nullable Hello hello;
  private Slots slots = new Slots("", 0, "", 0, Duration.ZERO);

  /** Attempts whose log is not known to be durable whole. */
  private final Map<AttemptKey, Window> windows = new HashMap<>();

  private long lastHeard = System.nanoTime();
  private boolean draining;

  private TrainerSession(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      NodeStream stream,
      SessionSettings settings,
      ActorRef<StudyGateways.Command> gateways,
      ActorRef<Dispatcher.Command> dispatcher) {
    super(context);
    this.stream = stream;
    this.outbox = new Outbox(stream);
    this.settings = settings;
    this.gateways = gateways;
    this.dispatcher = dispatcher;
    this.fromStudy = context.messageAdapter(ToSession.class, FromStudy::new);
    this.answers = context.messageAdapter(ToSession.Answer.class, FromStudy::new);
    this.fromDispatcher = context.messageAdapter(ToFleetSession.class, FromDispatcher::new);
    timers.startTimerWithFixedDelay("look", new Look(), LOOK);
  }

  static Behavior<Command> create(
      NodeStream stream,
      SessionSettings settings,
      ActorRef<StudyGateways.Command> gateways,
      ActorRef<Dispatcher.Command> dispatcher) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(
            timers -> new TrainerSession(context, timers, stream, settings, gateways, dispatcher)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onMessage(Command.class, this::on).build();
  }

  private Behavior<Command> on(Command command) {
    return switch (command) {
      case FromNode(NodeMessage message) -> hear(message);
      case NodeGone(String how) -> {
        getContext().getLog().info("node {} left: {}", name(), how);
        yield Behaviors.stopped();
      }
      case FromStudy(ToSession message) -> {
        fromStudy(message);
        yield this;
      }
      case FromDispatcher(ToFleetSession message) -> fromDispatcher(message);
      case Look look -> look();
      case Writable writable -> {
        outbox.flush();
        yield this;
      }
      case Leave leave -> close(Status.UNAVAILABLE.withDescription("the server is going away"));
    };
  }

  private Behavior<Command> hear(NodeMessage message) {
    lastHeard = System.nanoTime();
    stream.request();
    try {
      if (hello == null) {
        return greet(message);
      }
      switch (message.getMCase()) {
        case ENTRIES -> {
          return take(message.getEntries());
        }
        case ACCEPTED -> AttemptKey.of(message.getAccepted().getAttempt());
        case REFUSED -> {
          AttemptKey key = AttemptKey.of(message.getRefused().getAttempt());
          release(key, ProtocolException.cut(message.getRefused().getReason()));
        }
        case HEARTBEAT -> {
          // A sign of life, noted above.
        }
        case DRAINING -> drain();
        case HELLO -> throw new ProtocolException("expected one Hello, but came a second");
        case M_NOT_SET -> throw new ProtocolException("expected a message, but came an empty one");
      }
      return this;
    } catch (ProtocolException e) {
      return close(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
    }
  }

  private Behavior<Command> greet(NodeMessage message) {
    if (!message.hasHello()) {
      throw new ProtocolException("expected Hello first, but came " + message.getMCase());
    }
    Hello first = message.getHello();
    if (first.getProtocol() != HelloReader.PROTOCOL) {
      return close(
          Status.FAILED_PRECONDITION.withDescription(
              "this server speaks version %d of the trainer protocol, but node %s speaks %s"
                  .formatted(
                      HelloReader.PROTOCOL,
                      ProtocolException.cut(first.getNode()),
                      Integer.toUnsignedString(first.getProtocol()))));
    }
    HelloReader.check(first);
    hello = first;
    slots =
        new Slots(
            first.getNode(),
            first.getIncarnation(),
            epoch,
            first.getSlots(),
            settings.offerTimeout());
    for (var attempt : first.getAttemptsList()) {
      AttemptKey key = AttemptKey.of(attempt);
      windows.put(key, new Window());
      slots.hold(key);
    }
    stream.send(ServerMessage.newBuilder().setWelcome(WireWriter.welcome(settings)).build());
    getContext()
        .getLog()
        .info(
            "node {} joined with {} slots for {}", name(), first.getSlots(), first.getKindsList());
    register();
    windows.keySet().stream().map(AttemptKey::study).distinct().forEach(this::attach);
    offer();
    return this;
  }

  /** Nothing more is offered; what runs ends by itself. */
  private void drain() {
    getContext().getLog().info("node {} drains", name());
    draining = true;
    for (Slot slot : slots.open()) {
      slots.close(slot);
      dispatcher.tell(new Dispatcher.Withdrawn(slot));
    }
  }

  private Behavior<Command> take(Entries message) {
    AttemptKey key = AttemptKey.of(message.getAttempt());
    Window window = windows.computeIfAbsent(key, k -> new Window());
    int size = message.getSerializedSize();
    long bytes = windows.values().stream().mapToLong(Window::bytes).sum() + size;
    int entries = window.entries() + message.getEntriesCount();
    if (entries > settings.windowEntries() || bytes > settings.windowBytes()) {
      return close(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "expected at most %d unacknowledged entries an attempt and %d bytes a node, but came %d and %d"
                  .formatted(settings.windowEntries(), settings.windowBytes(), entries, bytes)));
    }
    String prefix = settings.checkpointPrefix(key.study(), key.ref().trial(), key.ref().attempt());
    List<Entry> read = EntryReader.read(message, prefix);
    window.add(read.size(), size);
    submit(key.study(), new StudyCommand.Report(key.ref(), message.getFirstSeq(), read));
    if (read.get(read.size() - 1) instanceof Entry.Ended) {
      slots.free(key);
      offer();
    }
    return this;
  }

  private void fromStudy(ToSession message) {
    switch (message) {
      case ToSession.Start start -> start(start);
      case ToSession.Tell tell ->
          direct(new AttemptKey(tell.study(), tell.attempt()), tell.order());
      case ToSession.Answer answer -> answered(answer);
    }
  }

  private void start(ToSession.Start start) {
    AttemptKey key = new AttemptKey(start.study(), start.attempt());
    if (windows.containsKey(key)) {
      return;
    }
    List<Slot> taken = slots.take(key, start.slot());
    if (taken.isEmpty()) {
      submit(
          key.study(),
          new StudyCommand.Release(key.ref(), "node " + name() + " has no open offer for it"));
      return;
    }
    taken.forEach(slot -> dispatcher.tell(new Dispatcher.Withdrawn(slot)));
    windows.put(key, new Window());
    stream.send(
        ServerMessage.newBuilder().setRun(WireWriter.run(key, start.order(), settings)).build());
  }

  private void answered(ToSession.Answer answer) {
    switch (answer.reply()) {
      case StudyReply.Taken taken -> {
        AttemptKey key = new AttemptKey(answer.study(), taken.attempt());
        Window window = windows.get(key);
        if (window == null) {
          return;
        }
        window.answered();
        outbox.acknowledge(key, taken.ackedSeq(), taken.resend());
        taken.order().ifPresent(order -> direct(key, order));
        if (!slots.holds(key) && window.entries() == 0) {
          windows.remove(key);
        }
      }
      case StudyReply.Attached attached -> {
        attached
            .acked()
            .forEach(
                (ref, seq) -> outbox.acknowledge(new AttemptKey(answer.study(), ref), seq, false));
        attached
            .orders()
            .forEach((ref, order) -> direct(new AttemptKey(answer.study(), ref), order));
      }
      case StudyReply.Rejected rejected -> {
        if (answer.command() instanceof StudyCommand.Attach attach) {
          attach
              .running()
              .forEach(ref ->
                  direct(new AttemptKey(answer.study(), ref), Order.fenced(rejected.message())));
        } else if (answer.command() instanceof StudyCommand.Report report) {
          direct(
              new AttemptKey(answer.study(), report.attempt()), Order.fenced(rejected.message()));
        }
      }
      case StudyReply.Done done -> {
        // A release; nothing is left to do.
      }
      case StudyReply.Used used -> {
        // Answers a grant, which the dispatcher sent.
      }
      case StudyReply.Declined declined -> {
        // Answers a grant, which the dispatcher sent.
      }
    }
  }

  private void direct(AttemptKey key, Order order) {
    outbox.direct(key, order);
    if (order.kind() == Order.Kind.FENCED) {
      windows.remove(key);
      slots.free(key);
      offer();
    }
  }

  private void release(AttemptKey key, String reason) {
    windows.remove(key);
    slots.free(key);
    submit(key.study(), new StudyCommand.Release(key.ref(), reason));
  }

  private Behavior<Command> fromDispatcher(ToFleetSession message) {
    switch (message) {
      case ToFleetSession.Introduce(String study) -> attach(study);
      case ToFleetSession.Declined(Slot slot) -> {
        slots.close(slot);
        offer();
      }
      case ToFleetSession.Superseded superseded -> {
        return close(
            Status.ABORTED.withDescription("a newer session of node " + name() + " took over"));
      }
    }
    return this;
  }

  private void attach(String study) {
    Hello self = hello;
    if (self == null) {
      return;
    }
    List<dev.rung.study.AttemptRef> running =
        windows.keySet().stream()
            .filter(key -> key.study().equals(study))
            .map(AttemptKey::ref)
            .toList();
    submit(study, new StudyCommand.Attach(self.getNode(), self.getIncarnation(), epoch, running));
  }

  private Behavior<Command> look() {
    long now = System.nanoTime();
    Duration silence = Duration.ofNanos(now - lastHeard);
    if (silence.compareTo(settings.heartbeat().multipliedBy(3)) > 0) {
      return close(
          Status.UNAVAILABLE.withDescription(
              "node %s was silent for %d s".formatted(name(), silence.toSeconds())));
    }
    if (hello != null) {
      slots.withdrawOverdue(now).forEach(s -> dispatcher.tell(new Dispatcher.Withdrawn(s)));
      register();
      slots.open().forEach(this::tellOffer);
      offer();
    }
    return this;
  }

  private void register() {
    Hello self = hello;
    if (self == null) {
      return;
    }
    NodeInfo node =
        new NodeInfo(
            self.getNode(),
            self.getSlots(),
            slots.held().size(),
            self.getKindsList(),
            self.getPid(),
            self.getSoftware());
    dispatcher.tell(
        new Dispatcher.Register(
            node, self.getIncarnation(), self.getConnection(), epoch, fromDispatcher, fromStudy));
  }

  private void offer() {
    if (draining) {
      return;
    }
    slots.offer(System.nanoTime()).forEach(this::tellOffer);
  }

  private void tellOffer(Slot slot) {
    if (hello != null) {
      dispatcher.tell(new Dispatcher.Offered(new Offer(slot, new HashSet<>(hello.getKindsList()))));
    }
  }

  private void submit(String study, StudyCommand command) {
    gateways.tell(new StudyGateways.Submit(study, command, fromStudy, answers));
  }

  private Behavior<Command> close(Status status) {
    getContext().getLog().info("session of node {} ends: {}", name(), status.getDescription());
    stream.close(status);
    return Behaviors.stopped();
  }

  private String name() {
    return hello == null ? "(unknown)" : hello.getNode();
  }
}
