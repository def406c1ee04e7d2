package dev.rung.conformance;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Checkpoint;
import dev.rung.proto.v1.Continue;
import dev.rung.proto.v1.Directive;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Fenced;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.Pause;
import dev.rung.proto.v1.Point;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.Stop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** An attempt that the kit has a trainer run, over one stream or several. */
final class Played {
  /** An answer that is due at once. */
  static final Duration SOON = Duration.ofSeconds(10);

  /** What must not come does not come within. */
  static final Duration QUIET = Duration.ofMillis(600);

  private final AttemptRef attempt;

  /** What came over streams that are closed. */
  private final List<NodeMessage> before = new ArrayList<>();

  private Connection connection;
  private long number;

  Played(AttemptRef attempt, Connection connection) {
    this.attempt = attempt;
    this.connection = connection;
  }

  AttemptRef attempt() {
    return attempt;
  }

  /** Goes on over another stream. */
  void movedTo(Connection next) {
    before.addAll(connection.messages());
    connection = next;
  }

  /** Its log so far. */
  Trace trace() throws Violation {
    return trace(connection.messages());
  }

  private Trace trace(List<NodeMessage> now) throws Violation {
    List<NodeMessage> all = new ArrayList<>(before);
    all.addAll(now);
    return Trace.of(attempt, all);
  }

  /** Waits for its first checkpoint at or past a step. */
  Checkpoint awaitCheckpoint(long step) throws Violation, InterruptedException {
    return await(
            "a checkpoint of a step from " + step,
            trace ->
                trace.entries().stream()
                    .filter(Entry::hasCheckpoint)
                    .map(Entry::getCheckpoint)
                    .filter(checkpoint -> checkpoint.getStep() >= step)
                    .findFirst())
        .orElseThrow();
  }

  /** Lets what is on its way come. */
  void settle() throws InterruptedException {
    Optional<Object> unused = connection.look(QUIET, messages -> Optional.empty());
  }

  /** Waits until it has reported a step or one past it. */
  void awaitStep(long step) throws Violation, InterruptedException {
    Point unused = awaitPoint(step);
  }

  /** Waits for the first point at or past a step. */
  Point awaitPoint(long step) throws Violation, InterruptedException {
    Optional<Point> point =
        await(
            "a point at or past step " + step,
            trace -> trace.points().stream().filter(p -> p.getStep() >= step).findFirst());
    return point.orElseThrow();
  }

  /** Waits until it has ended, as whatever. */
  void awaitEnded() throws Violation, InterruptedException {
    Ended unused = awaitEnd();
  }

  /** Waits for its end, whatever it ends as. */
  Ended awaitEnd() throws Violation, InterruptedException {
    return await("the end of the attempt", Trace::end).orElseThrow();
  }

  /** Waits for its end, and looks what it ends as. */
  Ended awaitEnd(Cause cause) throws Violation, InterruptedException {
    Ended end = awaitEnd();
    Violation.unless(
        end.getCause() == cause,
        "expected the attempt to end as %s, got %s: %s",
        cause,
        end.getCause(),
        end.getMessage());
    return end;
  }

  /** Finds something in a log. */
  @FunctionalInterface
  interface Find<T> {
    Optional<T> in(Trace trace) throws Violation;
  }

  private <T> Optional<T> await(String what, Find<T> find) throws Violation, InterruptedException {
    return Optional.of(
        connection.await(
            what,
            SOON,
            messages -> {
              try {
                return find.in(trace(messages));
              } catch (Violation e) {
                // It is thrown where the whole log is looked at.
                return Optional.empty();
              }
            }));
  }

  /** Fails where more entries come. */
  void expectQuiet(String why) throws Violation, InterruptedException {
    int entries = trace().entries().size();
    Optional<Integer> more =
        connection.look(
            QUIET,
            messages -> {
              try {
                int now = trace(messages).entries().size();
                return now > entries ? Optional.of(now) : Optional.empty();
              } catch (Violation e) {
                return Optional.of(0);
              }
            });
    if (more.isPresent()) {
      List<Entry> log = trace().entries();
      throw new Violation(
          "expected no more entries %s, got %s"
              .formatted(why, Shown.entry(log.get(log.size() - 1))));
    }
  }

  void tellContinue(long milestone) {
    tell(directive().setContinue(Continue.newBuilder().setMilestone(milestone)));
  }

  void tellPause() {
    tell(directive().setPause(Pause.getDefaultInstance()));
  }

  void tellPauseAfterCheckpoint() {
    tell(directive().setPause(Pause.newBuilder().setAfterCheckpoint(true)));
  }

  void tellStop() {
    tell(directive().setStop(Stop.getDefaultInstance()));
  }

  /** A directive that was overtaken. */
  void tellStopOf(long old) {
    tell(directive().setNumber(old).setStop(Stop.getDefaultInstance()));
  }

  void fence(boolean deliver) {
    tell(directive().setFenced(Fenced.newBuilder().setDeliver(deliver)));
  }

  private Directive.Builder directive() {
    return Directive.newBuilder().setAttempt(attempt).setNumber(++number).setReason("conformance");
  }

  private void tell(Directive.Builder directive) {
    connection.send(ServerMessage.newBuilder().setDirective(directive).build());
  }
}
