package dev.rung.session;

import io.grpc.Status;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Which pool each node's name is used in, so that nobody whose token is for one pool takes over a
 * node of another: its slots, its attempts and their logs. A name stays its pool's for a while
 * after its last session, since the attempts of a node that dials anew are its own still. In memory
 * only: after a start of the server the first to come has the name. Used from many threads.
 */
final class NodeNames {
  /** Who uses a name. */
  private static final class Use {
    final Set<String> sessions = new HashSet<>();
    String pool;
    long lastEnded;

    Use(String pool) {
      this.pool = pool;
    }
  }

  private final long keptNanos;
  private final LongSupplier nanoTime;
  private final Map<String, Use> uses = new HashMap<>();

  /**
   * No name is used.
   *
   * @param kept how long a name without a session stays its pool's
   */
  NodeNames(Duration kept, LongSupplier nanoTime) {
    this.keptNanos = kept.toNanos();
    this.nanoTime = nanoTime;
  }

  /**
   * A node says its name.
   *
   * @param pool that it says it is in; the caller may run nodes of it
   * @param session that is to be the node's
   * @throws ProtocolException PERMISSION_DENIED: the name is used in a pool that is not the
   *     caller's
   */
  synchronized void claim(Caller caller, String node, String pool, String session) {
    long now = nanoTime.getAsLong();
    uses.values().removeIf(use -> use.sessions.isEmpty() && now - use.lastEnded >= keptNanos);
    Use use = uses.computeIfAbsent(node, name -> new Use(pool));
    if (!caller.pool().isEmpty() && !use.pool.equals(caller.pool())) {
      throw new ProtocolException(
          Status.Code.PERMISSION_DENIED,
          "expected a name that no node of another pool has, but came '%s' for the pool '%s'"
              .formatted(node, caller.pool()));
    }
    use.pool = pool;
    use.sessions.add(session);
  }

  /** A session has ended. */
  synchronized void release(String node, String session) {
    Use use = uses.get(node);
    if (use != null && use.sessions.remove(session)) {
      use.lastEnded = nanoTime.getAsLong();
    }
  }
}
