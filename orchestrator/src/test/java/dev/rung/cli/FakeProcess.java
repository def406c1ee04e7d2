package dev.rung.cli;

import dev.rung.api.Samples;
import dev.rung.api.TestServer;
import dev.rung.fleet.NodeInfo;
import dev.rung.study.StudyReply;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudySummary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Plays the launcher's programs: a server whose one study runs until the data folder has a file
 * named end, and trainers that do nothing until they are told to end.
 */
public final class FakeProcess {
  private FakeProcess() {}

  /** Runs what the first argument names. */
  public static void main(String[] args) throws InterruptedException {
    System.out.println("pid " + ProcessHandle.current().pid());
    switch (args[0]) {
      case "serve" ->
          System.exit(new Rung(Console.system(), Commands.all(() -> FakeProcess::start)).run(args));
      case "trainer" -> {
        keepSomething(args);
        Thread.sleep(Long.MAX_VALUE);
      }
      default -> System.exit(new Rung(Console.system(), Commands.all()).run(args));
    }
  }

  private static void keepSomething(String[] args) {
    int data = List.of(args).indexOf("--data");
    int name = List.of(args).indexOf("--name");
    try {
      Path folder = Path.of(args[data + 1]).resolve(args[name + 1]);
      Files.writeString(Files.createDirectories(folder).resolve("lock"), "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ServerStarter.RunningServer start(ServerStarter.Settings settings) {
    TestServer server = TestServer.onLoopback(settings.data());
    server.nodes.add(
        new NodeInfo("trainer-1", 1, 0, List.of("dl4j-image"), "", Map.of(), 0, false, 1, "fake"));
    server.reads.trials.addAll(List.of(Samples.failed(), Samples.best(null)));
    server.studies.reply =
        (study, command) -> {
          server.reads.studies.add(
              Samples.row(withId(study, Samples.summary(StudyStatus.RUNNING, ""))));
          return new StudyReply.Done();
        };
    Path end = settings.data().resolve("end");
    server.studies.answer =
        study ->
            withId(
                study,
                Samples.summary(
                    Files.exists(end) ? StudyStatus.ENDED : StudyStatus.RUNNING, "done"));
    return new ServerStarter.RunningServer() {
      @Override
      public int port() {
        return server.port();
      }

      @Override
      public void awaitTermination() throws InterruptedException {
        server.awaitTermination();
      }

      @Override
      public void close() {
        server.close();
      }
    };
  }

  private static StudySummary withId(String id, StudySummary s) {
    return new StudySummary(
        id,
        s.plan(),
        s.status(),
        s.reason(),
        s.created(),
        s.updated(),
        s.trials(),
        s.rungs(),
        s.best(),
        s.bestAssignment(),
        s.resourceUsed(),
        s.resourceFull(),
        s.movedTrials(),
        s.event(),
        Optional.empty(),
        OptionalDouble.empty());
  }
}
