package dev.rung.simulation;

import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.session.SimulatedSessions;
import dev.rung.session.TrainerSession;
import dev.rung.space.KeyedRandom;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * One stream between a node and a server: ordered, late, and cut at any message. Half of it may go
 * dead without a word, until somebody finds out. A wild one also repeats, reorders and loses
 * entries, which no honest network does.
 */
final class Wire {
  private static final long MILLIS = 1_000_000;
  private static final long SECONDS = 1_000 * MILLIS;
  private static final int BUFFERED = 16;
  private static final int REPLAYED = 50;

  /** One direction. */
  private final class Pipe {
    private long last;
    private int inFlight;
    private boolean dead;

    void send(Runnable delivery, Runnable drained) {
      if (dead || cut) {
        return;
      }
      inFlight++;
      last = Math.max(last, timeline.now() + delay());
      timeline.after(
          last - timeline.now(),
          () -> {
            inFlight--;
            if (!cut) {
              delivery.run();
              if (inFlight == BUFFERED - 1) {
                drained.run();
              }
            }
          });
    }

    boolean isReady() {
      return inFlight < BUFFERED;
    }
  }

  private final Simulation simulation;
  private final Timeline timeline;
  private final KeyedRandom random;
  private final Host host;
  private final SimulatedServer server;
  private final NodeEnd nodeEnd = new NodeEnd();
  private final ServerEnd serverEnd = new ServerEnd();
  private final Pipe toServer = new Pipe();
  private final Pipe toNode = new Pipe();
  private final List<Consumer<ActorRef<TrainerSession.Command>>> early = new ArrayList<>();
  private final List<NodeMessage> replayable = new ArrayList<>();
  private ClientCall.@Nullable Listener<ServerMessage> listener;
  private @Nullable ActorRef<TrainerSession.Command> session;
  private boolean cut;

  Wire(Simulation simulation, Host host, SimulatedServer server, KeyedRandom random) {
    this.simulation = simulation;
    this.timeline = simulation.timeline();
    this.random = random;
    this.host = host;
    this.server = server;
  }

  NodeEnd nodeEnd() {
    return nodeEnd;
  }

  ServerEnd serverEnd() {
    return serverEnd;
  }

  Host host() {
    return host;
  }

  boolean isCut() {
    return cut;
  }

  /** The server hears nothing any more. */
  void deafen() {
    toServer.dead = true;
  }

  /** Cuts it unless all that was sent arrives. */
  void cutIfLossy() {
    if (toServer.dead || toNode.dead || simulation.style().wild()) {
      cut();
    }
  }

  private long delay() {
    return random.nextInt(20) == 0
        ? random.nextInt(300) * MILLIS
        : random.nextInt(3_000) * (MILLIS / 1_000);
  }

  /** The session that the server gave this stream. */
  void attended(ActorRef<TrainerSession.Command> by) {
    session = by;
    early.forEach(message -> message.accept(by));
    early.clear();
  }

  private void toSession(Consumer<ActorRef<TrainerSession.Command>> message) {
    if (session == null) {
      early.add(message);
    } else {
      message.accept(session);
    }
  }

  /** Cuts it: what is on its way is lost, and both ends hear of it, each after a while. */
  void cut() {
    if (cut) {
      return;
    }
    cut = true;
    timeline.after(delay(), () -> nodeEnd.end(Status.UNAVAILABLE.withDescription("cut")));
    timeline.after(delay(), () -> toSession(to -> SimulatedSessions.gone(to, "it was cut")));
  }

  /** The server's machine is gone: the node hears of it at once or finds out. */
  void serverDied() {
    if (!cut) {
      cut = true;
      boolean silently = simulation.style().stormSeconds() > 0 && random.nextInt(5) == 0;
      long found = silently ? (20 + random.nextInt(30)) * SECONDS : delay();
      timeline.after(found, () -> nodeEnd.end(Status.UNAVAILABLE.withDescription("reset")));
    }
  }

  /** The node's machine is gone: the session hears of it at once or finds out. */
  void nodeDied() {
    if (!cut) {
      cut = true;
      if (random.nextInt(4) > 0) {
        timeline.after(delay(), () -> toSession(to -> SimulatedSessions.gone(to, "reset")));
      }
    }
  }

  /** Something happens to the stream. */
  private void trouble() {
    switch (random.nextInt(4)) {
      case 0 -> toServer.dead = true;
      case 1 -> toNode.dead = true;
      default -> {
        cut();
        return;
      }
    }
    // The node's keep-alive finds it out.
    timeline.after((20 + random.nextInt(30)) * SECONDS, this::cut);
  }

  /** What the node's gRPC sees. */
  final class NodeEnd extends ClientCall<NodeMessage, ServerMessage> {
    private boolean over;

    private NodeEnd() {}

    @Override
    public void start(Listener<ServerMessage> responses, Metadata headers) {
      listener = responses;
      if (server.isUp()) {
        simulation.wires().opened(Wire.this);
        toServer.send(() -> server.open(Wire.this), () -> {});
      } else {
        cut = true;
        timeline.after(delay(), () -> end(Status.UNAVAILABLE.withDescription("refused")));
      }
    }

