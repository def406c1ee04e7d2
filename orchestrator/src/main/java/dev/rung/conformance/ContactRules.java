package dev.rung.conformance;

import static dev.rung.conformance.Played.SOON;
import static dev.rung.conformance.Violation.unless;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Drain;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.Hello;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.Point;
import dev.rung.proto.v1.ServerMessage;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Rules of streams that break, windows, and nodes that go. */
final class ContactRules {
  private static final int TAKEN_OVER = 5;
  private static final Duration AWAY = Duration.ofSeconds(2);

  /** More than can be trained while the kit waits afterwards, and fewer than in the whole time. */
  private static final int STEPS_AWAY = 25;

  private ContactRules() {}

  static List<Rule> all() {
    return List.of(
        new Rule(
            "window",
            "At most window_entries entries of an attempt are sent and not acknowledged.",
            ContactRules::window),
        new Rule(
            "window-opens",
            "An acknowledgement of a prefix lets as many more be sent.",
            ContactRules::windowOpens),
        new Rule(
            "resend",
            "An Ack with resend is followed by the entries after its number again.",
            ContactRules::resend),
        new Rule(
            "dial-again",
            "A node whose stream breaks dials again, as the same incarnation with a higher connection number.",
            ContactRules::dialAgain),
        new Rule(
            "hello-attempts",
            "That Hello lists the attempts that run or are not delivered whole.",
            ContactRules::helloAttempts),
        new Rule(
            "sent-again",
            "After it, entries that were not acknowledged come again, and no others.",
            ContactRules::sentAgain),
        new Rule("trains-on", "A node trains on while there is no stream.", ContactRules::trainsOn),
        new Rule(
            "back-off",
            "A node that is turned away waits before it dials again, and does dial again.",
            ContactRules::backOff),
        new Rule(
            "taken-over",
            "A node whose stream ends with ABORTED does not dial again, and ends.",
            ContactRules::takenOver),
        new Rule(
            "drain",
            "Drain ends attempts as PREEMPTED after a checkpoint, takes no more, and the node ends with 0.",
            ContactRules::drain),
        new Rule(
            "terminate",
            "A node that is told to end says Draining, ends its attempts as PREEMPTED and delivers their logs.",
            ContactRules::terminate),
        new Rule(
            "restart",
            "A node that was killed delivers what its logs hold, its attempts ended as LOST, under a higher incarnation.",
            ContactRules::restart));
  }

  private static int count(List<NodeMessage> messages, AttemptRef attempt) {
    return messages.stream()
        .filter(m -> m.hasEntries() && m.getEntries().getAttempt().equals(attempt))
        .mapToInt(m -> m.getEntries().getEntriesCount())
        .sum();
  }

  private static void window(Stage stage) throws Violation, InterruptedException {
    stage.welcomedAs(stage.usual().setWindowEntries(5));
    stage.connection().acknowledge(false);
    Played attempt = stage.begin(stage.task().milestone(40).steps(40));
    awaitEntries(stage, attempt.attempt(), 5);
    attempt.expectQuiet("beyond the window of 5");
    int sent = count(stage.connection().messages(), attempt.attempt());
    unless(sent <= 5, "expected at most 5 entries that are not acknowledged, got %d", sent);
  }

  private static void windowOpens(Stage stage) throws Violation, InterruptedException {
    stage.welcomedAs(stage.usual().setWindowEntries(5));
    stage.connection().acknowledge(false);
    Played attempt = stage.begin(stage.task().milestone(40).steps(40));
    AttemptRef ref = attempt.attempt();
    awaitEntries(stage, ref, 5);
    stage.connection().acknowledge(ref, 3, false);
    awaitEntries(stage, ref, 8);
  }

  private static void awaitEntries(Stage stage, AttemptRef ref, int entries)
      throws Violation, InterruptedException {
    int unused =
        stage
            .connection()
            .await(
                entries + " entries",
                SOON,
                all -> {
                  int now = count(all, ref);
                  return now >= entries ? Optional.of(now) : Optional.empty();
                });
  }

