package dev.rung.session;

import java.time.Duration;

/**
 * What sessions hold nodes to.
 *
 * @param windowEntries unacknowledged entries of one attempt, at most
 * @param windowBytes unacknowledged bytes of one node, at most
 * @param heartbeat longest time between two messages of a node; three of them without any end the
 *     session
 * @param keepTraining how long a node trains on without contact
 * @param linger longest wait of an attempt at a milestone
 * @param offerTimeout how long an offer may bring no attempt before it is made anew
 * @param checkpoints where nodes keep checkpoints that name no place of their own; ends with a
 *     slash
 * @param software this server, for people
 */
public record SessionSettings(
    int windowEntries,
    long windowBytes,
    Duration heartbeat,
    Duration keepTraining,
    Duration linger,
    Duration offerTimeout,
    String checkpoints,
    String software) {

  /** The ordinary settings with a place for checkpoints. */
  public static SessionSettings defaults(String checkpoints, String software) {
    return new SessionSettings(
        1_024,
        4L << 20,
        Duration.ofSeconds(10),
        Duration.ofMinutes(10),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        checkpoints,
        software);
  }

  /**
   * The same with a heartbeat that is short enough for a deadline: a node that says nothing has no
   * session any more after half of it.
   *
   * @param lostAfter how long an attempt may be without a session before it is lost
   */
  public SessionSettings within(Duration lostAfter) {
    Duration most = lostAfter.dividedBy(6);
    return new SessionSettings(
        windowEntries,
        windowBytes,
        heartbeat.compareTo(most) < 0 ? heartbeat : most,
        keepTraining,
        linger,
        offerTimeout,
        checkpoints,
        software);
  }
}
