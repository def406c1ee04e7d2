package dev.rung.benchmarks.bare;

import dev.rung.proto.v1.Ack;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.ServerMessage;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** Writes one batch while the next gathers, and acknowledges what is written. */
final class BareGateway extends AbstractBehavior<BareGateway.Command> {
  /** The product's bounds of a batch. */
  private static final int MOST_MESSAGES = 4_096;

  private static final int MOST_BYTES = 128 * 1024;

  sealed interface Command {}

  /** A message of a node, and where its acknowledgement goes. */
  record Add(Entries entries, StreamObserver<ServerMessage> acks) implements Command {}

  /** The batch in flight is durable. */
  record Written() implements Command {}

  private final ActorRef<BareEntity.Batch> entity;
  private final Deque<Add> queue = new ArrayDeque<>();
  private List<Add> inFlight = List.of();

  private BareGateway(ActorContext<Command> context) {
    super(context);
    entity = context.spawn(new BareEntity(), "entity");
  }

  static Behavior<Command> create() {
    return Behaviors.setup(BareGateway::new);
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onMessage(Command.class, this::on).build();
  }

  private Behavior<Command> on(Command command) {
    switch (command) {
      case Add add -> queue.add(add);
      case Written written -> {
        inFlight.forEach(BareGateway::acknowledge);
        inFlight = List.of();
      }
    }
    if (inFlight.isEmpty() && !queue.isEmpty()) {
      inFlight = new ArrayList<>();
      int bytes = 0;
      while (!queue.isEmpty() && inFlight.size() < MOST_MESSAGES) {
        bytes += queue.element().entries().getSerializedSize();
        if (bytes > MOST_BYTES && !inFlight.isEmpty()) {
          break;
        }
        inFlight.add(queue.remove());
      }
      List<Entries> batch = inFlight.stream().map(Add::entries).toList();
      entity.tell(new BareEntity.Batch(batch, getContext().getSelf().narrow()));
    }
    return this;
  }

  private static void acknowledge(Add add) {
    Entries entries = add.entries();
    add.acks()
        .onNext(
            ServerMessage.newBuilder()
                .setAck(
                    Ack.newBuilder()
                        .setAttempt(entries.getAttempt())
                        .setAckedSeq(entries.getFirstSeq() + entries.getEntriesCount() - 1))
                .build());
  }
}
