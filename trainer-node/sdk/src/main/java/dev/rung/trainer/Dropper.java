package dev.rung.trainer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes checkpoints a while after the server said so, because a trial may be on its way to go on
 * from one; and on a thread of its own, because a slow disk must not hold directives up. What waits
 * is kept in a file, if the node has a folder: the next start of the node goes on with it.
 *
 * <p>Not final: a simulated node deletes nothing.
 */
class Dropper {
  private static final Logger log = LoggerFactory.getLogger(Dropper.class);
  private static final int MOST_WAITING = 4_096;

  private final NodeCheckpoints store;
  private final Duration grace;
  private final ScheduledThreadPoolExecutor thread;

  /** Places by the time at which they are deleted, in milliseconds since 1970. */
  private final Map<String, Long> waiting = new LinkedHashMap<>();

  private @Nullable Path file;
  private int lines;

  /**
   * @param grace how long a checkpoint stays after it is dropped
   */
  Dropper(NodeCheckpoints store, String name, Duration grace) {
    this.store = store;
    this.grace = grace;
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread daemon = new Thread(task, name + "-drop");
              daemon.setDaemon(true);
              return daemon;
            });
    thread.setKeepAliveTime(10, TimeUnit.SECONDS);
    thread.allowCoreThreadTimeOut(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * Keeps what waits in a file from now on, and goes on with what an earlier process left there.
   */
  synchronized void keepIn(Path kept) throws IOException {
    file = kept;
    if (!Files.exists(kept)) {
      return;
    }
    for (String line : Files.readAllLines(kept)) {
      int space = line.indexOf(' ');
      // The last line may be torn.
      if (space > 0 && line.substring(0, space).matches("[0-9]{1,18}")) {
        wait(line.substring(space + 1), Long.parseLong(line.substring(0, space)));
      }
    }
    rewrite();
  }

  /** Deletes a checkpoint after the grace. */
  synchronized void drop(String place) {
    if (waiting.containsKey(place)) {
      return;
    }
    if (waiting.size() >= MOST_WAITING) {
      log.warn("the checkpoint {} is not deleted: too many wait for it", place);
      return;
    }
    long due = System.currentTimeMillis() + grace.toMillis();
    wait(place, due);
    try {
      if (lines >= 2 * MOST_WAITING) {
        rewrite();
      } else if (file != null) {
        Files.writeString(
            file, due + " " + place + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        lines++;
      }
    } catch (IOException e) {
      log.warn("{} cannot be written, so a restart may leave checkpoints: {}", file, e.toString());
    }
  }

  private void wait(String place, long due) {
    waiting.put(place, due);
    // The clock may have been set back since.
    long millis = Math.min(Math.max(0, due - System.currentTimeMillis()), grace.toMillis());
    var unused = thread.schedule(() -> delete(place), millis, TimeUnit.MILLISECONDS);
  }

  private void delete(String place) {
    try {
      store.drop(place);
    } catch (IOException | RuntimeException e) {
      log.warn("the checkpoint {} is not deleted: {}", place, e.toString());
    }
    synchronized (this) {
      waiting.remove(place);
      if (waiting.isEmpty()) {
        try {
          rewrite();
        } catch (IOException e) {
          log.warn("{} stays, and is gone through again: {}", file, e.toString());
        }
      }
    }
  }

  private void rewrite() throws IOException {
    if (file == null) {
      return;
    }
    lines = waiting.size();
    if (waiting.isEmpty()) {
      Files.deleteIfExists(file);
      return;
    }
    List<String> all =
        waiting.entrySet().stream().map(entry -> entry.getValue() + " " + entry.getKey()).toList();
    Files.write(file, all);
  }

  /** Ends. What waits stays for the next start, if there is a file; else for ever. */
  void shutdown() {
    thread.shutdown();
  }
}
