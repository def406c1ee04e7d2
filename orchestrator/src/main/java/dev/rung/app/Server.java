package dev.rung.app;

import com.typesafe.config.ConfigFactory;
import dev.rung.access.AccessException;
import dev.rung.access.Guard;
import dev.rung.access.Token;
import dev.rung.api.FleetServiceImpl;
import dev.rung.api.Loops;
import dev.rung.api.ServerServiceImpl;
import dev.rung.api.StoreCheckpoints;
import dev.rung.api.StudyIds;
import dev.rung.api.StudyServiceImpl;
import dev.rung.api.TokenAdministration;
import dev.rung.api.TokenServiceImpl;
import dev.rung.checkpoint.Stores;
import dev.rung.logs.LogReader;
import dev.rung.logs.LogSettings;
import dev.rung.logs.LogWriter;
import dev.rung.session.Caller;
import dev.rung.session.LoopService;
import dev.rung.session.SearcherService;
import dev.rung.session.SessionSettings;
import dev.rung.session.TrainerService;
import dev.rung.storage.DataFolder;
import dev.rung.storage.Database;
import dev.rung.storage.JdbcHistory;
import dev.rung.storage.JdbcReadSide;
import dev.rung.storage.Projectors;
import dev.rung.storage.StorageException;
import dev.rung.study.ErrorCode;
import dev.rung.web.Metrics;
import dev.rung.web.Sources;
import dev.rung.web.WebServer;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.BootstrapSetup;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.setup.ActorSystemSetup;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** A running server: data folder, database, actors, and gRPC in front of them. */
public final class Server implements AutoCloseable {
  private static final long SECONDS_TO_FINISH_CALLS = 3;

  private final DataFolder folder;
  private final Gate gate;
  private final ActorSystem<Void> system;
  private final Doors doors;

  private Server(DataFolder folder, Gate gate, ActorSystem<Void> system, Doors doors) {
    this.folder = folder;
    this.gate = gate;
    this.system = system;
    this.doors = doors;
  }

  /** Where the server is called. */
  private record Doors(io.grpc.Server grpc, Optional<WebServer> web) {}