    @Override
    public void sendMessage(NodeMessage message) {
      if (message.hasEntries()) {
        simulation.history().sent(host, message.getEntries());
      }
      if (simulation.isStormy() && random.nextInt(simulation.style().streamOdds()) == 0) {
        trouble();
      }
      if (message.hasEntries() && simulation.isStormy() && simulation.style().wild()) {
        wildly(message);
      } else {
        toServer.send(() -> arrive(message), this::drained);
      }
    }

    /** Twice or thrice, late, not at all, or with everything that went before. */
    private void wildly(NodeMessage message) {
      replayable.add(message);
      switch (random.nextInt(12)) {
        case 0 -> {
          for (int i = 0; i < 3; i++) {
            toServer.send(() -> arrive(message), this::drained);
          }
        }
        case 1, 2 ->
            timeline.after(
                random.nextInt(2_000) * MILLIS,
                () -> {
                  if (!cut) {
                    arrive(message);
                  }
                });
        case 3 -> {
          // Lost: whatever comes next leaves a gap.
        }
        case 4 -> {
          int from = Math.max(0, replayable.size() - REPLAYED);
          for (NodeMessage old : List.copyOf(replayable.subList(from, replayable.size()))) {
            toServer.send(() -> arrive(old), this::drained);
          }
        }
        default -> toServer.send(() -> arrive(message), this::drained);
      }
    }

    private void arrive(NodeMessage message) {
      toSession(to -> SimulatedSessions.say(to, message));
      switch (message.getMCase()) {
        case HELLO -> simulation.reach(Failpoint.AFTER_HELLO_RECEIVED);
        case ENTRIES -> simulation.reach(Failpoint.AFTER_ENTRIES_RECEIVED);
        case ACCEPTED -> simulation.reach(Failpoint.AFTER_ACCEPTED_RECEIVED);
        default -> {
          // Nothing of note.
        }
      }
    }

    private void drained() {
      toListener(Listener::onReady);
    }

    @Override
    public boolean isReady() {
      return toServer.isReady();
    }

    @Override
    public void request(int messages) {
      // Every message is taken at once.
    }

    @Override
    public void cancel(@Nullable String message, @Nullable Throwable cause) {
      over = true;
      if (!cut) {
        toServer.send(
            () -> {
              cut = true;
              toSession(to -> SimulatedSessions.gone(to, "it was cancelled"));
            },
            () -> {});
      }
    }

    @Override
    public void halfClose() {
      toServer.send(() -> toSession(to -> SimulatedSessions.gone(to, "it ended")), () -> {});
    }

    private void toListener(Consumer<Listener<ServerMessage>> call) {
      host.receive(() -> {
        Listener<ServerMessage> to = listener;
        if (to != null && !over) {
          call.accept(to);
        }
      });
    }

    private void end(Status status) {
      toListener(to -> {
        over = true;
        to.onClose(status, new Metadata());
      });
    }
  }

  /** What the session sees. */
  final class ServerEnd implements SimulatedSessions.Peer {
    private boolean over;

    private ServerEnd() {}

    @Override
    public void send(ServerMessage message) {
      switch (message.getMCase()) {
        case RUN -> simulation.reach(Failpoint.BEFORE_RUN_SENT);
        case ACK -> simulation.reach(Failpoint.BEFORE_ACK_SENT);
        case DIRECTIVE -> simulation.reach(Failpoint.BEFORE_DIRECTIVE_SENT);
        default -> {
          // Nothing of note.
        }
      }
      if (over || !server.isUp()) {
        return;
      }
      simulation.history().told(host, message);
      ServerMessage heard = withoutLogs(message);
      toNode.send(() -> nodeEnd.toListener(to -> to.onMessage(heard)), this::drained);
      switch (message.getMCase()) {
        case RUN -> simulation.reach(Failpoint.AFTER_RUN_SENT);
        case ACK -> simulation.reach(Failpoint.AFTER_ACK_SENT);
        case DIRECTIVE -> simulation.reach(Failpoint.AFTER_DIRECTIVE_SENT);
        default -> {
          // Nothing of note.
        }
      }
      if (simulation.isStormy() && random.nextInt(simulation.style().streamOdds()) == 0) {
        trouble();
      }
    }

    /**
     * A node that is told no session sends no logs, which have a thread and a call of their own.
     */
    private static ServerMessage withoutLogs(ServerMessage message) {
      return message.hasWelcome()
          ? message.toBuilder().setWelcome(message.getWelcome().toBuilder().clearSession()).build()
          : message;
    }

    private void drained() {
      toSession(SimulatedSessions::writable);
    }

    @Override
    public boolean isReady() {
      return !over && toNode.isReady();
    }

    @Override
    public void close(Status status) {
      if (!over && server.isUp()) {
        over = true;
        toNode.send(
            () -> {
              cut = true;
              nodeEnd.end(status.isOk() ? Status.UNAVAILABLE : status);
            },
            () -> {});
      }
    }

    @Override
    public boolean arrives() {
      return simulation.messages().arrivesInOrder();
    }
  }
}