  private static void resend(Stage stage) throws Violation, InterruptedException {
    stage.welcomedAs(stage.usual());
    stage.connection().acknowledge(false);
    Played attempt = stage.begin(stage.task());
    attempt.awaitStep(4);
    AttemptRef ref = attempt.attempt();
    int before = stage.connection().messages().size();
    stage.connection().acknowledge(ref, 2, true);
    Entries again =
        stage
            .connection()
            .await(
                "entries from number 3 again",
                SOON,
                all ->
                    all.stream()
                        .skip(before)
                        .filter(m -> m.hasEntries() && m.getEntries().getAttempt().equals(ref))
                        .map(NodeMessage::getEntries)
                        .findFirst());
    unless(again.getFirstSeq() == 3, "expected entries from number 3, got %d", again.getFirstSeq());
    Trace trace = attempt.trace();
    unless(trace.step() >= 4, "expected the whole log again");
  }

  private static void dialAgain(Stage stage) throws Violation, InterruptedException {
    stage.ready();
    Hello first = stage.hello();
    Hello second = stage.cut();
    unless(
        second.getNode().equals(first.getNode()),
        "expected the name '%s' again, got '%s'",
        first.getNode(),
        second.getNode());
    unless(
        second.getIncarnation() == first.getIncarnation(),
        "expected the incarnation %d again, got %d",
        first.getIncarnation(),
        second.getIncarnation());
    unless(
        second.getConnection() > first.getConnection(),
        "expected a connection number above %d, got %d",
        first.getConnection(),
        second.getConnection());
    stage.welcome(stage.usual());
  }

