package dev.rung.trainer;

import static dev.rung.trainer.FakeServer.ref;
import static dev.rung.trainer.FakeServer.run;
import static dev.rung.trainer.FakeServer.stop;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Checkpoint;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.Point;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.Value;
import dev.rung.trainer.process.Gpu;
import dev.rung.trainer.process.GpuPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trials in JVMs of their own. */
@Timeout(120)
class ProcessTrainerTest {
  private static final AttemptRef REF = ref("s/1", 1);

  @TempDir Path folder;

  private final NodeFixture fixture = new NodeFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  private TrainerNode.Builder builder() {
    return fixture
        .builder(new TroubledTrainer())
        .isolation(Isolation.PROCESS)
        .jvmOptions(
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-XX:-CreateCoredumpOnCrash",
            "-XX:ErrorFile=" + folder.resolve("crash.log"));
  }

  private static Run.Builder troubled(AttemptRef ref, String trouble) {
    return run(ref).putConfig("trouble", Value.newBuilder().setStringValue(trouble).build());
  }

  @Test
  void shouldTrainPauseAndGoOnInJvmsOfTheirOwn() throws Exception {
    fixture.start(builder().dataFolder(folder));
    FakeServer.Stream stream = fixture.server.welcome();
    Parameter lr =
        Parameter.newBuilder()
            .setName("lr")
            .setValue(Value.newBuilder().setDoubleValue(0.25))
            .build();
    Run.Builder first =
        run(REF)
            .setAssignment(Assignment.newBuilder().addParameters(lr))
            .setCheckpointPrefix("file://" + folder + "/s/1/1/");
    stream.send(first);
    stream.awaitAccepted(REF);
    List<Entry> entries = stream.awaitEntries(REF, 1, 4);
    Point point = entries.get(3).getPoint();
    assertThat(point.getStep()).isEqualTo(3);
    assertThat(point.getMetricsMap()).containsEntry("loss", 0.25 / 3).containsEntry("sum", 6.0);
    assertThat(point.getMetricsOrThrow("process"))
        .isNotEqualTo((double) ProcessHandle.current().pid());
    Checkpoint saved = entries.get(2).getCheckpoint();
    assertThat(saved.getStep()).isEqualTo(3);
    stream.send(FakeServer.pause(REF, 1).setReason("not among the best"));
    Ended paused = stream.awaitEnded(REF, 5);
    assertThat(paused.getCause()).isEqualTo(Cause.CAUSE_PAUSED);
    assertThat(paused.getMessage()).isEqualTo("not among the best");

    AttemptRef second = ref("s/1", 2);
    stream.send(
        run(second)
            .setResume(saved)
            .setMilestone(5)
            .setCheckpointPrefix("file://" + folder + "/s/1/2/"));
    stream.awaitAccepted(second);
    List<Entry> more = stream.awaitEntries(second, 1, 3);
    assertThat(more.get(0).getPoint().getMetricsMap()).containsEntry("sum", 10.0);
    assertThat(more.get(2).getPoint().getMetricsMap()).containsEntry("sum", 15.0);
    stream.send(stop(second, 1));
    assertThat(stream.awaitEnded(second, 4).getCause()).isEqualTo(Cause.CAUSE_STOPPED);
    try (Stream<Path> left = Files.list(folder.resolve("processes"))) {
      assertThat(left).as("folders of attempts that have ended").isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "exit, USER_ERROR, exit code 3",
    "leave, USER_ERROR, 'expected the trainer to return, but it ended its process with'",
    "memory, OUT_OF_MEMORY, java.lang.OutOfMemoryError",
    "kill, USER_ERROR, ended by signal 9 (exit code 137)",
    "crash, USER_ERROR, exit code 1",
    "diverge, DIVERGED, it diverged",
    "infeasible, INFEASIBLE, it cannot be trained",
    "throw, USER_ERROR, java.lang.IllegalStateException: it failed",
    "backwards, USER_ERROR, 'java.lang.IllegalArgumentException: expected the step of a report'",
  })
  void shouldEndOneTrialOnlyWhateverItsProcessDoes(String trouble, String cause, String message)
      throws Exception {
    TrainerNode node = fixture.start(builder());
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(troubled(REF, trouble));
    stream.awaitAccepted(REF);
    Ended ended = stream.awaitEntries(REF, 1, 2).get(1).getEnded();
    assertThat(ended.getCause()).isEqualTo(Cause.valueOf("CAUSE_" + cause));
    assertThat(ended.getMessage()).startsWith(message);
    if (trouble.equals("crash")) {
      // Without a core file the JVM ends itself with 1; SIGSEGV is 0xb.
      assertThat(ended.getMessage()).contains("SIGSEGV (0xb)");
    }
    if (trouble.equals("exit")) {
      assertThat(ended.getMessage()).endsWith("the log ends with:\nsaid before the exit");
    }
    assertThat(node.isConnected()).isTrue();

    AttemptRef next = ref("s/2", 1);
    stream.send(run(next).setMaxResource(2));
    stream.awaitAccepted(next);
    assertThat(stream.awaitEntries(next, 1, 3).get(2).getEnded().getCause())
        .isEqualTo(Cause.CAUSE_COMPLETED);
  }

