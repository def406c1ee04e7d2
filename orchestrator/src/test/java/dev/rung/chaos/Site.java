package dev.rung.chaos;

import dev.rung.chaos.History.Kind;
import dev.rung.chaos.History.Line;
import dev.rung.proto.v1.ControlStudyRequest;
import dev.rung.proto.v1.ControlStudyResponse;
import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.proto.v1.ExplainTrialRequest;
import dev.rung.proto.v1.ExportStudyRequest;
import dev.rung.proto.v1.ExportStudyResponse;
import dev.rung.proto.v1.GetStudyRequest;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyAction;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.proto.v1.StudyServiceGrpc.StudyServiceBlockingStub;
import dev.rung.proto.v1.StudyState;
import dev.rung.proto.v1.Verdict;
import dev.rung.storage.StudyExport;
import dev.rung.study.StudyEvent;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One run: a server and trainers as processes, and the folder that they leave behind. */
final class Site implements AutoCloseable {
  private static final long POLL_MILLIS = 15;
  private static final long READY_SECONDS = 60;

  /** Exit code of a JVM that SIGTERM ended. */
  private static final int TERMINATED = 143;

  final Path folder;
  private final Jvm jvm;
  private final Duration lostAfter;
  private final Path data;
  private final int port;
  private final Map<String, Child> trainers = new LinkedHashMap<>();
  private final List<Child> all = new ArrayList<>();
  private @Nullable Child server;
  private List<String> around = List.of();
  private List<String> options = List.of();
  private final ManagedChannel channel;

  /**
   * A run without any process yet.
   *
   * @param folder of its files
   * @param lostAfter what the server is told
   */
  Site(Path folder, Duration lostAfter) throws IOException, InterruptedException {
    this.jvm = Jvm.shared();
    this.folder = Files.createDirectories(folder);
    this.lostAfter = lostAfter;
    this.data = folder.resolve("data");
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      this.port = socket.getLocalPort();
    }
    this.channel = NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  /** Words before the server's command line. */
  void startServersWith(List<String> command) {
    around = command;
  }

  /** Has the server let nodes keep checkpoints in a folder that they share. */
  void keepCheckpointsIn(Path shared) {
    options = List.of("--checkpoints", shared.toString());
  }

  Path data() {
    return data;
  }

  /** Where the server listens. */
  int port() {
    return port;
  }

  Child server() {
    return Objects.requireNonNull(server);
  }

  Child trainer(String name) {
    return Objects.requireNonNull(trainers.get(name));
  }

  /** Starts a server on the same port and data as ever, and waits for nothing. */
  Child startServer() throws IOException {
    List<String> command = new ArrayList<>(around);
    command.addAll(
        jvm.server(
            "serve",
            "--data",
            data.toString(),
            "--port",
            Integer.toString(port),
            "--lost-after",
            lostAfter.toMillis() + "ms",
            "--parent-pid",
            Long.toString(ProcessHandle.current().pid())));
    command.addAll(options);
    Child child = Child.start(command, folder.resolve("server.log"));
    all.add(child);
    server = child;
    return child;
  }

  /** Waits until the server takes calls. */
  void awaitReady() throws Exception {
    Child child = server();
    boolean unused =
        await(
            "the server to be ready",
            READY_SECONDS,
            () -> {
              if (!child.isAlive()) {
                throw new AssertionError("the server ended: " + child.output());
              }
              return child.said("ready ").map(ready -> true);
            });
    channel.resetConnectBackoff();
  }

  /** Starts a trainer node under a name that it may have had before. */
  Child startTrainer(String name, int slots, int serverPort) throws IOException {
    Child child =
        Child.start(
            jvm.trainer(
                name,
                "127.0.0.1:" + serverPort,
                Integer.toString(slots),
                folder.toString(),
                Long.toString(ProcessHandle.current().pid())),
            folder.resolve(name + ".log"));
    all.add(child);
    trainers.put(name, child);
    return child;
  }

  /** Creates a study, as a client does that asks again until it is told. */
  Study create(String file) throws Exception {
    CreateStudyRequest request =
        CreateStudyRequest.newBuilder().setFile(file).setFileName("chaos").setKey("k").build();
    return untilAnswered(() -> studies().createStudy(request)).getStudy();
  }

