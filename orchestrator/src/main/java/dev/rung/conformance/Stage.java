package dev.rung.conformance;

import com.google.protobuf.Duration;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Hello;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.Welcome;
import io.grpc.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where the rules are played: one server and the trainer that dials it. Used by one thread. */
final class Stage implements AutoCloseable {
  static final int SLOTS = 2;

  /** A trainer may load what it needs before it dials. */
  private static final java.time.Duration START = java.time.Duration.ofSeconds(60);

  private static final int STUDY_LETTERS = 26;

  private final List<String> command;
  private final Path folder;
  private final KitServer server;
  private final String study =
      UUID.randomUUID().toString().replace("-", "").substring(0, STUDY_LETTERS);
  private final List<Played> played = new ArrayList<>();
  private @Nullable Subject subject;
  private @Nullable Connection connection;
  private Hello hello = Hello.getDefaultInstance();
  private int lives;
  private int trials;

  /**
   * @param command starts the trainer
   * @param folder for what it keeps and prints
   */
  Stage(List<String> command, Path folder) throws IOException {
    this.command = command;
    this.folder = folder;
    this.server = new KitServer();
    Files.createDirectories(checkpoints());
  }

  private Path checkpoints() {
    return folder.resolve("checkpoints");
  }

  /** A file that is none of the trainer's. */
  Path fileOutside() {
    return folder.resolve("outside.ckpt").toAbsolutePath();
  }

  /** What checkpoints' places begin with. */
  private String base() {
    return "file://" + checkpoints().toAbsolutePath() + "/";
  }

  /** The process that runs now. */
  Subject subject() {
    if (subject == null) {
      throw new IllegalStateException("expected a trainer that was started");
    }
    return subject;
  }

  /** Its stream. */
  Connection connection() {
    if (connection == null) {
      throw new IllegalStateException("expected a trainer that has dialled");
    }
    return connection;
  }

  /** The last Hello. */
  Hello hello() {
    return hello;
  }

  KitServer server() {
    return server;
  }

  /** Sees to it that a trainer is there and was welcomed. */
  void ready() throws Violation, InterruptedException {
    if (subject == null || !subject.isAlive()) {
      start(false);
    }
    if (connection == null || connection.isClosed()) {
      awaitDial(START);
      welcome(usual());
    }
  }

  /**
   * Starts a trainer.
   *
   * @param again in the folder of the one before, under its name
   */
  void start(boolean again) {
    if (!again) {
      lives++;
    }
    Path data = folder.resolve("node-" + lives);
    try {
      Files.createDirectories(data);
      subject =
          Subject.start(
              command,
              Map.of(
                  "server",
                  server.address(),
                  "name",
                  "conformance-" + lives,
                  "data",
                  data.toString(),
                  "slots",
                  Integer.toString(SLOTS)),
              folder.resolve("trainer.log"));
    } catch (IOException e) {
      throw new UncheckedIOException("the trainer cannot be started: " + e.getMessage(), e);
    }
    connection = null;
  }

  /** Waits until the trainer opens a stream and says Hello. */
  Hello awaitDial(java.time.Duration most) throws Violation, InterruptedException {
    Optional<Connection> next = server.dialled(most);
    if (next.isEmpty()) {
      boolean alive = subject().isAlive();
      throw new Violation(
          "expected the trainer to dial %s within %s, but it %s; it printed: %s"
              .formatted(
                  server.address(),
                  Shown.time(most),
                  alive ? "did not" : "has ended",
                  subject().tail()));
    }
    connection = next.get();
    hello = connection.hello(Played.SOON);
    played.forEach(attempt -> attempt.movedTo(next.get()));
    return hello;
  }

  /** The usual Welcome. */
  Welcome.Builder usual() {
    return Welcome.newBuilder()
        .setWindowEntries(1_024)
        .setWindowBytes(4 << 20)
        .setHeartbeat(Duration.newBuilder().setSeconds(1))
        .setKeepTraining(Duration.newBuilder().setSeconds(600))
        .setSoftware("conformance kit")
        .setSession(UUID.randomUUID().toString())
        .setCheckpoints(base());
  }

  void welcome(Welcome.Builder welcome) {
    connection().send(ServerMessage.newBuilder().setWelcome(welcome).build());
  }

  /** Cuts the stream, as a network does, and waits for the next. */
  Hello cut() throws Violation, InterruptedException {
    connection().close(Status.UNAVAILABLE.withDescription("cut by the kit"));
    return awaitDial(Played.SOON);
  }

  /** Has the trainer dial anew, and welcomes it in another way. */
  void welcomedAs(Welcome.Builder welcome) throws Violation, InterruptedException {
    ready();
    Hello unused = cut();
    welcome(welcome);
  }

  /** The next trial's first attempt. */
  Task task() {
    return task(++trials, 1);
  }

  /** An attempt of a trial. */
  Task task(int trial, int attempt) {
    AttemptRef ref =
        AttemptRef.newBuilder().setTrial(study + "/" + trial).setAttempt(attempt).build();
    return new Task(ref, 0.5 * trial, base() + study + "/" + trial + "/" + attempt + "/");
  }

  /** The number of the newest trial. */
  int lastTrial() {
    return trials;
  }

  /** Has a trainer that is ready run a task. */
  Played begin(Task task) throws Violation, InterruptedException {
    ready();
    Played attempt = new Played(task.attempt(), connection());
    played.add(attempt);
    connection().send(task.message());
    NodeMessage answer =
        connection()
            .await(
                "Accepted for the Run",
                Played.SOON,
                all ->
                    all.stream().filter(message -> answers(task.attempt(), message)).findFirst());
    Violation.unless(
        !answer.hasRefused(),
        "expected Accepted, got Refused: %s",
        answer.getRefused().getReason());
    return attempt;
  }

  static boolean answers(AttemptRef attempt, NodeMessage message) {
    return (message.hasAccepted() && message.getAccepted().getAttempt().equals(attempt))
        || (message.hasRefused() && message.getRefused().getAttempt().equals(attempt));
  }

  /**
   * Makes the stage fit for the next rule.
   *
   * @param broken whether what the trainer does is in doubt, so that it is replaced
   */
  void settle(boolean broken) throws InterruptedException {
    server.away(false);
    if (broken && subject != null) {
      subject.kill();
    }
    if (subject != null && subject.isAlive() && connection != null && !connection.isClosed()) {
      connection.acknowledge(true);
      played.forEach(attempt -> attempt.fence(false));
    } else if (subject != null) {
      subject.kill();
      subject = null;
      while (server.dialled(java.time.Duration.ZERO).isPresent()) {
        // Streams of one that is gone.
      }
    }
    played.clear();
  }

  @Override
  public void close() {
    if (subject != null) {
      subject.close();
    }
    server.close();
  }
}