  @Test
  void shouldKillAProcessThatDoesNotEndInTime() throws Exception {
    TrainerNode node = fixture.start(builder());
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(troubled(REF, "hang"));
    stream.awaitAccepted(REF);
    Point point = stream.awaitEntries(REF, 1, 1).get(0).getPoint();
    long pid = (long) point.getMetricsOrThrow("process");
    Thread closer = new Thread(node::close);
    closer.start();
    assertThat(stream.await("Draining", m -> m.hasDraining()).hasDraining()).isTrue();
    assertThat(stream.awaitEnded(REF, 2).getCause()).isEqualTo(Cause.CAUSE_PREEMPTED);
    assertThat(ProcessHandle.of(pid).filter(ProcessHandle::isAlive)).isEmpty();
    stream.ack(REF, 2);
    closer.join();
  }

  @Test
  void shouldPinEachProcessToGpusOfItsOwn() throws Exception {
    GpuPool pool =
        new GpuPool(List.of(new Gpu(4, "GPU-a", "A100", 0), new Gpu(7, "GPU-b", "A100", 0)));
    fixture.start(builder().gpus(pool));
    FakeServer.Stream stream = fixture.server.welcome();
    assertThat(stream.hello().getSlots()).isEqualTo(2);
    assertThat(stream.hello().getLabelsMap()).isEqualTo(Map.of("gpu", "A100"));
    AttemptRef other = ref("s/2", 1);
    stream.send(troubled(REF, "hang"));
    stream.awaitAccepted(REF);
    assertThat(gpu(stream, REF)).isEqualTo(4.0);
    stream.send(troubled(other, "hang"));
    stream.awaitAccepted(other);
    assertThat(gpu(stream, other)).isEqualTo(7.0);
  }

  private static double gpu(FakeServer.Stream stream, AttemptRef ref) throws InterruptedException {
    return stream.awaitEntries(ref, 1, 1).get(0).getPoint().getMetricsOrThrow("gpu");
  }

  @Test
  void shouldRefuseWhatNoProcessCanMake() throws IOException {
    Trainer lambda = trial -> {};
    assertThatThrownBy(() -> fixture.builder(lambda).isolation(Isolation.PROCESS).build())
        .hasMessageStartingWith(
            "expected a trainer whose class has a constructor without parameters");
    GpuPool pool = new GpuPool(List.of(new Gpu(0, "GPU-a", "A100", 0)));
    assertThatThrownBy(() -> fixture.builder(lambda).gpus(pool).build())
        .hasMessageStartingWith("expected isolation of process with GPUs");
  }
}
