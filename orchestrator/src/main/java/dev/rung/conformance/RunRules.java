package dev.rung.conformance;

import static dev.rung.conformance.Played.SOON;
import static dev.rung.conformance.Violation.unless;

import com.google.protobuf.Duration;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Hello;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.Point;
import dev.rung.proto.v1.SendLogsRequest;
import java.util.List;
import java.util.Optional;

/** Rules of how a node introduces itself, and of attempts from their Run to their end. */
final class RunRules {
  private static final double EXACT = 1e-12;

  private RunRules() {}

  static List<Rule> all() {
    return List.of(
        new Rule(
            "hello",
            "The first message is a Hello that names the node, its kinds and slots.",
            RunRules::hello),
        new Rule(
            "heartbeat",
            "A node that has nothing to say sends a Heartbeat within the time that Welcome gives.",
            RunRules::heartbeat),
        new Rule("accept", "A Run is answered by Accepted, once.", RunRules::accept),
        new Rule(
            "refuse-kind",
            "A Run of a kind that the node has not is Refused.",
            RunRules::refuseKind),
        new Rule("refuse-full", "A Run beyond the node's slots is Refused.", RunRules::refuseFull),
        new Rule(
            "run-twice",
            "A Run that comes again for an attempt that runs does not begin it again.",
            RunRules::runTwice),
        new Rule(
            "parameters",
            "The trainer gets the parameters and the configuration of the Run.",
            RunRules::parameters),
        new Rule(
            "sequence",
            "Entries are numbered from 1 without gaps, and steps do not fall.",
            RunRules::sequence),
        new Rule(
            "completed",
            "A training that has nothing left to do ends as COMPLETED.",
            RunRules::completed),
        new Rule("ended-last", "Ended is the last entry of an attempt.", RunRules::endedLast),
        new Rule(
            "user-error",
            "A training that fails ends as USER_ERROR, with a message for a person.",
            RunRules::userError),
        new Rule("nan", "A metric that is not a number is reported as such.", RunRules::nan),
        new Rule(
            "logs",
            "What a trial prints is sent by SendLogs, under the session of Welcome.",
            RunRules::logs));
  }

  private static void hello(Stage stage) throws Violation, InterruptedException {
    stage.ready();
    Hello hello = stage.hello();
    unless(hello.getProtocol() == 1, "expected protocol 1, got %d", hello.getProtocol());
    unless(
        hello.getNode().matches("[A-Za-z0-9._-]{1,128}"),
        "expected a name of 1 to 128 of [A-Za-z0-9._-], got '%s'",
        hello.getNode());
    unless(hello.getIncarnation() != 0, "expected an incarnation that is not 0");
    unless(hello.getConnection() >= 1, "expected a connection number from 1");
    unless(
        hello.getSlots() == Stage.SLOTS,
        "expected the %d slots that it was started with, got %d",
        Stage.SLOTS,
        hello.getSlots());
    unless(
        hello.getKindsList().contains(Task.KIND),
        "expected the kind '%s', got %s",
        Task.KIND,
        hello.getKindsList());
  }

  private static void heartbeat(Stage stage) throws Violation, InterruptedException {
    stage.welcomedAs(stage.usual().setHeartbeat(Duration.newBuilder().setNanos(300_000_000)));
    NodeMessage unused =
        stage
            .connection()
            .await(
                "three Heartbeats, one each 300 ms",
                java.time.Duration.ofSeconds(3),
                all -> {
                  List<NodeMessage> beats = all.stream().filter(NodeMessage::hasHeartbeat).toList();
                  return beats.size() >= 3 ? Optional.of(beats.get(2)) : Optional.empty();
                });
  }

