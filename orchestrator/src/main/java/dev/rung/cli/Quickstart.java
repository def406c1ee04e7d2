package dev.rung.cli;

import dev.rung.proto.v1.Study;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs one study on a server and trainers of its own, which end with it. */
final class Quickstart implements Callable<Integer> {
  private static final Duration SERVER_START = Duration.ofSeconds(60);

  /** A connection within one machine breaks only with its process. */
  private static final String LOST_AFTER = "5s";

  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration MISSED = Duration.ofSeconds(2);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Console console;
  private final Pace pace = Pace.real();

  @Mixin private final OutputOption output = new OutputOption();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "The study file; default Rung's docs/examples/digits.yaml.")
  private @Nullable Path file;

  @Option(names = "--trials", paramLabel = "N", description = "Replaces budget.trials of the file.")
  private @Nullable Integer trials;

  @Option(names = "--trainers", paramLabel = "N", description = "Trainer processes; default 2.")
  private int trainers = 2;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of everything that is kept; default a new one in rung-data.")
  private @Nullable Path data;

  @Option(
      names = "--keep",
      description = "Stay up after the study until Ctrl-C, at port 7350 where it is free.")
  private boolean keep;

  Quickstart(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    long start = pace.nanos();
    Path launcher = launcher();
    if (trainers < 1 || trainers > 64) {
      throw new Failure(Failure.USAGE, "--trainers: expected 1 to 64, but came " + trainers);
    }
    Path study = file != null ? file : launcher.resolveSibling("docs/examples/digits.yaml");
    StudyCreate.check(study);
    Path folder = (data != null ? data : newFolder()).toAbsolutePath().normalize();
    LocalProcesses processes = new LocalProcesses(folder.resolve("logs"), GRACE);
    try (Closing all = () -> end(processes, folder)) {
      Runtime.getRuntime().addShutdownHook(new Thread(all::close, "end-processes"));
      return run(new Watch(processes), launcher, study, folder, start);
    } catch (IOException e) {
      throw new Failure(Failure.FAILED, "%s: %s".formatted(folder, e));
    }
  }

  /** What a try statement closes without a checked exception. */
  private interface Closing extends AutoCloseable {
    @Override
    void close();
  }

  /** Ends the processes. The trainers' logs are of no use without the study that has ended. */
  private static void end(LocalProcesses processes, Path folder) {
    processes.close();
    Path left = trainerData(folder);
    if (!Files.isDirectory(left)) {
      return;
    }
    try (Stream<Path> all = Files.walk(left)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      // It stays, which hurts nobody; on Ctrl-C another thread may be deleting it as well.
    }
  }

  private static Path trainerData(Path folder) {
    return folder.resolve("trainers");
  }

  private int run(Watch watch, Path launcher, Path study, Path folder, long start)
      throws IOException {
    LocalProcesses processes = watch.processes;
    console.error(
        "starting a server and %d trainer%s, data in %s"
            .formatted(trainers, trainers == 1 ? "" : "s", folder));
    LocalProcess server =
        processes.start(
            "server",
            "server",
            List.of(
                launcher.toString(),
                "serve",
                "--data",
                folder.toString(),
                "--port",
                Integer.toString(
                    keep && isFree(HostAndPort.parse(ServerOption.DEFAULT)) ? 7350 : 0),
                "--lost-after",
                LOST_AFTER,
                "--parent-pid",
                Long.toString(ProcessHandle.current().pid())));
    String address = awaitReady(server, watch);
    for (int i = 1; i <= trainers; i++) {
      String name = "trainer-" + i;
      processes.start(
          "trainer",
          name,
          List.of(
              launcher.toString(),
              "trainer",
              "--server",
              address,
              "--name",
              name,
              "--data",
              trainerData(folder).toString(),
              "--parent-pid",
              Long.toString(ProcessHandle.current().pid())));
    }
    try (Client client = Client.connect(address)) {
      Study ended = search(client, study, watch);
      double seconds = (pace.nanos() - start) / 1e9;
      QuickstartReport report =
          new QuickstartReport(
              ended,
              client.trials(ended.getId(), 0),
              seconds,
              processes.all(),
              watch.notes,
              folder,
              keep ? address : "");
      if (output.isJson()) {
        console.printJson(report.json());
      } else {
        console.print(report.lines());
      }
      if (keep) {
        stay(watch, server);
      }
      return ended.hasBest() ? 0 : Failure.FAILED;
    } catch (Failure e) {
      if (e.exit() == Failure.NO_SERVER) {
        awaitEnd(server);
        watch.look(console::error);
      }
      throw e;
    }
  }

  /** A server that died is missed a little before its end is known. */
  private void awaitEnd(LocalProcess server) {
    long deadline = pace.nanos() + MISSED.toNanos();
    while (server.isAlive() && pace.nanos() < deadline) {
      sleep();
    }
  }

  private Study search(Client client, Path file, Watch watch) {
    Study created =
        StudyCreate.create(client, file, UUID.randomUUID().toString(), trials).getStudy();
    Progress progress = Progress.on(console.err(), console.errIsTerminal(), console, pace);
    return new StudyWatcher(client, progress, pace)
        .untilEnded(
            created.getId(),
            Optional.empty(),
            seen -> {
              watch.look(progress::note);
              seen.ifPresent(Watch::refuseAPause);
            });
  }

  private String awaitReady(LocalProcess server, Watch watch) throws IOException {
    long deadline = pace.nanos() + SERVER_START.toNanos();
    while (pace.nanos() < deadline) {
      Optional<String> address = server.said(Serve.READY);
      if (address.isPresent()) {
        return address.get();
      }
      watch.look(console::error);
      sleep();
    }
    throw watch.failure(
        server, "the server was not ready within " + SERVER_START.toSeconds() + " s");
  }

  private void stay(Watch watch, LocalProcess server) {
    console.error("Everything stays up until Ctrl-C.");
    while (server.isAlive()) {
      sleep();
    }
    watch.look(console::error);
  }

  private void sleep() {
    try {
      pace.sleep(LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Failure(Failure.FAILED, "interrupted");
    }
  }

  private Path launcher() {
    Path launcher = Path.of(console.home()).resolve("rung");
    if (console.home().isEmpty() || !Files.isExecutable(launcher)) {
      throw new Failure(
          Failure.USAGE,
          "quickstart starts other programs of Rung: start it with the launcher, as ./rung quickstart");
    }
    return launcher.toAbsolutePath();
  }

  private static Path newFolder() {
    String now =
        LocalDateTime.now(ZoneId.systemDefault())
            .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
    Path folder = Path.of("rung-data", "quickstart-" + now);
    for (int i = 2; Files.exists(folder); i++) {
      folder = Path.of("rung-data", "quickstart-" + now + "-" + i);
    }
    return folder;
  }

  private static boolean isFree(HostAndPort address) {
    try (ServerSocket socket =
        new ServerSocket(address.port(), 1, InetAddress.getByName(address.host()))) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }
}
