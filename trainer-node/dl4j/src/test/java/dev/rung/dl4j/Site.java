package dev.rung.dl4j;

import dev.rung.proto.v1.Attempt;
import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.proto.v1.ExplainTrialRequest;
import dev.rung.proto.v1.ExportStudyRequest;
import dev.rung.proto.v1.GetStudyRequest;
import dev.rung.proto.v1.ListTrialsRequest;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.proto.v1.StudyServiceGrpc.StudyServiceBlockingStub;
import dev.rung.proto.v1.StudyState;
import dev.rung.proto.v1.Trial;
import dev.rung.proto.v1.Verdict;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** A server and a trainer, each a process of its own, and a client of the server. */
final class Site implements AutoCloseable {
  private static final long DEADLINE_SECONDS = 120;
  private static final String PARENT = "--parent-pid";

  private final Path folder;
  private final Map<String, Process> processes = new HashMap<>();
  private final String address;
  private final ManagedChannel channel;

  /** Starts both, and waits until the server is ready. */
  Site(Path folder) throws IOException, InterruptedException {
    this(folder, List.of());
  }

  /**
   * Starts both, and waits until the server is ready.
   *
   * @param options of the trainer, after those that each has
   */
  Site(Path folder, List<String> options) throws IOException, InterruptedException {
    this.folder = folder;
    this.address = startServer("0");
    List<String> all =
        new ArrayList<>(
            List.of(
                "--server",
                address,
                "--slots",
                "2",
                "--data",
                folder.resolve("trainers").toString(),
                PARENT,
                Long.toString(ProcessHandle.current().pid())));
    all.addAll(options);
    start("trainer", command(Dl4jTrainerMain.class.getName(), all.toArray(String[]::new)));
    this.channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
  }

  /** Starts a server on the data of the one before, and gives its address. */
  private String startServer(String port) throws IOException, InterruptedException {
    start(
        "server",
        command(
            "dev.rung.cli.Rung",
            "serve",
            "--data",
            folder.resolve("data").toString(),
            "--port",
            port,
            PARENT,
            Long.toString(ProcessHandle.current().pid())));
    return await("the server to be ready", this::saidAddress);
  }

  /** The text of an example of the guide. */
  static String example(String name) throws IOException {
    return Files.readString(Path.of("../../docs/examples", name + ".yaml"));
  }

  /** The best value of the first objective. */
  static double best(Study study) {
    return Objects.requireNonNull(
        study.getBest().getMetricsMap().get(study.getObjectives(0)), study.toString());
  }

  /** Kills the server and starts another one in its place. */
  void restartServer() throws IOException, InterruptedException {
    Objects.requireNonNull(processes.get("server")).destroyForcibly().onExit().join();
    String unused = startServer(address.substring(address.lastIndexOf(':') + 1));
    channel.resetConnectBackoff();
  }

  private void start(String name, List<String> command) throws IOException {
    processes.put(
        name,
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log(name).toFile())
            .start());
  }

  /** What the command line prints. */
  String rung(String... arguments) throws IOException, InterruptedException {
    List<String> command = command("dev.rung.cli.Rung", arguments);
    command.addAll(List.of("--server", address));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError("expected 0, but rung ended with " + process.exitValue());
    }
    return output;
  }

  static List<String> command(String main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx512m"));
    command.add("--enable-native-access=ALL-UNNAMED");
    // The server has a logback.xml too, of which the command line would tell at length.
    command.add("-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main);
    command.addAll(List.of(arguments));
    return command;
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  private Optional<String> saidAddress() {
    return output("server")
        .lines()
        .filter(line -> line.startsWith("ready "))
        .map(line -> line.substring("ready ".length()).strip())
        .findFirst();
  }

  private String output(String name) {
    try {
      return Files.readString(log(name), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Creates a study and waits for its end. */
  Study run(String file) throws InterruptedException {
    return awaitEnd(create(file));
  }

  Study create(String file) {
    return studies()
        .createStudy(
            CreateStudyRequest.newBuilder()
                .setFile(file)
                .setFileName("example.yaml")
                .setKey(UUID.randomUUID().toString())
                .build())
        .getStudy();
  }

  Study awaitEnd(Study study) throws InterruptedException {
    return await("the study to end", study, now -> now.getState() == StudyState.STUDY_STATE_ENDED);
  }

  /** Waits until a study is as wanted. */
  Study await(String what, Study study, Predicate<Study> wanted) throws InterruptedException {
    return await(
        what,
        () ->
            Optional.of(
                    studies()
                        .getStudy(GetStudyRequest.newBuilder().setStudy(study.getId()).build())
                        .getStudy())
                .filter(wanted));
  }

  /** Every decision about a trial, in words. */
  List<String> why(Study study, long trial) {
    return studies()
        .explainTrial(
            ExplainTrialRequest.newBuilder().setStudy(study.getId()).setTrial(trial).build())
        .getVerdictsList()
        .stream()
        .map(Verdict::getText)
        .toList();
  }

  List<Trial> trials(Study study) {
    return studies()
        .listTrials(ListTrialsRequest.newBuilder().setStudy(study.getId()).build())
        .getTrialsList();
  }

  /** Waits until an attempt of a study is as wanted. */
  Attempt awaitAttempt(Study study, Predicate<Attempt> wanted) throws InterruptedException {
    return await(
        "an attempt",
        () ->
            trials(study).stream()
                .flatMap(trial -> trial.getAttemptsList().stream())
                .filter(wanted)
                .findFirst());
  }

  /** Waits for a process that the trainer has started, by a part of its command line. */
  ProcessHandle awaitChild(String part) throws InterruptedException {
    ProcessHandle trainer = Objects.requireNonNull(processes.get("trainer")).toHandle();
    return await(
        "a process of the trainer",
        () ->
            trainer
                .descendants()
                .filter(child -> child.info().commandLine().orElse("").contains(part))
                .findFirst());
  }

  /** The lines of the study's export. */
  List<String> export(Study study) {
    StringBuilder text = new StringBuilder();
    studies()
        .exportStudy(ExportStudyRequest.newBuilder().setStudy(study.getId()).build())
        .forEachRemaining(part -> text.append(part.getChunk().toStringUtf8()));
    return text.toString().lines().toList();
  }

  StudyServiceBlockingStub studies() {
    return StudyServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private <T> T await(String what, Supplier<Optional<T>> condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (System.nanoTime() - deadline < 0) {
      Optional<T> value = condition.get();
      if (value.isPresent()) {
        return value.get();
      }
      TimeUnit.MILLISECONDS.sleep(30);
    }
    StringBuilder said = new StringBuilder();
    for (String name : List.of("server", "trainer")) {
      said.append(Files.exists(log(name)) ? output(name) : "");
    }
    throw new AssertionError("expected %s, but: %s".formatted(what, said));
  }

  @Override
  public void close() {
    channel.shutdownNow();
    processes.values().forEach(process -> process.destroyForcibly().onExit().join());
  }
}
