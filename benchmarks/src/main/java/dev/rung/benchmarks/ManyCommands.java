package dev.rung.benchmarks;

import dev.rung.proto.v1.Study;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One node that trains many trials at the same time by a command, the script of the guide, which
 * reports once a second. What the node takes is measured without its commands.
 */
final class ManyCommands {
  private static final String STUDY =
      """
      name: commands
      metric: {name: val_loss, goal: minimize}
      resource: {min: 1000, max: 1000}
      budget: {trials: 100000}
      algorithm: {halving: none, search: random, seed: 1}
      space:
        learning_rate: {min: 1.0e-4, max: 1.0e-1, log: true}
        momentum: {min: 0.0, max: 0.9}
      trainer: {kind: benchmark}
      """;

  private static final Path SCRIPT =
      Path.of("..", "docs", "examples", "command", "train.py").toAbsolutePath().normalize();

  private static final long PATIENCE_SECONDS = 120;

  private ManyCommands() {}

  /**
   * Options: slots (of the node), seconds (of the measured time), python.
   *
   * @throws IllegalStateException the node does not hold as many, or leaves some behind
   */
  static void run(Options options) throws Exception {
    int slots = options.number("slots", 200);
    int seconds = options.number("seconds", 30);
    String python = options.text("python").orElse("python3");
    System.out.println(Machine.describe());
    try (WorkFolder folder = WorkFolder.create();
        ServerProcess server = ServerProcess.product(folder.path().resolve("server"));
        StudyClient client = new StudyClient(server.port());
        NodeProcess node =
            NodeProcess.start(
                folder.path().resolve("node.log"),
                NodeProcess.commands(
                    server.port(),
                    folder.path().resolve("node"),
                    "node-1",
                    slots,
                    python,
                    SCRIPT.toString(),
                    "{params}",
                    "--epochs={max_resource}",
                    "--folder={checkpoint_dir}",
                    "--resume={resume}",
                    "--seconds=1"))) {
      long begin = System.nanoTime();
      String study = client.create(STUDY);
      Study all = awaitReports(client, study, node, slots);
      System.out.printf(
          "%d commands train and have reported %.1f s after the node's start%n",
          slots, (System.nanoTime() - begin) / 1e9);
      Duration before = node.cpuTime();
      long from = System.nanoTime();
      TimeUnit.SECONDS.sleep(seconds);
      double took = (System.nanoTime() - from) / 1e9;
      Duration cpu = node.cpuTime().minus(before);
      Study later = client.show(study);
      System.out.printf(
          "over %.0f s: %.0f reports a second, each of 1 step; node: %.1f %% of a core, %.0f MB"
              + " resident; %d trials run, %d have failed; load %s%n",
          took,
          (later.getResourceUsed() - all.getResourceUsed()) / took,
          cpu.toMillis() / took / 10,
          node.residentBytes() / 1e6,
          running(later),
          later.getTrialsOrDefault("failed", 0),
          Machine.load());
      if (running(later) != slots) {
        throw new IllegalStateException("expected %d trials to run".formatted(slots));
      }
      List<ProcessHandle> commands = node.descendants().toList();
      long end = System.nanoTime();
      int exit = node.end();
      long left = commands.stream().filter(ProcessHandle::isAlive).count();
      System.out.printf(
          "after SIGTERM the node ended with %d within %.1f s; of its %d processes %d are left%n",
          exit, (System.nanoTime() - end) / 1e9, commands.size(), left);
      if (left > 0) {
        throw new IllegalStateException("expected no process of the node to be left");
      }
    }
  }

  private static long running(Study study) {
    return study.getTrialsOrDefault("running", 0);
  }

  /** Waits until all train, and have reported as many steps as there are trials. */
  private static Study awaitReports(StudyClient client, String study, NodeProcess node, int slots)
      throws InterruptedException {
    long begin = System.nanoTime();
    while (true) {
      Study now = client.show(study);
      if (running(now) == slots && now.getResourceUsed() >= slots) {
        return now;
      }
      if (!node.isAlive() || System.nanoTime() - begin > PATIENCE_SECONDS * 1_000_000_000L) {
        throw new IllegalStateException(
            "expected %d trials to run and report, but it came to %s"
                .formatted(slots, now.getTrialsMap()));
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
  }
}