  /**
   * Starts a server; it is ready when this returns.
   *
   * @throws StorageException CONFLICT: the port or the data folder is in use; otherwise as {@link
   *     DataFolder#open} and {@link Database#open}
   * @throws AccessException its keys or tokens cannot be used, or are not enough for its address
   */
  public static Server start(ServerSettings settings) {
    checkProtection(settings);
    checkPort(settings.address());
    settings.http().ifPresent(Server::checkPort);
    DataFolder folder = DataFolder.open(settings.data());
    try {
      Gate gate = Gate.open(settings.security(), folder.path());
      try {
        return start(settings, folder, gate);
      } catch (RuntimeException e) {
        gate.close();
        throw e;
      }
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  private static Server start(ServerSettings settings, DataFolder folder, Gate gate) {
    Database database = Database.open(folder);
    try {
      return start(settings, folder, database, gate);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  private static Server start(
      ServerSettings settings, DataFolder folder, Database database, Gate gate) {
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.empty(),
            "rung",
            ActorSystemSetup.create(BootstrapSetup.create(ConfigFactory.load()), database.setup()));
    try {
      return new Server(folder, gate, system, serve(settings, folder, database, gate, system));
    } catch (RuntimeException e) {
      system.terminate();
      // The database is closed next, and nothing may use it any more.
      system.getWhenTerminated().toCompletableFuture().join();
      throw e;
    }
  }

  private static Doors serve(
      ServerSettings settings,
      DataFolder folder,
      Database database,
      Gate gate,
      ActorSystem<?> system) {
    String software = "rung " + version();
    String own = Stores.base(folder.checkpoints().toString());
    String place = settings.checkpoints().orElse(own);
    ActorRef<Projectors.Command> projectors =
        system.systemActorOf(Projectors.create(database), "projectors", Props.empty());
    ActorRef<String> hints =
        system.systemActorOf(
            Behaviors.receiveMessage(study -> {
              projectors.tell(new Projectors.Hint(study));
              return Behaviors.same();
            }),
            "projector-hints",
            Props.empty());
    Actors actors = Actors.start(system, hints, settings);
    ActorStudies studies =
        new ActorStudies(system, actors.gateways(), actors.entities(), actors.dispatcher());
    Executor blocking =
        system.dispatchers().lookup(DispatcherSelector.fromConfig("rung.blocking-dispatcher"));
    SessionSettings sessions =
        SessionSettings.defaults(place, software).within(settings.lostAfter());
    TrainerService trainers =
        new TrainerService(
            system,
            sessions,
            actors.gateways(),
            actors.dispatcher(),
            settings.lostAfter(),
            Server::caller,
            new LogWriter(folder.logs(), LogSettings.DEFAULTS, System::nanoTime),
            blocking);
    Loops loops =
        new ActorLoops(new LoopService(system, sessions, actors.gateways(), settings.lostAfter()));
    SearcherService searchers =
        new SearcherService(
            system,
            software,
            new StudyIds(studies, new JdbcReadSide(database), blocking)::find,
            actors.entities());
    StudyServiceImpl service =
        new StudyServiceImpl(
            studies,
            new JdbcReadSide(database),
            new JdbcHistory(database),
            studies,
            new StoreCheckpoints(new HashSet<>(List.of(place, own))),
            new LogReader(folder.logs()),
            loops,
            folder.secret(),
            blocking,
            Clock.systemUTC());
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(settings.address())
            .addService(trainers)
            .addService(searchers)
            .addService(new FleetServiceImpl(studies))
            .addService(new ServerServiceImpl(studies, software))
            .addService(service)
            .addService(new TokenServiceImpl(new TokenAdministration(gate.tokens()), blocking));
    gate.apply(builder, settings.limits());
    io.grpc.Server grpc = builder.build();
    Metrics metrics =
        new Metrics(
            new Sources(
                version(),
                studies,
                studies,
                () -> CompletableFuture.supplyAsync(new JdbcReadSide(database)::counts, blocking),
                actors.commits(),
                trainers::sessions,
                searchers::sessions));
    LocalCalls calls = LocalCalls.to(service, gate.guard());
    Optional<WebServer> web = settings.http().map(address -> listen(address, metrics, calls));
    try {
      grpc.start();
    } catch (IOException e) {
      web.ifPresent(WebServer::close);
      calls.close();
      throw inUse(settings.address(), e);
    }
    Runnable leave =
        () -> {
          trainers.leave();
          searchers.leave();
          web.ifPresent(WebServer::close);
          calls.close();
        };
    shutDownInPhases(system, grpc, leave, blocking);
    return new Doors(grpc, web);
  }

  private static Caller caller() {
    Token token = Guard.TOKEN.get();
    return token == null ? Caller.ANYBODY : new Caller(token.hash(), token.pool());
  }

  private static WebServer listen(InetSocketAddress address, Metrics metrics, LocalCalls calls) {
    try {
      return WebServer.start(address, metrics, calls.api());
    } catch (IOException e) {
      calls.close();
      throw inUse(address, e);
    }
  }

  /** Whoever starts a server says this better; here it holds whatever starts one. */
  private static void checkProtection(ServerSettings settings) {
    InetAddress address = settings.address().getAddress();
    if (address == null || !settings.security().isEnoughFor(address)) {
      throw new AccessException(
          "expected TLS and tokens for a server off loopback, at " + settings.host());
    }
  }

  /** Before anything else is started, since that takes seconds and would have to be ended again. */
  private static void checkPort(InetSocketAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    } catch (IOException e) {
      throw inUse(address, e);
    }
  }

  private static StorageException inUse(InetSocketAddress address, IOException e) {
    return new StorageException(
        ErrorCode.CONFLICT,
        "expected a free port at %s:%d, but it is in use"
            .formatted(address.getHostString(), address.getPort()),
        e);
  }

  private static void shutDownInPhases(
      ActorSystem<?> system, io.grpc.Server grpc, Runnable leave, Executor blocking) {
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceUnbind(),
        "refuse new calls",
        stage(blocking, grpc::shutdown));
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceRequestsDone(),
        "finish calls",
        stage(
            blocking,
            () -> {
              leave.run();
              awaitEnd(grpc);
            }));
    shutdown.addTask(
        CoordinatedShutdown.PhaseServiceStop(), "cut calls", stage(blocking, grpc::shutdownNow));
  }

  private static Supplier<CompletionStage<Done>> stage(Executor executor, Runnable work) {
    return () ->
        CompletableFuture.supplyAsync(
            () -> {
              work.run();
              return Done.getInstance();
            },
            executor);
  }

  private static void awaitEnd(io.grpc.Server grpc) {
    try {
      grpc.awaitTermination(SECONDS_TO_FINISH_CALLS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String version() {
    String version = Server.class.getPackage().getImplementationVersion();
    return version == null ? "(unpackaged)" : version;
  }

  /** The port of gRPC. */
  public int port() {
    return doors.grpc().getPort();
  }

  /** Where metrics are read; empty: nowhere. */
  public Optional<InetSocketAddress> http() {
    return doors.web().map(WebServer::address);
  }

  /** What it serves. */
  List<ServerServiceDefinition> services() {
    return doors.grpc().getServices();
  }

  /** Waits until the server has ended, whatever the reason. */
  public void awaitTermination() throws InterruptedException {
    try {
      system.getWhenTerminated().toCompletableFuture().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the actors ended by a fault", e);
    }
  }

  /** Ends the server in order: calls, studies, database, data folder. */
  @Override
  public void close() {
    CoordinatedShutdown.get(system)
        .runAll(CoordinatedShutdown.actorSystemTerminateReason())
        .toCompletableFuture()
        .join();
    gate.close();
    folder.close();
  }
}