  private static <T> T untilAnswered(Supplier<T> call) throws Exception {
    return await(
        "the server to answer",
        READY_SECONDS,
        () -> {
          try {
            return Optional.of(call.get());
          } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
              throw e;
            }
            return Optional.empty();
          }
        });
  }

  /** Every decision about a trial. */
  List<Verdict> explain(String study, long trial) {
    ExplainTrialRequest request =
        ExplainTrialRequest.newBuilder().setStudy(study).setTrial(trial).build();
    return studies().explainTrial(request).getVerdictsList();
  }

  Study show(String study) {
    return studies().getStudy(GetStudyRequest.newBuilder().setStudy(study).build()).getStudy();
  }

  /** Whether a study has ended; false also where the server does not say. */
  boolean hasEnded(String study) {
    try {
      return show(study).getState() == StudyState.STUDY_STATE_ENDED;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  /** Lets what runs go on to its next rung, and waits for the study's end. */
  void drain(String study) throws Exception {
    end(study, StudyAction.STUDY_ACTION_STOP);
  }

  /** Stops what runs, and waits for the study's end. */
  void cancel(String study) throws Exception {
    end(study, StudyAction.STUDY_ACTION_CANCEL);
  }

  private void end(String study, StudyAction action) throws Exception {
    ControlStudyRequest end =
        ControlStudyRequest.newBuilder().setStudy(study).setAction(action).build();
    ControlStudyResponse unused = untilAnswered(() -> studies().controlStudy(end));
    awaitEnd(study, 120);
  }

  void awaitEnd(String study, long seconds) throws Exception {
    boolean unused =
        await(
            "the study to end",
            seconds,
            () -> hasEnded(study) ? Optional.of(true) : Optional.empty());
  }

  /** Waits until every log is delivered, ends the trainers, and judges the run. */
  Oracle.Finding finish(String study) throws Exception {
    boolean unused =
        await(
            "every log to be delivered",
            60,
            () -> logs().isEmpty() ? Optional.of(true) : Optional.empty());
    for (Child trainer : trainers.values()) {
      int exit = trainer.isAlive() ? trainer.end(60) : 0;
      if (exit != 0 && exit != TERMINATED) {
        throw new AssertionError("a trainer ended with " + exit);
      }
    }
    export(study);
    Oracle.Finding finding = Oracle.check(folder);
    System.out.println(folder.getFileName() + ": " + finding);
    return finding;
  }

  /** The logs of attempts that nodes keep. */
  private List<Path> logs() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(TrainerMain.NODES))) {
      return files.filter(file -> file.toString().endsWith(".log")).toList();
    } catch (UncheckedIOException e) {
      // One was deleted meanwhile: there are some.
      return List.of(folder);
    }
  }

  /** The events of a study up to now. */
  List<StudyEvent> events(String study) throws IOException {
    export(study);
    try (BufferedReader lines = Files.newBufferedReader(folder.resolve(Oracle.EXPORT))) {
      return StudyExport.read(lines).events();
    }
  }

  private void export(String study) throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(Oracle.EXPORT))) {
      Iterator<ExportStudyResponse> messages =
          studies().exportStudy(ExportStudyRequest.newBuilder().setStudy(study).build());
      while (messages.hasNext()) {
        messages.next().getChunk().writeTo(out);
      }
    }
  }

  /** Waits until the server has taken an entry of a trainer. */
  void awaitAcceptedFrom(String trainer, long seconds) throws Exception {
    Line unused =
        await(
            "an entry of " + trainer + " to be accepted",
            seconds,
            () ->
                history(trainer).stream()
                    .filter(line -> line.kind() == Kind.ACKED && line.seq() > 0)
                    .findFirst());
  }

  /** Every line of every trainer's history so far. */
  List<Line> history() throws IOException {
    List<Line> lines = new ArrayList<>();
    for (String name : trainers.keySet()) {
      lines.addAll(history(name));
    }
    return lines;
  }

  /** Every line of a trainer's history so far. */
  List<Line> history(String trainer) throws IOException {
    Path file = folder.resolve(trainer + Oracle.HISTORY);
    return Files.exists(file) ? History.read(file) : List.of();
  }

  /**
   * When the server took the first entry that was sent after a time; empty: none yet.
   *
   * @param since milliseconds since 1970
   */
  Optional<Long> firstAccepted(long since) throws IOException {
    Map<String, Long> firstSent = new HashMap<>();
    Optional<Long> first = Optional.empty();
    for (Line line : history()) {
      String attempt = line.trial() + " " + line.attempt();
      if (line.time() < since) {
        continue;
      }
      if (line.kind() == Kind.SENT) {
        firstSent.merge(attempt, line.seq(), Math::min);
      } else if (line.kind() == Kind.ACKED
          && line.seq() >= firstSent.getOrDefault(attempt, Long.MAX_VALUE)
          && (first.isEmpty() || line.time() < first.get())) {
        first = Optional.of(line.time());
      }
    }
    return first;
  }

  /** The first entry that the server took after a time. */
  long awaitAccepted(long since, long seconds) throws Exception {
    return await("an entry to be accepted", seconds, () -> firstAccepted(since));
  }

  /** Waits until something is there. */
  static <T> T await(String what, long seconds, Callable<Optional<T>> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (true) {
      Optional<T> value = condition.call();
      if (value.isPresent()) {
        return value.get();
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("expected %s within %d s".formatted(what, seconds));
      }
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  private StudyServiceBlockingStub studies() {
    return StudyServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    all.forEach(Child::close);
  }
}
