package dev.rung.dl4j;

import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.proto.v1.ExportStudyRequest;
import dev.rung.proto.v1.GetStudyRequest;
import dev.rung.proto.v1.ListTrialsRequest;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.proto.v1.StudyServiceGrpc.StudyServiceBlockingStub;
import dev.rung.proto.v1.StudyState;
import dev.rung.proto.v1.Trial;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A server and a trainer, each a process of its own, and a client of the server. */
final class Site implements AutoCloseable {
  private static final long DEADLINE_SECONDS = 120;

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final ManagedChannel channel;

  /** Starts both, and waits until the server is ready. */
  Site(Path folder) throws IOException, InterruptedException {
    this.folder = folder;
    start(
        "server",
        "dev.rung.cli.Rung",
        "serve",
        "--data",
        folder.resolve("data").toString(),
        "--port",
        "0");
    String address = await("the server to be ready", this::address);
    start(
        "trainer",
        Dl4jTrainerMain.class.getName(),
        "--server",
        address,
        "--slots",
        "2",
        "--data",
        folder.resolve("trainers").toString());
    this.channel = NettyChannelBuilder.forTarget(address).usePlaintext().build();
  }

  private void start(String name, String main, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xmx512m"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main);
    command.addAll(List.of(arguments));
    command.addAll(List.of("--parent-pid", Long.toString(ProcessHandle.current().pid())));
    processes.add(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(log(name).toFile())
            .start());
  }

  private Path log(String name) {
    return folder.resolve(name + ".log");
  }

  private Optional<String> address() {
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
    String id =
        studies()
            .createStudy(
                CreateStudyRequest.newBuilder()
                    .setFile(file)
                    .setFileName("example.yaml")
                    .setKey(UUID.randomUUID().toString())
                    .build())
            .getStudy()
            .getId();
    return await(
        "the study to end",
        () ->
            Optional.of(
                    studies()
                        .getStudy(GetStudyRequest.newBuilder().setStudy(id).build())
                        .getStudy())
                .filter(study -> study.getState() == StudyState.STUDY_STATE_ENDED));
  }

  List<Trial> trials(Study study) {
    return studies()
        .listTrials(ListTrialsRequest.newBuilder().setStudy(study.getId()).build())
        .getTrialsList();
  }

  /** The lines of the study's export. */
  List<String> export(Study study) {
    StringBuilder text = new StringBuilder();
    studies()
        .exportStudy(ExportStudyRequest.newBuilder().setStudy(study.getId()).build())
        .forEachRemaining(part -> text.append(part.getChunk().toStringUtf8()));
    return text.toString().lines().toList();
  }

  private StudyServiceBlockingStub studies() {
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
    processes.forEach(process -> process.destroyForcibly().onExit().join());
  }
}
