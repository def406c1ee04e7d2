package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.space.Assignment;
import dev.rung.space.Value.IntValue;
import dev.rung.study.StudyEvent.Judged;
import dev.rung.study.StudyEvent.Verdict;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * A study with a fleet that does just what a test says. Suggestions are given as soon as they are
 * asked for, unless the test holds them back; every command is also tried on a state that events
 * alone made, and must lead to the same there.
 */
final class StudyFixture {
  static final Order NO_ORDER = new Order(0, Order.Kind.CONTINUE, 0, "none was given");

  final StudyState state = new StudyState();
  final List<StudyEvent> events = new ArrayList<>();
  final List<StudyEffect> effects = new ArrayList<>();
  long now = 1_000;
  boolean suggesting = true;

  private final Map<AttemptRef, Long> sent = new HashMap<>();
  private long offers;

  static StudyFixture create(Plans plans) {
    StudyFixture fixture = new StudyFixture();
    fixture.start(plans);
    return fixture;
  }

  void start(Plans plans) {
    startWith(plans.build());
  }

  void startWith(StudyPlan plan) {
    send(new StudyCommand.Create("study-1", plan, "the file"));
  }

  /** Handles a command; its events and effects are the newest. */
  StudyReply send(StudyCommand command) {
    StudyState twin = new StudyState();
    events.forEach(twin::evolve);
    String before = States.describe(state);
    assertThat(States.describe(twin)).isEqualTo(before);
    StudyKernel.decide(state, command, now);
    assertThat(States.describe(state)).as("decide changes nothing").isEqualTo(before);

    StudyKernel.Outcome outcome = StudyKernel.handle(state, command, now);
    assertThat(StudyKernel.handle(twin, command, now)).isEqualTo(outcome);
    events.addAll(outcome.events());
    effects.addAll(outcome.effects());
    if (suggesting) {
      suggest();
    }
    return outcome.reply();
  }

  /** Answers every open ask. */
  void suggest() {
    for (int trial : List.copyOf(state.asked().keySet())) {
      send(new StudyCommand.Suggest(trial, assignment(trial), "random"));
    }
  }

  /** What trial k trains: the whole number k. */
  static Assignment assignment(int trial) {
    return new Assignment(List.of(new IntValue(trial)));
  }

  Slot slot(String node) {
    return new Slot(node, 1, "session of " + node, ++offers);
  }

  /** Offers a slot that the study must use. */
  AttemptRef grant(String node) {
    StudyReply reply = send(new StudyCommand.Grant(slot(node)));
    assertThat(reply).isInstanceOf(StudyReply.Used.class);
    return ((StudyReply.Used) reply).attempt();
  }

  AttemptRef grant() {
    return grant("n1");
  }

  /** Offers a slot that the study must decline. */
  void decline() {
    assertThat(send(new StudyCommand.Grant(slot("n1")))).isInstanceOf(StudyReply.Declined.class);
  }

  /** Sends the next entries of an attempt's log and gives the order that comes back. */
  Order log(AttemptRef attempt, Entry... entries) {
    StudyReply.Taken taken = report(attempt, sent.getOrDefault(attempt, 0L) + 1, entries);
    assertThat(taken.resend()).isFalse();
    sent.put(attempt, taken.ackedSeq());
    return taken.order().orElse(NO_ORDER);
  }

  /** Sends entries with the number of the first of them. */
  StudyReply.Taken report(AttemptRef attempt, long firstSeq, Entry... entries) {
    StudyReply reply = send(new StudyCommand.Report(attempt, firstSeq, List.of(entries)));
    assertThat(reply).isInstanceOf(StudyReply.Taken.class);
    return (StudyReply.Taken) reply;
  }

  /** Sends one value. */
  Order report(AttemptRef attempt, long step, double loss) {
    return log(attempt, point(step, loss));
  }

  void end(AttemptRef attempt, Cause cause) {
    log(attempt, new Entry.Ended(cause, ""));
  }

  /** Gets a slot, reports a value at the milestone, and ends if the study says so. */
  AttemptRef run(double loss) {
    AttemptRef attempt = grant();
    Order order = report(attempt, trial(attempt.trial()).lastAttempt().milestone(), loss);
    switch (order.kind()) {
      case PAUSE -> end(attempt, Cause.PAUSED);
      case STOP -> end(attempt, Cause.STOPPED);
      case CONTINUE, YIELD, FENCED, LATE -> {
        // The test goes on with it.
      }
    }
    return attempt;
  }

  static Entry point(long step, double loss) {
    return point(step, Map.of("loss", loss));
  }

  static Entry point(long step, Map<String, Double> metrics) {
    return new Entry.Point(step, metrics, OptionalDouble.empty(), Optional.empty());
  }

  static Entry saved(long step) {
    return new Entry.Saved(checkpoint(step));
  }

  static Entry.Checkpoint checkpoint(long step) {
    return new Entry.Checkpoint(step, "step-" + step, 10, "digest");
  }

  Trial trial(int number) {
    return StudyKernel.existing(state, number);
  }

  TrialStatus status(int number) {
    return trial(number).status();
  }

  /** The newest event of a kind. */
  <E extends StudyEvent> E last(Class<E> kind) {
    return all(kind).get(all(kind).size() - 1);
  }

  <E extends StudyEvent> List<E> all(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The best point, which there has to be. */
  StudyView.Best best() {
    return Objects.requireNonNull(state.best());
  }

  StudyEffect.@Nullable Start lastStart() {
    return effects.stream()
        .filter(StudyEffect.Start.class::isInstance)
        .map(StudyEffect.Start.class::cast)
        .reduce((first, second) -> second)
        .orElse(null);
  }

  /** The newest verdict. */
  Verdict verdict() {
    return last(Judged.class).verdict();
  }

  /** Sends a command a second time: nothing may change but the number of effects. */
  void again(StudyCommand command) {
    String before = States.describe(state);
    int count = events.size();
    send(command);
    assertThat(events).hasSize(count);
    assertThat(States.describe(state)).isEqualTo(before);
  }
}
