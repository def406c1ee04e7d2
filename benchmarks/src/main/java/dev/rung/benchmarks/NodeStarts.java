package dev.rung.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How soon a node is there: from the start of its process until the server lists it. The node in
 * Java is started by the launcher and trains by a command; the one in Python is that of the
 * package, in the environment that its tests have made.
 */
final class NodeStarts {
  private static final String PYTHON = "../trainer-node/python/target/venv/bin/python";

  /** A trainer that imports nothing but the package. */
  private static final String TRAINER =
      """
      import sys
      import rung

      def benchmark(trial):
          pass

      rung.run_node(benchmark, server=sys.argv[1], data_folder=sys.argv[2], name=sys.argv[3])
      """;

  private static final long PATIENCE_SECONDS = 60;

  private NodeStarts() {}

  /** Options: rounds, python (of an environment with the package rung). */
  static void run(Options options) throws Exception {
    int rounds = options.number("rounds", 10);
    Path python = Path.of(options.text("python").orElse(PYTHON)).toAbsolutePath();
    if (!Files.isExecutable(python)) {
      throw new IllegalArgumentException(
          "expected a Python with the package rung at %s, as trainer-node/python/check makes it, or python=FILE"
              .formatted(python));
    }
    System.out.println(Machine.describe());
    System.out.println("from the start of a node's process until the server lists it, in seconds");
    try (WorkFolder folder = WorkFolder.create();
        ServerProcess server = ServerProcess.product(folder.path().resolve("server"));
        StudyClient client = new StudyClient(server.port())) {
      Path trainer = Files.writeString(folder.path().resolve("trainer.py"), TRAINER);
      List<Double> java = new ArrayList<>();
      List<Double> pythons = new ArrayList<>();
      // The first start of either makes what the later ones use: an archive of classes, byte code.
      for (int round = 0; round <= rounds; round++) {
        String name = "java-" + round;
        Path data = folder.path().resolve(name);
        List<String> command = NodeProcess.commands(server.port(), data, name, 1, "true");
        double seconds = seconds(client, folder.path(), command);
        name = "python-" + round;
        data = folder.path().resolve(name);
        String address = "127.0.0.1:" + server.port();
        command = List.of(python.toString(), trainer.toString(), address, data.toString(), name);
        double pythonSeconds = seconds(client, folder.path(), command);
        if (round > 0) {
          java.add(seconds);
          pythons.add(pythonSeconds);
        }
      }
      System.out.println(Machine.describe());
      System.out.printf("./rung trainer --exec   %s%n", Spread.of(java).text("%.2f"));
      System.out.printf("rung.run_node           %s%n", Spread.of(pythons).text("%.2f"));
    }
  }

  private static double seconds(StudyClient client, Path folder, List<String> command)
      throws Exception {
    long begin = System.nanoTime();
    try (NodeProcess node = NodeProcess.start(folder.resolve("nodes.log"), command)) {
      while (client.nodes() == 0) {
        if (!node.isAlive() || System.nanoTime() - begin > PATIENCE_SECONDS * 1_000_000_000L) {
          throw new IllegalStateException(
              "expected a node by %s, but it printed: %s"
                  .formatted(command, Files.readString(folder.resolve("nodes.log"))));
        }
        TimeUnit.MILLISECONDS.sleep(5);
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      int unused = node.end();
      while (client.nodes() > 0) {
        TimeUnit.MILLISECONDS.sleep(5);
      }
      return seconds;
    }
  }
}
