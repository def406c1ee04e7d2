package dev.rung.cli;

import dev.rung.access.Security;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Starts the server; found as a {@link java.util.ServiceLoader} service. */
public interface ServerStarter {

  /**
   * Starts a server and returns once it takes calls.
   *
   * @throws StartException the server cannot start, for a reason that its operator can mend
   */
  RunningServer start(Settings settings);

  /**
   * What an operator decides.
   *
   * @param data folder of everything that is kept; made where it is missing
   * @param host name or address to listen at
   * @param port 0: a free one
   * @param lostAfter silence after which a node counts as lost; empty: the server's default
   * @param tiedFor how long a trial waits for a busy node whose disk keeps its checkpoint; empty:
   *     the server's default
   * @param checkpoints where nodes keep checkpoints that name no place of their own; empty: in the
   *     data folder
   * @param security TLS and tokens
   * @param http address of the loopback that metrics are read at; empty: none
   */
  record Settings(
      Path data,
      String host,
      int port,
      Optional<Duration> lostAfter,
      Optional<Duration> tiedFor,
      Optional<String> checkpoints,
      Security security,
      Optional<InetSocketAddress> http) {}

  /** A server that takes calls. */
  interface RunningServer extends AutoCloseable {

    /** Where it listens. */
    int port();

    /** Where metrics are read; empty: nowhere. */
    default Optional<InetSocketAddress> http() {
      return Optional.empty();
    }

    /** Waits until it has ended, whatever the reason. */
    void awaitTermination() throws InterruptedException;

    /** Ends it and waits for that; a second time it only waits. */
    @Override
    void close();
  }

  /** A server that cannot start: the message says what was expected and what was found. */
  final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** A failure with its reason in a sentence. */
    public StartException(String message) {
      super(message);
    }

    /** A failure with its reason in a sentence, and where it came from. */
    public StartException(String message, Throwable cause) {
      super(message, cause);
    }
  }
}
