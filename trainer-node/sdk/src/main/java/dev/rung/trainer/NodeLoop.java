package dev.rung.trainer;

import dev.rung.proto.v1.Draining;
import dev.rung.proto.v1.Heartbeat;
import dev.rung.proto.v1.Hello;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.Welcome;
import dev.rung.trainer.process.GpuPool;
import io.grpc.Status;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a node that dials, sends and watches deadlines. What arrives is taken in by the
 * transport's threads under the same {@link Monitor}, which then wakes this one.
 */
final class NodeLoop implements Runnable, Session.Listener {
  private static final Logger log = LoggerFactory.getLogger(NodeLoop.class);
  private static final long LAST_FLUSH_MILLIS = 1_000;

  private final Monitor monitor;
  private final NodeSettings settings;
  private final Attempts attempts;
  private final NodeCheckpoints checkpoints;
  private final Dropper dropper;
  private final Contact contact;
  private final Farewell farewell;
  private long incarnation;
  private final Alarm alarm = new Alarm();
  private @Nullable Session session;
  private @Nullable Outcome outcome;

  /** What was read of the GPUs and not sent yet. */
  private @Nullable Heartbeat reading;

  NodeLoop(
      Monitor monitor,
      NodeSettings settings,
      Attempts attempts,
      NodeCheckpoints checkpoints,
      Dropper dropper) {
    this.checkpoints = checkpoints;
    this.monitor = monitor;
    this.settings = settings;
    this.attempts = attempts;
    this.dropper = dropper;
    this.contact = new Contact(monitor, settings);
    this.farewell = new Farewell(monitor, attempts, settings.timing().grace());
  }

  /**
   * Says which start of the node this is, before it runs.
   *
   * @param number grows with every start
   */
  void startedAs(long number) {
    incarnation = number;
  }

  /** Begins to drain; the node ends when its attempts have. */
  void drain(Outcome how) {
    drain(how, settings.drainDeadline());
  }

  private void drain(Outcome how, Duration deadline) {
    synchronized (monitor) {
      if (farewell.drain(how, deadline)) {
        log.info("node {} drains: {}", settings.name(), how.message());
        monitor.changed();
      }
    }
  }

  /** How the node ended; null while it has not. */
  @Nullable Outcome outcome() {
    synchronized (monitor) {
      return outcome;
    }
  }

  /** Whether the server has welcomed the present stream. */
  boolean isConnected() {
    synchronized (monitor) {
      return session != null && contact.isWelcomed();
    }
  }

  @Override
  public void run() {
    GpuWatch gpus = watchGpus();
    boolean more = true;
    try {
      while (more) {
        more = step();
      }
    } finally {
      if (gpus != null) {
        gpus.close();
      }
      finish(more);
    }
  }

  /** Null where it has none. */
  private @Nullable GpuWatch watchGpus() {
    GpuPool gpus = settings.gpus();
    return gpus == null
        ? null
        : new GpuWatch(settings.name(), gpus, settings.timing().gpus(), this::read);
  }

  private void read(Heartbeat gpus) {
    synchronized (monitor) {
      reading = gpus;
      monitor.changed();
    }
  }

  /** Does what is due or waits until something is; false where the node is at its end. */
  boolean step() {
    Session open;
    NodeMessage message;
    synchronized (monitor) {
      alarm.reset(monitor.now());
      endTrainingWithoutContact();
      if (farewell.isOver(alarm, isConnected())) {
        return false;
      }
      attempts.interruptDue(alarm);
      open = session;
      message = open == null ? null : next(open);
      boolean due =
          open == null
              ? farewell.mayDial() && contact.dialDue(alarm)
              : message != null || contact.isSilent(alarm);
      if (!due) {
        monitor.awaitChange(alarm.next());
        return true;
      }
    }
    if (open == null) {
      dial();
    } else if (message == null) {
      lost(open, Status.UNAVAILABLE.withDescription("no Welcome came in time"));
    } else {
      open.send(message);
    }
    return true;
  }

  private @Nullable NodeMessage next(Session open) {
    if (!contact.isWelcomed() || !open.isReady()) {
      return null;
    }
    Draining draining = farewell.next();
    NodeMessage message =
        draining == null ? attempts.next() : NodeMessage.newBuilder().setDraining(draining).build();
    if (message == null && (reading != null || contact.heartbeatDue(alarm))) {
      Heartbeat heartbeat = reading == null ? Heartbeat.getDefaultInstance() : reading;
      message = NodeMessage.newBuilder().setHeartbeat(heartbeat).build();
      reading = null;
    }
    if (message != null) {
      contact.sent();
    }
    return message;
  }

