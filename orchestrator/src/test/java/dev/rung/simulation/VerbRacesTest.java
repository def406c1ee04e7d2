package dev.rung.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.EndReason;
import dev.rung.study.Plans;
import dev.rung.study.SimulatedStudies;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudyView;
import dev.rung.study.Trial;
import dev.rung.study.TrialStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What people say to a study, in every state that its trials can be in, with a server that dies
 * before the commit, or after it and before anything follows from it.
 */
final class VerbRacesTest {
  private static final String STUDY = "study-1";
  private static final Duration LONG = Duration.ofMinutes(30);

  /** From a commit to the last free slot, or from the start of the next server. */
  private static final Duration CANCELLED_WITHIN = Duration.ofSeconds(10);

  /** Steps take up to 3 s, and the first milestones lie at most 4 steps apart. */
  private static final Duration DRAINED_WITHIN = Duration.ofSeconds(60);

  enum Verb {
    PAUSE,
    RESUME,
    STOP,
    CANCEL,
    DEADLINE,
    STOP_TRIAL,
    RETRY_TRIAL
  }

  enum State {
    SUGGESTED,
    LEASED,
    RUNNING,
    AT_MILESTONE,
    PAUSED,
    WAITING,
    COMPLETED,
    FAILED
  }

  enum Crash {
    NONE,
    BEFORE_COMMIT,
    AFTER_COMMIT
  }

  static Stream<Arguments> cells() {
    List<Arguments> cells = new ArrayList<>();
    for (Verb verb : Verb.values()) {
      for (State state : State.values()) {
        for (Crash crash : Crash.values()) {
          cells.add(Arguments.of(verb, state, crash));
        }
      }
    }
    return cells.stream();
  }

  @ParameterizedTest
  @MethodSource("cells")
  void shouldLandInItsDocumentedState(Verb verb, State state, Crash crash) {
    Plans plans = Plans.plan().trials(14).levels(2, 8, 2);
    if (verb == Verb.DEADLINE) {
      plans.millis(Duration.ofHours(1).toMillis());
    }
    Simulation.play(
        Style.calm(1, 1, state == State.FAILED ? 1 : Integer.MAX_VALUE),
        plans.build(),
        world -> {
          // given
          reach(world, state);
          int trial = in(world, state);
          // when
          switch (crash) {
            case NONE -> {
              // The server lives.
            }
            case BEFORE_COMMIT -> world.traps().set(Failpoint.BEFORE_COMMIT, 1);
            case AFTER_COMMIT -> world.traps().set(Failpoint.AFTER_COMMIT_BEFORE_REPLY, 1);
          }
          say(world, verb, trial);
          world.traps().clear();
          // then
          switch (verb) {
            case PAUSE -> pauses(world);
            case RESUME -> ends(world, EndReason.COMPLETED, LONG);
            case STOP -> ends(world, EndReason.STOPPED, DRAINED_WITHIN);
            case CANCEL -> ends(world, EndReason.CANCELLED, CANCELLED_WITHIN);
            case DEADLINE -> ends(world, EndReason.TIME, DRAINED_WITHIN);
            case STOP_TRIAL -> {
              ends(world, EndReason.COMPLETED, LONG);
              Trial stopped = Objects.requireNonNull(state(world).trial(trial));
              assertThat(stopped.status())
                  .isEqualTo(
                      switch (state) {
                        case LEASED, RUNNING, AT_MILESTONE, PAUSED, WAITING -> TrialStatus.STOPPED;
                        case COMPLETED -> TrialStatus.COMPLETED;
                        case FAILED -> TrialStatus.FAILED;
                        // It has not begun, so it is refused and goes on.
                        case SUGGESTED -> stopped.status();
                      });
            }
            case RETRY_TRIAL -> {
              ends(world, EndReason.COMPLETED, LONG);
              assertThat(
                      world.history().events(STUDY).stream()
                          .anyMatch(StudyEvent.TrialRetried.class::isInstance))
                  .isEqualTo(state == State.FAILED);
            }
          }
        });
  }

  private static StudyView state(Simulation world) {
    return SimulatedStudies.state(world.history().events(STUDY));
  }

  private static void reach(Simulation world, State wanted) {
    if (wanted == State.WAITING) {
      assertThat(world.runUntil(() -> has(world, State.RUNNING), LONG)).isTrue();
      world.hosts().forEach(Host::kill);
    }
    assertThat(world.runUntil(() -> has(world, wanted), LONG)).as("reached %s", wanted).isTrue();
    assertThat(state(world).status()).isEqualTo(StudyStatus.RUNNING);
  }

  /** The first trial in a state. */
  private static int in(Simulation world, State wanted) {
    StudyView state = state(world);
    return switch (wanted) {
      case SUGGESTED -> state.suggested().firstKey();
      case LEASED -> first(attempts(state).filter(t -> t.lastAttempt().ackedSeq() == 0));
      case RUNNING -> first(attempts(state).filter(t -> t.lastAttempt().ackedSeq() > 0));
      case AT_MILESTONE -> first(attempts(state).filter(SimulatedStudies::isAtMilestone));
      case PAUSED -> first(state, TrialStatus.PAUSED);
      case WAITING -> first(state, TrialStatus.WAITING);
      case COMPLETED -> first(state, TrialStatus.COMPLETED);
      case FAILED -> first(state, TrialStatus.FAILED);
    };
  }

