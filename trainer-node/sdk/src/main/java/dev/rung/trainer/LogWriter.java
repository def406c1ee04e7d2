package dev.rung.trainer;

import dev.rung.proto.v1.Entry;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts an attempt's entries on disk before they are sent. While the disk takes none, because it is
 * full perhaps, the trainer waits: so no entry is lost, and training goes on by itself once there
 * is room. Used from the trainer's thread.
 */
final class LogWriter {
  private static final Logger log = LoggerFactory.getLogger(LogWriter.class);
  private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

  private final Monitor monitor;
  private final Attempt attempt;
  private final Sink sink;

  /** What takes entries. */
  interface Sink {
    void append(Entry entry) throws IOException;
  }

  /** Writes to the attempt's log on disk, where it has one. */
  LogWriter(Monitor monitor, Attempt attempt) {
    this(monitor, attempt, sink(attempt.file()));
  }

  LogWriter(Monitor monitor, Attempt attempt, Sink sink) {
    this.monitor = monitor;
    this.attempt = attempt;
    this.sink = sink;
  }

  private static Sink sink(@Nullable LogFile file) {
    return file == null ? entry -> {} : file::append;
  }

  /**
   * Writes an entry, which is then to be appended to what is sent; waits for as long as that fails.
   *
   * @return false where the attempt is fenced, so that nothing more is to be said of it
   */
  boolean write(Entry entry) {
    boolean waits = false;
    while (!isFenced()) {
      try {
        sink.append(entry);
        if (waits) {
          log.info("{} goes on: its log can be written again", attempt);
        }
        return true;
      } catch (IOException e) {
        if (!waits) {
          log.warn(
              "{} waits: its log cannot be written, and is tried again: {}", attempt, e.toString());
          waits = true;
        }
        pause();
      }
    }
    return false;
  }

  private void pause() {
    synchronized (monitor) {
      boolean unused =
          monitor.await(() -> attempt.orders().isFenced(), monitor.now() + RETRY_NANOS);
    }
  }

  private boolean isFenced() {
    synchronized (monitor) {
      return attempt.orders().isFenced();
    }
  }
}
