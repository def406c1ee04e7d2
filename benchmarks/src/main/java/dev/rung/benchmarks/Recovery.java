package dev.rung.benchmarks;

import dev.rung.proto.v1.Study;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What it takes to have a large study back after a {@code kill -9}: time until it answers, time
 * until the read side has caught up from nothing, and heap beyond that of an idle server.
 */
final class Recovery {
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private final String archive;
  private final long idle;

  private Recovery(String archive, long idle) {
    this.archive = archive;
    this.idle = idle;
  }

  /** Options: trials, points (of a trial), rounds (starts of each journal). */
  static void run(Options options) throws Exception {
    int trials = options.number("trials", 100_000);
    int points = options.number("points", 10);
    int rounds = options.number("rounds", 3);
    System.out.println(Machine.describe());
    try (WorkFolder folder = WorkFolder.create()) {
      String archive =
          ServerProcess.archive(
              folder.path().resolve("data"), folder.path().resolve("classes.jsa"));
      long idle = idleHeap();
      System.out.printf("heap of an idle server: %,.1f MB%n", idle / 1e6);
      Recovery recovery = new Recovery(archive, idle);
      recovery.measure(trials, points, rounds, true);
      recovery.measure(trials, points, rounds, false);
    }
    System.out.println(Machine.describe());
  }

  private static long idleHeap() throws Exception {
    try (WorkFolder folder = WorkFolder.create();
        ServerProcess server = ServerProcess.product(folder.path().resolve("data"))) {
      TimeUnit.SECONDS.sleep(5);
      return server.heapAfterCollection();
    }
  }

  private void measure(int trials, int points, int rounds, boolean snapshots) throws Exception {
    try (WorkFolder folder = WorkFolder.create()) {
      Path data = folder.path().resolve("data");
      long begin = System.nanoTime();
      LargeStudy study = LargeStudy.write(data, trials, points, snapshots);
      System.out.printf(
          "%,d trials, %,d points, %,d events, %s, written in %.0f s%n",
          study.trials(),
          study.points(),
          study.events(),
          snapshots
              ? "the last snapshot %,d events before the end".formatted(study.eventsSinceSnapshot())
              : "no snapshot",
          seconds(begin));
      // The first start makes the read side, which a server that was killed had before.
      for (int i = 0; i <= rounds; i++) {
        start(data, study, i);
      }
    }
  }

  private void start(Path data, LargeStudy study, int round) throws Exception {
    long begin = System.nanoTime();
    try (ServerProcess server = ServerProcess.product(data, List.of(archive));
        StudyClient client = new StudyClient(server.port())) {
      Study shown = await(() -> client.show(study.id()));
      double answered = seconds(begin);
      if (shown.getTrialsMap().values().stream().mapToLong(Long::longValue).sum()
          < study.trials()) {
        throw new IllegalStateException("expected every trial, but came " + shown.getTrialsMap());
      }
      System.out.printf(
          "  start %d: ready after %.1f s, the study answers after %.1f s (%.1f s after ready);"
              + " load %s%n",
          round,
          server.untilReady().toMillis() / 1e3,
          answered,
          answered - server.untilReady().toMillis() / 1e3,
          Machine.load());
      await(() -> client.firstTrial(study.id()));
      double caughtUp = seconds(begin);
      long heap = server.heapAfterCollection();
      System.out.printf(
          "           the read side has caught up after %.1f s; heap %,.1f MB, %,.1f MB beyond idle;"
              + " load %s%n",
          caughtUp, heap / 1e6, (heap - idle) / 1e6, Machine.load());
    }
  }

  private interface Call<T> {
    T get();
  }

  /** Asks again until there is an answer. */
  private static <T> T await(Call<T> call) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return call.get();
      } catch (StatusRuntimeException e) {
        if (System.nanoTime() > end) {
          throw e;
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }
}