  private static int first(StudyView state, TrialStatus status) {
    return first(state.trials().stream().filter(trial -> trial.status() == status));
  }

  private static int first(Stream<Trial> trials) {
    return trials.findFirst().orElseThrow().number();
  }

  private static boolean has(Simulation world, State wanted) {
    StudyView state = state(world);
    return switch (wanted) {
      case SUGGESTED -> !state.suggested().isEmpty();
      case LEASED -> attempts(state).anyMatch(trial -> trial.lastAttempt().ackedSeq() == 0);
      case RUNNING -> attempts(state).anyMatch(trial -> trial.lastAttempt().ackedSeq() > 0);
      case AT_MILESTONE -> SimulatedStudies.isAtMilestone(state);
      case PAUSED -> state.count(TrialStatus.PAUSED) > 0;
      case WAITING -> state.count(TrialStatus.WAITING) > 0 && state.running().isEmpty();
      case COMPLETED -> state.count(TrialStatus.COMPLETED) > 0;
      case FAILED -> state.count(TrialStatus.FAILED) > 0;
    };
  }

  private static Stream<Trial> attempts(StudyView state) {
    return state.trials().stream().filter(trial -> trial.status() == TrialStatus.RUNNING);
  }

  /** Says it until it is answered, as a person would. */
  private static void say(Simulation world, Verb verb, int trial) {
    StudyCommand command =
        switch (verb) {
          case PAUSE -> new StudyCommand.Pause("by hand");
          case RESUME -> new StudyCommand.Resume();
          case STOP -> new StudyCommand.Stop(EndReason.STOPPED, false);
          case CANCEL -> new StudyCommand.Stop(EndReason.CANCELLED, true);
          case DEADLINE -> new StudyCommand.Tick();
          case STOP_TRIAL -> new StudyCommand.StopTrial(trial, "by hand");
          case RETRY_TRIAL -> new StudyCommand.RetryTrial(trial);
        };
    if (verb == Verb.DEADLINE) {
      world.clock().jump(Duration.ofHours(2).toMillis());
    }
    boolean answered = false;
    for (int tries = 0; tries < 20 && !answered; tries++) {
      world.send(STUDY, command);
      answered = world.runUntil(() -> world.people().isAnswered(command), Duration.ofSeconds(2));
    }
    assertThat(answered).as("%s was answered", verb).isTrue();
  }

  /** No new grants, and running trials go on to their milestone. */
  private static void pauses(Simulation world) {
    assertThat(state(world).status()).isEqualTo(StudyStatus.PAUSED);
    assertThat(world.runUntil(() -> isQuiet(world), DRAINED_WITHIN))
        .as("every slot is free: %s", world.hosts())
        .isTrue();
    world.runUntil(() -> false, Duration.ofSeconds(30));
    assertNothingBegan(world, StudyEvent.StudyPaused.class);
    StudyView paused = state(world);
    assertThat(paused.status()).isEqualTo(StudyStatus.PAUSED);
    assertThat(paused.running()).isEmpty();
    say(world, Verb.RESUME, 0);
    ends(world, EndReason.COMPLETED, LONG);
  }

  private static boolean isAtEnd(Simulation world) {
    return state(world).status() == StudyStatus.ENDED && isQuiet(world);
  }

  private static boolean isPaused(Simulation world) {
    return state(world).status() == StudyStatus.PAUSED;
  }

  private static boolean isQuiet(Simulation world) {
    return state(world).running().isEmpty()
        && world.hosts().stream().allMatch(host -> !host.isUp() || host.isAtRest());
  }

  /** It ends for this reason, with every trial closed and every slot free. */
  private static void ends(Simulation world, EndReason reason, Duration within) {
    if (world.hosts().stream().noneMatch(Host::isUp) && reason == EndReason.COMPLETED) {
      world.startHost("node-0");
    }
    boolean ended = false;
    for (int pauses = 0; pauses < 10 && !ended; pauses++) {
      world.runUntil(() -> isAtEnd(world) || isPaused(world), within);
      ended = isAtEnd(world);
      if (!ended && !isPaused(world)) {
        break;
      }
      if (isPaused(world)) {
        // So many trainers failed that the study paused itself.
        world.send(STUDY, new StudyCommand.Resume());
        world.runUntil(() -> !isPaused(world), within);
      }
    }
    StudyView end = state(world);
    assertThat(ended)
        .as("ended within %s: %s %s, %s", within, end.status(), end.running(), world.hosts())
        .isTrue();
    assertThat(end.endReason()).isEqualTo(reason);
    assertThat(end.trials()).allMatch(trial -> trial.status().isClosed());
    if (reason != EndReason.COMPLETED) {
      assertNothingBegan(world, StudyEvent.StudyStopping.class);
    }
    StudyPlan plan = end.plan();
    SimulatedStudies.check(0, plan, world.history().events(STUDY));
    assertThat(world.history().problems()).isEmpty();
  }

  /** From the first event of a kind on. */
  private static void assertNothingBegan(Simulation world, Class<? extends StudyEvent> from) {
    assertThat(
            world.history().events(STUDY).stream()
                .dropWhile(event -> !from.isInstance(event))
                .filter(StudyEvent.AttemptLeased.class::isInstance))
        .as("what began after %s", from.getSimpleName())
        .isEmpty();
  }
}
