package dev.rung.access;

import io.grpc.Grpc;
import io.grpc.ServerCall;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs who was refused: a line a second at most, since whoever is refused may come again as often
 * as he likes. What he showed is never in it.
 */
final class Refusals {
  private static final Logger log = LoggerFactory.getLogger(Refusals.class);
  private static final long NANOS_BETWEEN_LINES = 1_000_000_000;

  private final LongSupplier nanoTime;
  private long more;
  private long loggedAt;

  Refusals(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.loggedAt = nanoTime.getAsLong() - NANOS_BETWEEN_LINES;
  }

  /** A call was refused. */
  synchronized void note(ServerCall<?, ?> call, String why) {
    long now = nanoTime.getAsLong();
    if (now - loggedAt < NANOS_BETWEEN_LINES) {
      more++;
      return;
    }
    log.info(
        "refused {} from {}: {}{}",
        call.getMethodDescriptor().getFullMethodName(),
        call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR),
        why,
        more == 0 ? "" : "; and " + more + " other calls since the last such line");
    more = 0;
    loggedAt = now;
  }
}
