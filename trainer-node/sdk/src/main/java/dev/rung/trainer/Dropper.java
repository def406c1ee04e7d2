package dev.rung.trainer;

import java.io.IOException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes checkpoints on a thread of its own, because a slow disk must not hold directives up. */
final class Dropper {
  private static final Logger log = LoggerFactory.getLogger(Dropper.class);
  private static final int MOST_WAITING = 4_096;

  private final CheckpointStore store;
  private final ThreadPoolExecutor thread;

  Dropper(CheckpointStore store, String name) {
    this.store = store;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MOST_WAITING),
            task -> {
              Thread daemon = new Thread(task, name + "-drop");
              daemon.setDaemon(true);
              return daemon;
            },
            (task, executor) -> log.warn("a checkpoint is not deleted: too many wait for it"));
    thread.allowCoreThreadTimeOut(true);
  }

  /** Deletes a checkpoint soon. */
  void drop(String place) {
    thread.execute(() -> {
      try {
        store.drop(place);
      } catch (IOException | RuntimeException e) {
        log.warn("the checkpoint {} is not deleted: {}", place, e.toString());
      }
    });
  }

  /** Deletes what waits, then ends. */
  void shutdown() {
    thread.shutdown();
  }
}
