package dev.rung.benchmarks.bare;

import dev.rung.proto.v1.Entries;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;

/** Appends batches to the journal and keeps nothing of them but their number. */
final class BareEntity extends EventSourcedBehavior<BareEntity.Batch, BareEntity.Recorded, Long> {

  /** Messages that become durable together. */
  record Batch(List<Entries> messages, ActorRef<BareGateway.Written> replyTo) {}

  /** A batch as it is stored: one event. */
  record Recorded(List<Entries> messages) {}

  BareEntity() {
    super(PersistenceId.ofUniqueId("study|bare"));
  }

  @Override
  public Long emptyState() {
    return 0L;
  }

  @Override
  public CommandHandler<Batch, Recorded, Long> commandHandler() {
    return (count, batch) ->
        Effect()
            .persist(new Recorded(batch.messages()))
            .thenRun(() -> batch.replyTo().tell(new BareGateway.Written()));
  }

  @Override
  public EventHandler<Long, Recorded> eventHandler() {
    return (count, recorded) -> count + 1;
  }
}
