package dev.rung.trainer;

import static dev.rung.trainer.FakeServer.ref;
import static dev.rung.trainer.FakeServer.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Checkpoint;
import dev.rung.proto.v1.Drop;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.Value;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class NodeCheckpointTest {
  /** A trial's name as hostile as can be: nothing of it may reach a file's name. */
  private static final AttemptRef REF = ref("../../etc/passwd;s/1", 1);

  private static final AttemptRef NEXT = ref("../../etc/passwd;s/1", 2);

  private final NodeFixture fixture = new NodeFixture();

  @TempDir Path folder;

  @AfterEach
  void close() {
    fixture.close();
  }

  private Run.Builder runWithStore(AttemptRef ref) {
    String prefix = folder.toUri() + "s/1/" + ref.getAttempt() + "/";
    return run(ref).setCheckpointPrefix(prefix);
  }

  @Test
  void shouldStoreBelowThePrefixUnderTheStepWhenCheckpointed() throws Exception {
    fixture.start(trial -> {
      trial.checkpoint(2, out -> out.write("abc".getBytes(StandardCharsets.US_ASCII)));
      trial.checkpoint(2, out -> out.write(0));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> trial.checkpoint(1, out -> out.write(0)))
          .withMessage("expected the step of a checkpoint to be positive and not before 2, got 1");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> trial.checkpoint(281_474_976_710_657L, out -> out.write(0)))
          .withMessage("expected the step of a checkpoint to be at most 2^48, got 281474976710657");
    });
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(runWithStore(REF));
    stream.awaitAccepted(REF);
    Checkpoint checkpoint = stream.awaitCheckpoint(REF, 1);
    assertThat(checkpoint.getStep()).isEqualTo(2);
    assertThat(checkpoint.getBytes()).isEqualTo(3);
    // SHA-256 of "abc": FIPS 180-2, appendix B.1.
    assertThat(java.util.HexFormat.of().formatHex(checkpoint.getDigest().toByteArray()))
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(checkpoint.getPlace()).isEqualTo(runWithStore(REF).getCheckpointPrefix() + "2.ckpt");
    assertThat(stream.awaitEnded(REF, 2).getCause()).isEqualTo(Cause.CAUSE_COMPLETED);
    assertThat(files()).containsExactly("s/1/1/2.ckpt");
    assertThat(folder.resolve("s/1/1/2.ckpt")).hasContent("abc");
  }

  @Test
  void shouldGoOnFromACheckpointWhenItIsWhole() throws Exception {
    fixture.start(new ExampleTrainer());
    FakeServer.Stream stream = fixture.server.welcome();
    Assignment assignment =
        Assignment.newBuilder()
            .addParameters(
                Parameter.newBuilder()
                    .setName("learning_rate")
                    .setValue(Value.newBuilder().setDoubleValue(0.25)))
            .build();
    stream.send(runWithStore(REF).setAssignment(assignment));
    stream.awaitAccepted(REF);
    List<Entry> entries = stream.awaitEntries(REF, 1, 4);
    // Each step halves the error: w = 3 (1 - 2^-n), loss = 9 / 4^n.
    assertThat(entries.get(0).getPoint().getMetricsMap()).containsEntry("loss", 9.0 / 4);
    assertThat(entries.get(3).getPoint().getMetricsMap()).containsEntry("loss", 9.0 / 64);
    stream.send(FakeServer.pause(REF, 1));
    stream.awaitEnded(REF, 5);
    stream.ack(REF, 5);
    Checkpoint checkpoint = entries.get(2).getCheckpoint();
    stream.send(runWithStore(NEXT).setAssignment(assignment).setMilestone(4).setResume(checkpoint));
    stream.awaitAccepted(NEXT);
    List<Entry> more = stream.awaitEntries(NEXT, 1, 2);
    assertThat(more.get(0).getCheckpoint().getStep()).isEqualTo(4);
    assertThat(more.get(1).getPoint().getStep()).isEqualTo(4);
    assertThat(more.get(1).getPoint().getMetricsMap()).containsEntry("loss", 9.0 / 256);
  }

  @Test
  void shouldEndBeforeTrainingWhenTheCheckpointIsDamagedOrMissing() throws Exception {
    NodeCheckpoints store = new NodeCheckpoints("node-1", "", 1_000);
    String prefix = folder.toUri() + "s/1/1/";
    Checkpoint damaged = store.write(prefix, 3, out -> out.write(new byte[] {1, 2, 3}));
    Path file = folder.resolve("s/1/1/3.ckpt");
    Files.write(file, new byte[] {1, 2, 4});
    fixture.start(trial -> fixture.seen.add("begun"));
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(runWithStore(REF).setResume(damaged));
    stream.awaitAccepted(REF);
    Ended ended = stream.awaitEnded(REF, 1);
    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_BAD_CHECKPOINT);
    // sha256sum of the bytes 1 2 3 and of 1 2 4.
    assertThat(ended.getMessage())
        .isEqualTo(
            "expected a checkpoint of 3 bytes with SHA-256"
                + " 039058c6f2c0cb492c533b0a4d14ef77cc0f78abccced5287d84a1a2011cfb81 at "
                + prefix
                + "3.ckpt, but found 3 bytes with SHA-256"
                + " d4b29a968c40173638ded8d174c86957afa211be479cee020dba5dfe127d91ca");
    Files.delete(file);
    stream.send(runWithStore(NEXT).setResume(damaged));
    stream.awaitAccepted(NEXT);
    Ended missing = stream.awaitEnded(NEXT, 1);
    assertThat(missing.getCause()).isEqualTo(Cause.CAUSE_BAD_CHECKPOINT);
    assertThat(missing.getMessage()).endsWith(" at " + prefix + "3.ckpt, but there is no file");
    assertThat(fixture.seen).isEmpty();
  }

  @Test
  void shouldGiveTheSlotUpWhenTheStoreCannotBeReached() throws Exception {
    NodeCheckpoints store = new NodeCheckpoints("node-1", "", 1_000);
    Path mounted = Files.createDirectory(folder.resolve("mounted"));
    Checkpoint stored = store.write(mounted.toUri() + "s/1/1/", 3, out -> out.write(7));
    Files.move(mounted, folder.resolve("away"));
    fixture.start(trial -> fixture.seen.add("begun"));
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(runWithStore(REF).setResume(stored));
    stream.awaitAccepted(REF);
    Ended ended = stream.awaitEnded(REF, 1);
    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_PREEMPTED);
    assertThat(ended.getMessage()).contains("there is no folder " + mounted);
    assertThat(fixture.seen).isEmpty();
  }

  @Test
  void shouldSayWhereItKeepsItsOwnCheckpoints() throws Exception {
    fixture.start(
        fixture
            .builder(trial -> trial.checkpoint(2, out -> out.write(1)))
            .checkpoints("node:" + folder.resolve("own")));
    FakeServer.Stream stream = fixture.server.welcome();
    String base = "file://node-1" + folder.resolve("own") + "/";
    assertThat(stream.hello().getCheckpoints()).isEqualTo(base);
    stream.send(run(REF).setCheckpointPrefix(base + "s/1/1/"));
    stream.awaitAccepted(REF);
    assertThat(stream.awaitCheckpoint(REF, 1).getPlace()).isEqualTo(base + "s/1/1/2.ckpt");
    assertThat(files()).containsExactly("own/s/1/1/2.ckpt");
  }

  @Test
  void shouldEndBeforeTrainingWhenTheStoreIsOfAnotherKind() throws InterruptedException {
    fixture.start(trial -> fixture.seen.add("begun"));
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF).setCheckpointPrefix("http://example.org/s/1/1/"));
    stream.awaitAccepted(REF);
    Ended ended = stream.awaitEnded(REF, 1);
    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_USER_ERROR);
    assertThat(ended.getMessage())
        .isEqualTo(
            "expected a place for checkpoints as s3://BUCKET/PREFIX/, file:///SHARED/FOLDER/ or"
                + " file://NODE/FOLDER/, but got 'http://example.org/'");
    assertThat(fixture.seen).isEmpty();
  }

  @Test
  void shouldThrowToTheTrainerWhenTheServerNamesNoPlace() throws InterruptedException {
    fixture.start(trial -> trial.checkpoint(1, out -> out.write(0)));
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(run(REF));
    stream.awaitAccepted(REF);
    assertThat(stream.awaitEnded(REF, 1).getMessage())
        .startsWith(
            "java.io.IOException: expected a place for checkpoints, but the server named none");
  }

  @Test
  void shouldDeleteOnlyCheckpointsWhenTheServerDropsPlaces() throws Exception {
    Path kept = Files.writeString(folder.resolve("model.bin"), "kept");
    Files.createDirectories(folder.resolve("s/1/1"));
    Files.createDirectories(folder.resolve("s/1/2"));
    Files.writeString(folder.resolve("s/1/1/9.ckpt"), "dropped");
    Files.writeString(folder.resolve("s/1/2/8.ckpt"), "dropped last");
    fixture.start(fixture.builder(trial -> {}).checkpoints(folder.toString()));
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(
        ServerMessage.newBuilder()
            .setDrop(
                Drop.newBuilder()
                    .addPlaces(kept.toUri().toString())
                    .addPlaces("http://example.org/9.ckpt")
                    .addPlaces(folder.toUri() + "s/1/3/7.ckpt")
                    .addPlaces(folder.toUri() + "../s/1/1/9.ckpt")
                    .addPlaces(folder.toUri() + "s/1/1/9.ckpt")
                    .addPlaces(folder.toUri() + "s/1/2/8.ckpt")));
    // Places are dropped in order, so the last tells that all were looked at.
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (Files.exists(folder.resolve("s")) && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(files()).containsExactly("model.bin");
    assertThat(folder.resolve("s")).doesNotExist();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths
          .filter(Files::isRegularFile)
          .map(path -> folder.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void shouldReportTheSameStepAgainWhenItResumes() throws Exception {
    NodeCheckpoints store = new NodeCheckpoints("node-1", "", 1_000);
    Checkpoint stored = store.write(folder.toUri() + "s/1/9/", 3, out -> out.write(7));
    fixture.start(trial -> {
      assertThat(trial.startStep()).isEqualTo(3);
      try (InputStream in = trial.resumeFrom().orElseThrow().open()) {
        assertThat(in.readAllBytes()).containsExactly(7);
      }
      assertThatIllegalArgumentException().isThrownBy(() -> trial.report(2, Map.of()));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> trial.checkpoint(2, out -> out.write(0)));
      trial.report(3, Map.of());
    });
    FakeServer.Stream stream = fixture.server.welcome();
    stream.send(runWithStore(REF).setResume(stored));
    stream.awaitAccepted(REF);
    assertThat(stream.awaitPoint(REF, 1)).isEqualTo(3);
    assertThat(stream.awaitEnded(REF, 2).getCause()).isEqualTo(Cause.CAUSE_COMPLETED);
  }
}
