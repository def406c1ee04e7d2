package dev.rung.conformance;

import static dev.rung.conformance.Violation.unless;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Continue;
import dev.rung.proto.v1.Directive;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Point;
import dev.rung.proto.v1.ServerMessage;
import java.util.List;

/** Rules of milestones, and of what a node does when it is told to go on, to pause or to stop. */
final class OrderRules {
  private OrderRules() {}

  static List<Rule> all() {
    return List.of(
        new Rule(
            "objectives",
            "The first point at or past the milestone carries every objective.",
            OrderRules::objectives),
        new Rule(
            "milestone-waits",
            "At its milestone an attempt waits for a Directive.",
            OrderRules::waits),
        new Rule(
            "continue",
            "CONTINUE goes on in the same attempt, to the next milestone.",
            OrderRules::goesOn),
        new Rule("pause", "PAUSE ends the attempt as PAUSED.", OrderRules::pause),
        new Rule("stop", "STOP at a milestone ends the attempt as STOPPED.", OrderRules::stop),
        new Rule(
            "stop-between",
            "STOP between milestones ends the attempt soon, too.",
            OrderRules::stopBetween),
        new Rule(
            "linger",
            "Without a Directive the attempt ends as PAUSED once linger is over.",
            OrderRules::linger),
        new Rule(
            "go-on",
            "With go_on an attempt trains on at its milestone, and CONTINUE names the next.",
            OrderRules::goOn),
        new Rule(
            "pause-checkpoint",
            "PAUSE after a checkpoint saves as soon as it can, and ends as PAUSED.",
            OrderRules::pauseAfterCheckpoint),
        new Rule(
            "newest-directive",
            "Of Directives the one with the highest number counts.",
            OrderRules::newest),
        new Rule(
            "fence",
            "Fenced ends an attempt: nothing more is sent of it, and its slot is free.",
            OrderRules::fence),
        new Rule(
            "fence-deliver",
            "Fenced with deliver still sends what was logged until then.",
            OrderRules::fenceAndDeliver),
        new Rule(
            "strangers",
            "Messages about attempts that the node does not have change nothing.",
            OrderRules::strangers));
  }

  private static void objectives(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task());
    Point point = attempt.awaitPoint(4);
    unless(
        point.containsMetrics(Task.LOSS),
        "expected the objective '%s' at step %d, got %s",
        Task.LOSS,
        point.getStep(),
        point.getMetricsMap().keySet());
  }

  private static void waits(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task());
    Point point = attempt.awaitPoint(4);
    attempt.settle();
    unless(
        attempt.trace().step() == point.getStep(),
        "expected no more points while it waits at its milestone, got step %d",
        attempt.trace().step());
  }

  private static void goesOn(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task());
    attempt.awaitStep(4);
    attempt.tellContinue(8);
    attempt.awaitStep(8);
  }

  private static void pause(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task());
    attempt.awaitStep(4);
    attempt.tellPause();
    Ended end = attempt.awaitEnd(Cause.CAUSE_PAUSED);
    unless(attempt.trace().step() <= 5, "expected %s at step 4", end.getCause());
  }

  private static void stop(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task());
    attempt.awaitStep(4);
    attempt.tellStop();
    Ended end = attempt.awaitEnd(Cause.CAUSE_STOPPED);
    unless(attempt.trace().step() <= 5, "expected %s at step 4", end.getCause());
  }

  private static void stopBetween(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task().milestone(200).steps(200).stepMillis(50));
    attempt.awaitStep(2);
    attempt.tellStop();
    Ended end = attempt.awaitEnd(Cause.CAUSE_STOPPED);
    unless(
        attempt.trace().step() < 150,
        "expected %s soon after step 2, got it at step %d",
        end.getCause(),
        attempt.trace().step());
  }

  private static void linger(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task().lingerMillis(400));
    attempt.awaitStep(4);
    Ended end = attempt.awaitEnd(Cause.CAUSE_PAUSED);
    unless(attempt.trace().step() <= 5, "expected %s at step 4", end.getCause());
  }

  private static void goOn(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task().goOn().steps(60).stepMillis(50));
    attempt.awaitStep(6);
    attempt.tellContinue(16);
    attempt.awaitStep(18);
    attempt.tellPause();
    Ended end = attempt.awaitEnd();
    unless(attempt.trace().step() < 60, "expected %s before the last step", end.getCause());
  }

  private static void pauseAfterCheckpoint(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task().milestone(300).steps(300).stepMillis(30));
    attempt.awaitStep(2);
    attempt.tellPauseAfterCheckpoint();
    Ended end = attempt.awaitEnd(Cause.CAUSE_PAUSED);
    List<Entry> entries = attempt.trace().entries();
    unless(
        entries.stream().anyMatch(Entry::hasCheckpoint),
        "expected a checkpoint before %s, got none",
        end.getCause());
    unless(
        attempt.trace().step() < 250,
        "expected a checkpoint soon after step 2, got the end at step %d",
        attempt.trace().step());
  }

  private static void newest(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task().milestone(300).steps(300).stepMillis(30));
    Point before = attempt.awaitPoint(1);
    attempt.tellContinue(300);
    attempt.tellContinue(300);
    attempt.tellStopOf(1);
    attempt.awaitStep(before.getStep() + 10);
  }

  private static void fence(Stage stage) throws Violation, InterruptedException {
    Task task = stage.task().milestone(300).steps(300).stepMillis(30);
    Played attempt = stage.begin(task);
    attempt.awaitStep(2);
    attempt.fence(false);
    // What was on its way may still come.
    Played other = stage.begin(stage.task());
    other.awaitStep(1);
    attempt.expectQuiet("of an attempt that is fenced");
    for (int i = 1; i < Stage.SLOTS; i++) {
      // Its slot is free again.
      stage.begin(stage.task()).awaitStep(1);
    }
  }

  private static void fenceAndDeliver(Stage stage) throws Violation, InterruptedException {
    stage.ready();
    stage.connection().acknowledge(false);
    Played attempt = stage.begin(stage.task());
    attempt.awaitStep(4);
    int logged = attempt.trace().entries().size();
    attempt.fence(true);
    stage.connection().acknowledge(true);
    // Nothing was acknowledged: after the stream is cut it comes again from the first entry.
    stage.welcomedAs(stage.usual());
    AttemptRef ref = attempt.attempt();
    long first =
        stage
            .connection()
            .await(
                "the entries of a fenced attempt that are not acknowledged",
                Played.SOON,
                all ->
                    all.stream()
                        .filter(m -> m.hasEntries() && m.getEntries().getAttempt().equals(ref))
                        .findFirst())
            .getEntries()
            .getFirstSeq();
    unless(first == 1, "expected its %d entries from number 1, got them from %d", logged, first);
  }

  private static void strangers(Stage stage) throws Violation, InterruptedException {
    Played attempt = stage.begin(stage.task());
    AttemptRef nobody =
        AttemptRef.newBuilder().setTrial(attempt.attempt().getTrial() + "0").setAttempt(3).build();
    stage.connection().acknowledge(nobody, 7, true);
    stage
        .connection()
        .send(
            ServerMessage.newBuilder()
                .setDirective(
                    Directive.newBuilder()
                        .setAttempt(nobody)
                        .setNumber(1)
                        .setContinue(Continue.newBuilder().setMilestone(9)))
                .build());
    stage.connection().send(ServerMessage.getDefaultInstance());
    attempt.awaitStep(4);
    attempt.tellStop();
    Ended end = attempt.awaitEnd();
    unless(!stage.connection().isClosed(), "expected the stream to stay open after %s", end);
  }
}
