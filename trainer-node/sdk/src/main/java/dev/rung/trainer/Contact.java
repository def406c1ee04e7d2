package dev.rung.trainer;

import dev.rung.proto.v1.Welcome;
import io.grpc.Status;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node knows of its server: whether it is there, when to dial it again, when to give a sign
 * of life, and when to stop training without it. Guarded by the node's {@link Monitor}.
 */
final class Contact {
  /** Version of the protocol that this node speaks. */
  static final int PROTOCOL = 1;

  private static final Logger log = LoggerFactory.getLogger(Contact.class);
  private static final long DEFAULT_HEARTBEAT = TimeUnit.SECONDS.toNanos(10);
  private static final long SHORTEST_HEARTBEAT = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long DEFAULT_KEEP_TRAINING = TimeUnit.MINUTES.toNanos(10);

  /** A stream that held so long was a good one: the next back-off starts from the beginning. */
  private static final long GOOD_STREAM = TimeUnit.SECONDS.toNanos(1);

  private final Monitor monitor;
  private final NodeSettings settings;
  private final Backoff backoff;
  private boolean welcomed;
  private boolean complained;
  private int connection;
  private long heartbeat = DEFAULT_HEARTBEAT;
  private long keepTraining = DEFAULT_KEEP_TRAINING;
  private long dialAt;
  private long dialledAt;
  private long welcomedAt;
  private long lastSent;
  private long lostAt = Monitor.NEVER;

  Contact(Monitor monitor, NodeSettings settings) {
    this.monitor = monitor;
    this.settings = settings;
    NodeSettings.Timing timing = settings.timing();
    this.backoff =
        new Backoff(
            settings.seed(),
            Monitor.nanos(timing.firstBackoff()),
            Monitor.nanos(timing.longestBackoff()));
  }

  /** Whether it is time to dial. */
  boolean dialDue(Alarm alarm) {
    return alarm.due(dialAt);
  }

  /** A stream is dialled; returns its number, from 1. */
  int dialled() {
    welcomed = false;
    dialledAt = monitor.now();
    return ++connection;
  }

  /** Whether the server has been silent for too long since it was dialled. */
  boolean isSilent(Alarm alarm) {
    return !welcomed && alarm.due(dialledAt + Monitor.nanos(settings.timing().welcome()));
  }

  /** The server takes the node. */
  void welcome(Welcome welcome) {
    heartbeat =
        welcome.hasHeartbeat()
            ? Math.max(SHORTEST_HEARTBEAT, Monitor.nanos(welcome.getHeartbeat()))
            : DEFAULT_HEARTBEAT;
    keepTraining =
        welcome.hasKeepTraining()
            ? Monitor.nanos(welcome.getKeepTraining())
            : DEFAULT_KEEP_TRAINING;
    welcomed = true;
    complained = false;
    welcomedAt = monitor.now();
    lastSent = welcomedAt;
    lostAt = Monitor.NEVER;
    log.info(
        "node {} is connected to {} ({}), connection {}",
        settings.name(),
        settings.server(),
        welcome.getSoftware(),
        connection);
  }

  /** Whether the server has welcomed the present stream. */
  boolean isWelcomed() {
    return welcomed;
  }

  /** Something was sent. */
  void sent() {
    lastSent = monitor.now();
  }

  /** Whether a sign of life is due: at a third of the longest silence, so that two may be late. */
  boolean heartbeatDue(Alarm alarm) {
    return alarm.due(lastSent + heartbeat / 3);
  }

  /**
   * The stream is lost, or there was none.
   *
   * @return the end of the node where dialling again cannot help; else null
   */
  @Nullable Outcome lost(Status status) {
    Outcome end = end(status);
    if (end == null) {
      long now = monitor.now();
      if (welcomed) {
        lostAt = now;
        if (now - welcomedAt >= GOOD_STREAM) {
          backoff.reset();
        }
      }
      dialAt = now + backoff.next();
      complain(status);
    }
    welcomed = false;
    return end;
  }

  /** One line a loss: that the server is still away is no news. */
  private void complain(Status status) {
    if (welcomed || !complained) {
      log.info(
          "node {} {} the server at {} and dials on: {}",
          settings.name(),
          welcomed ? "lost" : "does not reach",
          settings.server(),
          describe(status));
      complained = true;
    }
  }

  /** Why to stop training: contact was lost too long ago. Said once a loss; else null. */
  @Nullable String trainedTooLong(Alarm alarm) {
    if (lostAt == Monitor.NEVER || !alarm.due(lostAt + keepTraining)) {
      return null;
    }
    lostAt = Monitor.NEVER;
    return "no contact with the server for " + TimeUnit.NANOSECONDS.toSeconds(keepTraining) + " s";
  }

  private @Nullable Outcome end(Status status) {
    String why = describe(status);
    return switch (status.getCode()) {
      case ABORTED ->
          new Outcome(
              Outcome.Kind.SUPERSEDED,
              "another node named " + settings.name() + " took over at the server: " + why);
      case FAILED_PRECONDITION ->
          new Outcome(
              Outcome.Kind.REJECTED,
              "the server does not speak version " + PROTOCOL + " of the protocol: " + why);
      case INVALID_ARGUMENT ->
          welcomed
              ? null
              : new Outcome(Outcome.Kind.REJECTED, "the server does not take this node: " + why);
      // Whatever else a server or a network says, it may be over at the next try.
      default -> null;
    };
  }

  private static String describe(Status status) {
    String description = status.getDescription();
    return status.getCode() + (description == null ? "" : ": " + description);
  }
}