  private static void accept(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task());
    attempt.awaitStep(4);
    long answers =
        stage.connection().messages().stream()
            .filter(message -> Stage.answers(attempt.attempt(), message))
            .count();
    unless(answers == 1, "expected one Accepted, got %d", answers);
  }

  private static void refuseKind(Stage stage) throws Violation, InterruptedException {
    stage.ready();
    expectRefusal(stage, stage.task().kind("no-such-kind"));
  }

  private static void refuseFull(Stage stage) throws Violation, InterruptedException {
    for (int i = 0; i < Stage.SLOTS; i++) {
      Played unused = stage.begin(stage.task().stepMillis(500));
    }
    expectRefusal(stage, stage.task());
  }

  private static void expectRefusal(Stage stage, Task task) throws Violation, InterruptedException {
    stage.connection().send(task.message());
    NodeMessage answer =
        stage
            .connection()
            .await(
                "Refused",
                SOON,
                all -> all.stream().filter(m -> Stage.answers(task.attempt(), m)).findFirst());
    unless(answer.hasRefused(), "expected Refused, got Accepted");
    unless(!answer.getRefused().getReason().isBlank(), "expected a reason in Refused, got none");
  }

  private static void runTwice(Stage stage) throws Violation, InterruptedException {
    Task task = stage.task().stepMillis(60);
    Played attempt = stage.begin(task);
    attempt.awaitStep(2);
    stage.connection().send(task.message());
    Point judged = attempt.awaitPoint(4);
    unless(judged.getStep() == 4, "expected step 4, got %d", judged.getStep());
    attempt.settle();
    AttemptRef ref = task.attempt();
    long begins =
        stage.connection().messages().stream()
            .filter(m -> m.hasEntries() && m.getEntries().getAttempt().equals(ref))
            .filter(m -> m.getEntries().getFirstSeq() == 1)
            .count();
    unless(begins == 1, "expected the attempt to begin once, got entry 1 %d times", begins);
    unless(
        stage.connection().messages().stream()
            .noneMatch(m -> m.hasRefused() && m.getRefused().getAttempt().equals(ref)),
        "expected a Run that came again to be ignored, got Refused");
  }

  private static void parameters(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task());
    attempt.awaitStep(4);
    Point point = attempt.trace().points().get(0);
    double x = 0.5 * stage.lastTrial();
    double loss = point.getMetricsOrDefault(Task.LOSS, Double.NaN);
    unless(
        Math.abs(loss - x / point.getStep()) < EXACT,
        "expected loss x / step = %s at step %d, got %s",
        x / point.getStep(),
        point.getStep(),
        loss);
  }

  private static void sequence(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task().milestone(12));
    attempt.awaitStep(12);
    long last = 0;
    for (Point point : attempt.trace().points()) {
      unless(
          point.getStep() >= Math.max(1, last),
          "expected a step from %d, got %d",
          Math.max(1, last),
          point.getStep());
      last = point.getStep();
    }
  }

  private static void completed(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task().milestone(13));
    Ended unused = attempt.awaitEnd(Cause.CAUSE_COMPLETED);
  }

  private static void endedLast(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task());
    attempt.awaitStep(4);
    attempt.tellStop();
    Ended end = attempt.awaitEnd();
    attempt.settle();
    List<Entry> log = attempt.trace().entries();
    Entry last = log.get(log.size() - 1);
    unless(
        last.hasEnded(),
        "expected no more entries after it ended as %s, got %s",
        end.getCause(),
        Shown.entry(last));
  }

  private static void userError(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task().config("fail_at", 3));
    Ended end = attempt.awaitEnd(Cause.CAUSE_USER_ERROR);
    unless(!end.getMessage().isBlank(), "expected a message in Ended, got none");
    unless(
        attempt.trace().step() == 2,
        "expected the steps before the failure at step 3, got them up to %d",
        attempt.trace().step());
  }

  private static void nan(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task().config("nan_at", 2));
    attempt.awaitStep(4);
    Point point =
        attempt.trace().points().stream()
            .filter(p -> p.getStep() == 2)
            .findFirst()
            .orElseThrow(() -> new Violation("expected a point at step 2, got none"));
    unless(point.containsMetrics(Task.LOSS), "expected loss at step 2, which is NaN, got none");
    double loss = point.getMetricsOrThrow(Task.LOSS);
    unless(Double.isNaN(loss), "expected loss NaN at step 2, got %s", loss);
  }

  private static void logs(Stage stage) throws Violation, InterruptedException {
    String session = "conformance-session";
    stage.welcomedAs(stage.usual().setSession(session));
    Played attempt = stage.begin(stage.task());
    attempt.awaitStep(4);
    AttemptRef ref = attempt.attempt();
    List<SendLogsRequest> parts =
        stage
            .server()
            .awaitLogs(
                "lines by SendLogs",
                part -> part.getAttempt().equals(ref) && part.getLinesCount() > 0);
    for (SendLogsRequest part : parts) {
      unless(
          part.getSession().equals(session),
          "expected the session '%s' of Welcome in SendLogs, got '%s'",
          session,
          part.getSession());
    }
  }
}
