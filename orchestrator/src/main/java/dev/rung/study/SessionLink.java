package dev.rung.study;

import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What a study tells the sessions of nodes. A node without one is told when it is back. */
final class SessionLink {
  private final String study;
  private final LostNodes nodes;

  SessionLink(String study, LostNodes nodes) {
    this.study = study;
    this.nodes = nodes;
  }

  /** An attempt is to begin. */
  void start(StudyState state, StudyEffect.Start start) {
    nodes.leased(start.attempt().trial());
    pass(
        nodes.session(start.slot().node()),
        new ToSession.Start(study, start.attempt(), start.slot(), RunOrders.of(state, start)));
  }

  /** An attempt has another order. */
  void tell(StudyEffect.Tell tell) {
    pass(nodes.session(tell.node()), new ToSession.Tell(study, tell.attempt(), tell.order()));
  }

  /** A checkpoint is not needed any more. */
  void drop(StudyEffect.Drop drop) {
    @Nullable ActorRef<ToSession> own = nodes.session(drop.node());
    pass(
        own == null && drop.any() ? nodes.anySession() : own,
        new ToSession.Drop(study, drop.place()));
  }

  private static void pass(@Nullable ActorRef<ToSession> session, ToSession message) {
    if (session != null) {
      session.tell(message);
    }
  }
}