  private void endTrainingWithoutContact() {
    String reason = contact.trainedTooLong(alarm);
    if (reason != null) {
      log.warn("node {} ends its {} attempts: {}", settings.name(), attempts.running(), reason);
      if (settings.dataFolder() == null) {
        // Its logs would end with it: it dials on to deliver them.
        attempts.preempt(reason, monitor.after(settings.timing().grace()));
      } else {
        drain(new Outcome(Outcome.Kind.NO_CONTACT, reason));
      }
      monitor.changed();
    }
  }

  private void dial() {
    Session fresh;
    try {
      fresh = new Session(this, settings.channels().get());
    } catch (RuntimeException e) {
      synchronized (monitor) {
        lose(Status.UNAVAILABLE.withDescription(e.toString()));
      }
      return;
    }
    NodeMessage hello;
    synchronized (monitor) {
      session = fresh;
      attempts.rewind();
      farewell.rewind();
      hello = NodeMessage.newBuilder().setHello(hello(contact.dialled())).build();
    }
    fresh.open(hello);
  }

  private Hello hello(int connection) {
    String version = NodeLoop.class.getPackage().getImplementationVersion();
    return Hello.newBuilder()
        .setProtocol(Contact.PROTOCOL)
        .setNode(settings.name())
        .setIncarnation(incarnation)
        .setConnection(connection)
        .setPool(settings.pool())
        .putAllLabels(settings.labels())
        .setSlotHourPrice(settings.slotHourPrice())
        .setSlots(settings.slots())
        .addAllKinds(settings.kinds().keySet())
        .addAllAttempts(attempts.refs())
        .addAllAttemptSlots(attempts.slots())
        .setPid(ProcessHandle.current().pid())
        .setCheckpoints(settings.checkpoints())
        .setSoftware("rung-trainer-sdk " + (version == null ? "development" : version))
        .build();
  }

  @Override
  public void received(Session from, ServerMessage message) {
    String fault = null;
    synchronized (monitor) {
      if (from != session) {
        return;
      }
      if (!contact.isWelcomed() && !message.hasWelcome()) {
        fault = "expected Welcome as the server's first message, got " + message.getMCase();
      } else {
        take(from, message);
      }
      if (attempts.isFlooded()) {
        fault = "expected the server to read the answers to what it asks";
      }
      monitor.changed();
    }
    if (fault != null) {
      lost(from, Status.INTERNAL.withDescription(fault));
    }
  }

  private void take(Session from, ServerMessage message) {
    switch (message.getMCase()) {
      case WELCOME -> {
        Welcome welcome = message.getWelcome();
        attempts.logs().connected(from.channel(), welcome.getSession());
        attempts.window().limit(welcome.getWindowEntries(), welcome.getWindowBytes());
        checkpoints.welcomed(welcome.getCheckpoints());
        contact.welcome(welcome);
      }
      case RUN -> attempts.run(message.getRun());
      case ACK -> attempts.ack(message.getAck());
      case DIRECTIVE -> attempts.directive(message.getDirective());
      case DRAIN -> {
        String reason = "the server asks it: " + message.getDrain().getReason();
        Duration deadline =
            message.getDrain().hasDeadline()
                ? Duration.ofNanos(Monitor.nanos(message.getDrain().getDeadline()))
                : settings.drainDeadline();
        drain(new Outcome(Outcome.Kind.DRAINED, reason), deadline);
      }
      case DROP -> message.getDrop().getPlacesList().forEach(dropper::drop);
      case M_NOT_SET -> log.debug("a message of a newer protocol is ignored");
    }
  }

  @Override
  public void lost(Session from, Status status) {
    synchronized (monitor) {
      if (from == session) {
        lose(status);
      }
    }
    from.dispose();
  }

  private void lose(Status status) {
    session = null;
    attempts.logs().disconnected();
    Outcome end = contact.lost(status);
    if (end != null) {
      log.warn("node {} ends: {}", settings.name(), end.message());
      farewell.breakOff(end);
    }
    monitor.changed();
  }

  @Override
  public void writable() {
    synchronized (monitor) {
      monitor.changed();
    }
  }

  /**
   * Gives up what the node has.
   *
   * @param failed whether it has not come to its end
   */
  void finish(boolean failed) {
    Session last;
    Outcome how = new Outcome(Outcome.Kind.FAILED, "an error of the node itself");
    synchronized (monitor) {
      Outcome planned = farewell.outcome();
      how = failed || planned == null ? how : planned;
      last = session;
      session = null;
    }
    attempts.logs().finish(LAST_FLUSH_MILLIS);
    if (last != null) {
      last.complete(LAST_FLUSH_MILLIS);
    }
    dropper.shutdown();
    synchronized (monitor) {
      attempts.shutdown();
      outcome = how;
    }
    log.info("node {} has ended: {}", settings.name(), how.message());
  }
}
