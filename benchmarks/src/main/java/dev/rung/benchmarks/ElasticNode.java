package dev.rung.benchmarks;

import com.google.protobuf.Duration;
import dev.rung.proto.v1.Accepted;
import dev.rung.proto.v1.Ack;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Directive;
import dev.rung.proto.v1.Draining;
import dev.rung.proto.v1.Heartbeat;
import dev.rung.proto.v1.Hello;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.Refused;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.Welcome;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One process of a node that trains nothing: it outlives its connections, keeps its logs until they
 * are acknowledged, and leaves in order or without a word.
 */
final class ElasticNode {
  private static final NodeMessage HEARTBEAT =
      NodeMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build();

  private static final NodeMessage DRAINING =
      NodeMessage.newBuilder()
          .setDraining(Draining.newBuilder().setDeadline(Duration.newBuilder().setSeconds(60)))
          .build();

  /** Who has nodes. Called while a node is locked, so it does nothing that waits. */
  interface Owner {
    /** A node was taken in. */
    void joined();

    /** A node that drained has delivered everything and is gone. */
    void gone(ElasticNode node);

    /** The server, or chance, has cut a node that wanted to stay. */
    void dropped(ElasticNode node, Throwable error);

    /** A node that stays was given an attempt that it had no slot for. */
    void refused();

    /** A part of an attempt's log is durable. */
    void acknowledged(AttemptRef attempt, long seq);
  }

  private final int port;
  private final String name;
  private final long incarnation;
  private final int slots;
  private final SlotUse use;
  private final Owner owner;
  private final Map<AttemptRef, ScriptedAttempt> attempts = new LinkedHashMap<>();
  private @Nullable Session session;
  private int connections;
  private boolean isThere;
  private boolean isSilent;
  private boolean drains;
  private int countedSlots;
  private int countedBusy;

  /**
   * @param leftOver logs of an earlier process, which are delivered first
   */
  ElasticNode(
      int port,
      String name,
      long incarnation,
      int slots,
      List<ScriptedAttempt> leftOver,
      SlotUse use,
      Owner owner) {
    this.port = port;
    this.name = name;
    this.incarnation = incarnation;
    this.slots = slots;
    this.use = use;
    this.owner = owner;
    for (ScriptedAttempt attempt : leftOver) {
      attempt.end(Cause.CAUSE_LOST);
      attempts.put(attempt.ref(), attempt);
    }
  }

  String name() {
    return name;
  }

  long incarnation() {
    return incarnation;
  }

  /** Connects, again if it was connected before; what goes on there it says in its Hello. */
  synchronized void dial() {
    Session old = session;
    isThere = false;
    isSilent = false;
    attempts.values().forEach(ScriptedAttempt::rewind);
    CutSocket socket = new CutSocket();
    Session opened = new Session(socket, ++connections);
    session = opened;
    opened.connect();
    if (old != null) {
      old.close();
    }
  }

  /** Trains a step and sends what there is to say. */
  synchronized void tick() {
    attempts.values().forEach(ScriptedAttempt::train);
    Session open = session;
    if (open != null && isThere && !isSilent) {
      boolean hasSpoken = false;
      for (ScriptedAttempt attempt : attempts.values()) {
        hasSpoken |= send(open, attempt);
      }
      if (!hasSpoken) {
        open.send(HEARTBEAT);
      }
      if (drains && attempts.isEmpty()) {
        open.complete();
        forget();
        owner.gone(this);
      }
    }
    count();
  }

  /** Leaves in order, once its attempts have come to a checkpoint; the owner is told. */
  synchronized void drain() {
    drains = true;
    attempts.values().forEach(ScriptedAttempt::preempt);
    if (session != null && isThere) {
      session.send(DRAINING);
    }
    count();
  }

  /** Is cut off by a reset, and trains on. */
  synchronized void reset() {
    if (session != null) {
      session.socket.reset();
      session.close();
      forget();
    }
    count();
  }

  /** Says and hears nothing any more on a connection that stays, and trains on. */
  synchronized void fallSilent() {
    isSilent = true;
    count();
  }

  /** The process ends, and a silent connection is left as it is. */
  synchronized List<ScriptedAttempt> die() {
    List<ScriptedAttempt> logs = new ArrayList<>(attempts.values());
    attempts.clear();
    forget();
    count();
    return logs;
  }