  private static void helloAttempts(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task());
    attempt.awaitStep(4);
    Hello hello = stage.cut();
    unless(
        hello.getAttemptsList().contains(attempt.attempt()),
        "expected the attempt that runs in Hello, got %s",
        hello.getAttemptsList());
    stage.welcome(stage.usual());
    attempt.tellStop();
    Ended end = attempt.awaitEnd();
    attempt.settle();
    Hello later = stage.cut();
    unless(
        !later.getAttemptsList().contains(attempt.attempt()),
        "expected no attempt in Hello whose whole log is acknowledged, %s the last",
        end.getCause());
    stage.welcome(stage.usual());
  }

  private static void sentAgain(Stage stage) throws Violation, InterruptedException {
    stage.ready();
    stage.connection().acknowledge(false);
    Played attempt = stage.begin(stage.task());
    attempt.awaitStep(4);
    AttemptRef ref = attempt.attempt();
    int logged = attempt.trace().entries().size();
    stage.connection().acknowledge(ref, 2, false);
    attempt.settle();
    stage.welcomedAs(stage.usual());
    long first =
        stage
            .connection()
            .await(
                "the entries that are not acknowledged",
                SOON,
                all ->
                    all.stream()
                        .filter(m -> m.hasEntries() && m.getEntries().getAttempt().equals(ref))
                        .map(m -> m.getEntries().getFirstSeq())
                        .findFirst());
    unless(first == 3, "expected entries from number 3, got %d", first);
    unless(
        attempt.trace().entries().size() >= logged,
        "expected %d entries, got %d",
        logged,
        attempt.trace().entries().size());
  }

  private static void trainsOn(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task().milestone(300).steps(300).stepMillis(50));
    Point before = attempt.awaitPoint(2);
    stage.server().away(true);
    stage.connection().close(Status.UNAVAILABLE.withDescription("cut by the kit"));
    Optional<Connection> none = stage.server().dialled(AWAY);
    unless(none.isEmpty(), "expected no stream while the server turns each away");
    stage.server().away(false);
    Hello unused = stage.awaitDial(Duration.ofSeconds(40));
    stage.welcome(stage.usual());
    attempt.settle();
    long steps = attempt.trace().step() - before.getStep();
    unless(
        steps >= STEPS_AWAY,
        "expected it to train on for %s at 50 ms a step, got %d steps more",
        Shown.time(AWAY),
        steps);
  }

  private static void backOff(Stage stage) throws Violation, InterruptedException {
    stage.ready();
    long turnedAway = stage.server().turnedAway();
    stage.server().away(true);
    stage.connection().close(Status.UNAVAILABLE.withDescription("cut by the kit"));
    Optional<Connection> none = stage.server().dialled(Duration.ofSeconds(3));
    unless(none.isEmpty(), "expected no stream while the server turns each away");
    long dials = stage.server().turnedAway() - turnedAway;
    unless(dials <= 20, "expected at most 20 dials in 3 s, got %d", dials);
    stage.server().away(false);
    Hello unused = stage.awaitDial(Duration.ofSeconds(40));
    stage.welcome(stage.usual());
  }

  private static void takenOver(Stage stage) throws Violation, InterruptedException {
    stage.ready();
    stage.connection().close(Status.ABORTED.withDescription("a newer session took over"));
    Optional<Connection> again = stage.server().dialled(Duration.ofSeconds(3));
    unless(again.isEmpty(), "expected it not to dial again after ABORTED");
    OptionalInt exit = stage.subject().exit(SOON);
    unless(exit.isPresent(), "expected the node to end after ABORTED");
    unless(
        exit.getAsInt() != 0,
        "expected an exit code that says so (%d for instance), got 0",
        TAKEN_OVER);
  }

  private static void drain(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task().milestone(300).steps(300).stepMillis(30));
    attempt.awaitStep(2);
    stage
        .connection()
        .send(
            ServerMessage.newBuilder()
                .setDrain(Drain.newBuilder().setReason("conformance"))
                .build());
    Ended end = attempt.awaitEnd(Cause.CAUSE_PREEMPTED);
    unless(
        attempt.trace().entries().stream().anyMatch(e -> e.hasCheckpoint()),
        "expected a checkpoint before %s, got none",
        end.getCause());
    OptionalInt exit = stage.subject().exit(SOON);
    unless(exit.isPresent(), "expected the node to end once it is drained");
    unless(exit.getAsInt() == 0, "expected exit code 0, got %d", exit.getAsInt());
  }

  private static void terminate(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task().milestone(300).steps(300).stepMillis(30));
    attempt.awaitStep(2);
    Connection connection = stage.connection();
    stage.subject().terminate();
    NodeMessage draining =
        connection.await(
            "Draining", SOON, all -> all.stream().filter(NodeMessage::hasDraining).findFirst());
    unless(draining.getDraining().hasDeadline(), "expected a deadline in Draining, got none");
    Ended end = attempt.awaitEnd(Cause.CAUSE_PREEMPTED);
    OptionalInt exit = stage.subject().exit(SOON);
    unless(exit.isPresent(), "expected the node to end after %s", end.getCause());
  }

  private static void restart(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task());
    attempt.awaitStep(4);
    Hello before = stage.hello();
    stage.subject().kill();
    stage.start(true);
    Hello hello = stage.awaitDial(Duration.ofSeconds(60));
    unless(
        Long.compareUnsigned(hello.getIncarnation(), before.getIncarnation()) > 0,
        "expected an incarnation above %d, got %d",
        before.getIncarnation(),
        hello.getIncarnation());
    unless(
        hello.getAttemptsList().contains(attempt.attempt()),
        "expected the attempt of the killed node in Hello, got %s",
        hello.getAttemptsList());
    stage.welcome(stage.usual());
    long acknowledged = attempt.trace().entries().size();
    stage.connection().acknowledge(attempt.attempt(), acknowledged, false);
    Ended end = attempt.awaitEnd(Cause.CAUSE_LOST);
    unless(attempt.trace().step() >= 4, "expected its log, then %s", end.getCause());
  }
}
