package dev.rung.conformance;

import static dev.rung.conformance.Violation.unless;

import com.google.protobuf.ByteString;
import dev.rung.checkpoint.Digests;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Checkpoint;
import dev.rung.proto.v1.Drop;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Point;
import dev.rung.proto.v1.ServerMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Rules of checkpoints. */
final class CheckpointRules {
  private static final double EXACT = 1e-9;

  private CheckpointRules() {}

  static List<Rule> all() {
    return List.of(
        new Rule(
            "checkpoint-first",
            "A checkpoint comes before the point that a trial is judged by.",
            CheckpointRules::first),
        new Rule(
            "checkpoint-place",
            "A checkpoint lies directly below the Run's prefix, and is what its entry says.",
            CheckpointRules::place),
        new Rule(
            "resume",
            "A Run with a checkpoint goes on after its step, from its content.",
            CheckpointRules::resume),
        new Rule(
            "resume-missing",
            "Where the checkpoint is missing the attempt ends as BAD_CHECKPOINT, its only entry.",
            CheckpointRules::missing),
        new Rule(
            "resume-damaged",
            "Where its content has another digest the attempt ends as BAD_CHECKPOINT.",
            CheckpointRules::damaged),
        new Rule(
            "drop-later",
            "A dropped checkpoint stays for some minutes: another attempt may be reading it.",
            CheckpointRules::dropLater),
        new Rule(
            "drop-outside",
            "A Drop of a file elsewhere deletes nothing, and the stream stays open.",
            CheckpointRules::dropOutside));
  }

  /** Runs a trial to its first milestone. */
  private static Played judged(Stage stage, Task task) throws Violation, InterruptedException {
    Played attempt = stage.begin(task);
    attempt.awaitStep(4);
    return attempt;
  }

  private static void first(Stage stage) throws Violation, InterruptedException {
    Played attempt = judged(stage, stage.task());
    Checkpoint checkpoint = attempt.awaitCheckpoint(4);
    List<Entry> entries = attempt.trace().entries();
    int saved = indexOf(entries, e -> e.hasCheckpoint() && e.getCheckpoint().equals(checkpoint));
    int point = indexOf(entries, e -> e.hasPoint() && e.getPoint().getStep() >= 4);
    unless(
        saved < point,
        "expected the checkpoint of step %d before the point of the milestone, got it %d entries"
            + " after",
        checkpoint.getStep(),
        saved - point);
  }

  private static int indexOf(List<Entry> entries, java.util.function.Predicate<Entry> wanted) {
    for (int i = 0; i < entries.size(); i++) {
      if (wanted.test(entries.get(i))) {
        return i;
      }
    }
    return entries.size();
  }

  private static void place(Stage stage) throws Violation, InterruptedException {
    Task task = stage.task();
    String prefix = task.message().getRun().getCheckpointPrefix();
    Checkpoint checkpoint = judged(stage, task).awaitCheckpoint(4);
    String place = checkpoint.getPlace();
    unless(
        place.startsWith(prefix) && !place.substring(prefix.length()).contains("/"),
        "expected a place directly below %s, got %s",
        prefix,
        place);
    byte[] content = read(place);
    unless(
        content.length == checkpoint.getBytes(),
        "expected the %d bytes that the file has, got %d",
        content.length,
        checkpoint.getBytes());
    ByteString digest = ByteString.copyFrom(Digests.sha256().digest(content));
    unless(digest.equals(checkpoint.getDigest()), "expected the SHA-256 of the file, got another");
  }

  private static byte[] read(String place) throws Violation {
    try {
      return Files.readAllBytes(file(place));
    } catch (IOException e) {
      throw new Violation("expected a file at %s, got %s".formatted(place, e));
    }
  }

  private static Path file(String place) {
    return Path.of(URI.create(place).getPath());
  }

  private static void resume(Stage stage) throws Violation, InterruptedException {
    Played before = judged(stage, stage.task());
    Checkpoint checkpoint = before.awaitCheckpoint(4);
    before.tellPause();
    before.awaitEnded();
    Played after = stage.begin(stage.task(stage.lastTrial(), 2).milestone(8).resume(checkpoint));
    Point judged = after.awaitPoint(8);
    long first = after.trace().points().get(0).getStep();
    unless(
        first == checkpoint.getStep() + 1,
        "expected to go on at step %d, got %d",
        checkpoint.getStep() + 1,
        first);
    double total = judged.getMetricsOrDefault(Task.TOTAL, Double.NaN);
    double expected = judged.getStep() * (judged.getStep() + 1) / 2.0;
    unless(
        Math.abs(total - expected) < EXACT,
        "expected total %s at step %d, counted on from the checkpoint, got %s",
        expected,
        judged.getStep(),
        total);
  }

  private static void missing(Stage stage) throws Violation, InterruptedException {
    Task task = stage.task();
    Checkpoint none =
        Checkpoint.newBuilder()
            .setStep(4)
            .setPlace(task.message().getRun().getCheckpointPrefix() + "none.ckpt")
            .setBytes(3)
            .setDigest(ByteString.copyFrom(Digests.sha256().digest(new byte[] {1, 2, 3})))
            .build();
    expectBad(stage, task.milestone(8).resume(none));
  }

  private static void damaged(Stage stage) throws Violation, InterruptedException {
    Played before = judged(stage, stage.task());
    Checkpoint checkpoint = before.awaitCheckpoint(4);
    before.tellPause();
    before.awaitEnded();
    byte[] content = read(checkpoint.getPlace());
    content[content.length / 2] ^= 1;
    write(checkpoint.getPlace(), content);
    expectBad(stage, stage.task(stage.lastTrial(), 2).milestone(8).resume(checkpoint));
  }

  private static void write(String place, byte[] content) {
    try {
      Files.write(file(place), content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void expectBad(Stage stage, Task task) throws Violation, InterruptedException {
    Played attempt = stage.begin(task);
    Ended unused = attempt.awaitEnd(Cause.CAUSE_BAD_CHECKPOINT);
    int entries = attempt.trace().entries().size();
    unless(entries == 1, "expected BAD_CHECKPOINT as the only entry, got %d entries", entries);
  }

  private static void dropLater(Stage stage) throws Violation, InterruptedException {
    Played attempt = judged(stage, stage.task());
    String place = attempt.awaitCheckpoint(4).getPlace();
    drop(stage, place);
    attempt.tellStop();
    attempt.awaitEnded();
    attempt.settle();
    unless(
        Files.exists(file(place)), "expected %s to stay for some minutes, but it is gone", place);
  }

  private static void dropOutside(Stage stage) throws Violation, InterruptedException {
    Path other = stage.fileOutside();
    write(other.toUri().toString(), new byte[] {1});
    drop(stage, "file://" + other);
    Played attempt = judged(stage, stage.task());
    AttemptRef ref = attempt.attempt();
    unless(Files.exists(other), "expected %s to stay, but it is gone", other);
    unless(!stage.connection().isClosed(), "expected the stream to stay open for %s", ref);
  }

  private static void drop(Stage stage, String place) throws Violation, InterruptedException {
    stage.ready();
    stage
        .connection()
        .send(ServerMessage.newBuilder().setDrop(Drop.newBuilder().addPlaces(place)).build());
  }
}