  /** Whether the server has it. */
  synchronized boolean isThere() {
    return isThere && !isSilent;
  }

  /** Attempts that train on it. */
  synchronized List<AttemptRef> training() {
    return attempts.values().stream()
        .filter(ScriptedAttempt::isTraining)
        .map(ScriptedAttempt::ref)
        .toList();
  }

  /** Cuts the connection for good. */
  synchronized void close() {
    if (session != null) {
      session.close();
    }
    die();
  }

  private void forget() {
    session = null;
    isThere = false;
  }

  private boolean send(Session open, ScriptedAttempt attempt) {
    var unsent = attempt.unsent();
    unsent.ifPresent(open::send);
    return unsent.isPresent();
  }

  private int busy() {
    return (int) attempts.values().stream().filter(ScriptedAttempt::isTraining).count();
  }

  /** Slots count while the server may use them. */
  private void count() {
    boolean counts = isThere && !isSilent && !drains;
    int nowSlots = counts ? slots : 0;
    int nowBusy = counts ? Math.min(slots, busy()) : 0;
    use.change(nowSlots - countedSlots, nowBusy - countedBusy);
    countedSlots = nowSlots;
    countedBusy = nowBusy;
  }

  /** A stream of this process. */
  private final class Session extends WireNode {
    private final CutSocket socket;
    private final int connection;

    Session(CutSocket socket, int connection) {
      super(socket.to(port), name, slots);
      this.socket = socket;
      this.connection = connection;
    }

    @Override
    Hello.Builder hello() {
      return super.hello()
          .setIncarnation(incarnation)
          .setConnection(connection)
          .addAllAttempts(attempts.keySet());
    }

    /** Whether what comes is heard. */
    private boolean counts() {
      return session == this && !isSilent;
    }

    @Override
    void welcomed(Welcome welcome) {
      synchronized (ElasticNode.this) {
        if (counts()) {
          isThere = true;
          if (drains) {
            send(DRAINING);
          }
          owner.joined();
          count();
        }
      }
    }

    @Override
    void run(Run run) {
      synchronized (ElasticNode.this) {
        if (!counts()) {
          return;
        }
        AttemptRef ref = run.getAttempt();
        if (!attempts.containsKey(ref) && (drains || isFull(ref))) {
          if (!drains) {
            owner.refused();
          }
          send(
              NodeMessage.newBuilder()
                  .setRefused(Refused.newBuilder().setAttempt(ref).setReason("no slot is free"))
                  .build());
          return;
        }
        attempts.putIfAbsent(ref, new ScriptedAttempt(run));
        send(NodeMessage.newBuilder().setAccepted(Accepted.newBuilder().setAttempt(ref)).build());
        count();
      }
    }

    /** An older attempt of the same trial makes room for a newer one. */
    private boolean isFull(AttemptRef newer) {
      attempts.values().stream()
          .filter(a -> a.isTraining() && a.ref().getTrial().equals(newer.getTrial()))
          .forEach(a -> a.fence(true));
      return !drains && busy() >= slots;
    }

    @Override
    void acknowledged(Ack ack) {
      synchronized (ElasticNode.this) {
        ScriptedAttempt attempt = attempts.get(ack.getAttempt());
        if (counts() && attempt != null) {
          attempt.acknowledged(ack);
          owner.acknowledged(ack.getAttempt(), attempt.acked());
          if (attempt.isDelivered()) {
            attempts.remove(ack.getAttempt());
          }
          count();
        }
      }
    }

    @Override
    void directed(Directive directive) {
      synchronized (ElasticNode.this) {
        ScriptedAttempt attempt = attempts.get(directive.getAttempt());
        if (counts() && attempt != null) {
          attempt.obey(directive);
          ElasticNode.this.send(this, attempt);
          if (attempt.isDelivered()) {
            attempts.remove(directive.getAttempt());
          }
          count();
        }
      }
    }

    @Override
    void lost(Throwable error) {
      close();
      synchronized (ElasticNode.this) {
        if (session == this) {
          boolean wasSilent = isSilent;
          forget();
          count();
          if (!wasSilent) {
            owner.dropped(ElasticNode.this, error);
          }
        }
      }
    }

    @Override
    void ready() {
      // One small message at a time.
    }
  }
}
