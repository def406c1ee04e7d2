package dev.rung.cli;

import dev.rung.access.Security;
import dev.rung.checkpoint.Stores;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs a server until it is told to end. */
final class Serve implements Callable<Integer> {
  /** Begins the line that tells where a server takes calls. */
  static final String READY = "ready ";

  private final Console console;
  private final Supplier<ServerStarter> starter;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of everything that is kept; default rung-data in this folder.")
  private Path data = Path.of("rung-data");

  @Option(names = "--host", paramLabel = "HOST", description = "Default 127.0.0.1.")
  private String host = "127.0.0.1";

  @Option(names = "--port", paramLabel = "PORT", description = "Default 7350; 0: a free one.")
  private int port = 7350;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Certificate in PEM, with those of who signed it; read again when it changes.")
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Its key in PEM, PKCS #8 without a password.")
  private @Nullable Path key;

  @Option(
      names = "--client-ca",
      paramLabel = "FILE",
      description = "Take only clients whose certificate one of these has signed.")
  private @Nullable Path clientAuthority;

  @Option(names = "--auth", description = "Ask for tokens on loopback too.")
  private boolean tokens;

  @Option(
      names = "--insecure",
      description = "Neither TLS nor tokens; on loopback only, where it is the default.")
  private boolean insecure;

  @Mixin private final HttpOption http = new HttpOption();

  @Option(
      names = "--lost-after",
      paramLabel = "D",
      converter = DurationOption.class,
      description = "Silence after which a trainer node counts as lost, for instance 60s.")
  private @Nullable Duration lostAfter;

  @Option(
      names = "--tied-for",
      paramLabel = "D",
      converter = DurationOption.class,
      description =
          "How long a trial waits for a busy node whose own disk keeps its checkpoint, before it"
              + " goes on elsewhere without it; default 5m.")
  private @Nullable Duration tiedFor;

  @Option(
      names = "--checkpoints",
      paramLabel = "URL",
      description =
          "Where trainers keep checkpoints that name no place of their own: s3://BUCKET/PREFIX, or"
              + " a folder that all reach by the same path; default in the data folder.")
  private @Nullable String checkpoints;

  @Option(
      names = "--parent-pid",
      paramLabel = "PID",
      description = "End when this process has ended.")
  private @Nullable Long parent;

  Serve(Console console, Supplier<ServerStarter> starter) {
    this.console = console;
    this.starter = starter;
  }

  @Override
  public Integer call() {
    if (port < 0 || port > 65_535) {
      throw Failure.usage("--port: expected 0 to 65,535, but came " + port);
    }
    Security security =
        new Protection(host, port, data, certificate, key, clientAuthority, tokens, insecure)
            .check();
    Optional<InetSocketAddress> metrics = http.address(port);
    ServerStarter.RunningServer server;
    try {
      server =
          starter
              .get()
              .start(
                  new ServerStarter.Settings(
                      data.toAbsolutePath().normalize(),
                      host,
                      port,
                      Optional.ofNullable(lostAfter),
                      Optional.ofNullable(tiedFor),
                      Optional.ofNullable(checkpoints).map(Serve::base),
                      security,
                      metrics));
    } catch (ServerStarter.StartException e) {
      throw new Failure(Failure.FAILED, String.valueOf(e.getMessage()));
    }
    Runtime.getRuntime().addShutdownHook(new Thread(server::close, "end-server"));
    // Whoever started this process reads the line: see Quickstart.
    console.error("data in " + data.toAbsolutePath().normalize());
    server
        .http()
        .ifPresent(address ->
            console.error(
                "metrics at http://%s/metrics"
                    .formatted(HostAndPort.text(address.getHostString(), address.getPort()))));
    console.print(List.of(READY + HostAndPort.text(host, server.port())));
    if (Boolean.getBoolean("rung.exit-when-ready")) {
      server.close();
      return 0;
    }
    endWithParent();
    try {
      server.awaitTermination();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      server.close();
    }
    return 0;
  }

  private static String base(String checkpoints) {
    try {
      String base = Stores.base(checkpoints);
      Stores.open(base, "").close();
      return base;
    } catch (IllegalArgumentException e) {
      throw Failure.usage("--checkpoints: " + e.getMessage());
    }
  }

  private void endWithParent() {
    if (parent == null) {
      return;
    }
    CompletableFuture<?> end =
        ProcessHandle.of(parent)
            .<CompletableFuture<?>>map(ProcessHandle::onExit)
            .orElseGet(() -> CompletableFuture.completedFuture(null));
    var unused = end.thenRun(() -> System.exit(0));
  }
}
