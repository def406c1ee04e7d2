package dev.rung.benchmarks;

import dev.rung.space.Parameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.SearchSpace;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import dev.rung.study.Slot;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyEffect;
import dev.rung.study.StudyKernel;
import dev.rung.study.StudyKernel.Outcome;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyReply;
import dev.rung.study.StudyState;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** A study of asynchronous successive halving, eta 3, that is nothing but the kernel. */
final class KernelStudy {
  private final StudyState state = new StudyState();
  private long offers;

  /** A study whose lowest rung and whole training are at these steps. */
  KernelStudy(int min, int max) {
    StudyReply unused =
        handle(new StudyCommand.Create("benchmark", plan("benchmark", min, max, "x"), ""));
  }

  /** The i-th value of a low-discrepancy walk, so that ranks are spread over the whole rung. */
  static double value(long i) {
    return i * 0.6180339887498949 % 1.0;
  }

  /** Gives the study a slot. */
  AttemptRef lease() {
    Slot slot = new Slot("node", 1, "epoch", ++offers);
    if (handle(new StudyCommand.Grant(slot)) instanceof StudyReply.Used used) {
      return used.attempt();
    }
    throw new IllegalStateException("the study has no work");
  }

  /** The step at which an attempt is judged. */
  long milestone(AttemptRef attempt) {
    return Objects.requireNonNull(state.trial(attempt.trial())).lastAttempt().milestone();
  }

  /** One point of an attempt, decided and applied. */
  StudyReply report(AttemptRef attempt, long seq, long step, double value) {
    return handle(
        new StudyCommand.Report(
            attempt,
            seq,
            List.of(
                new Entry.Point(
                    step, Map.of("loss", value), OptionalDouble.empty(), Optional.empty()))));
  }

  /** An attempt heard that it is to pause. */
  void end(AttemptRef attempt, long seq) {
    StudyReply unused =
        handle(new StudyCommand.Report(attempt, seq, List.of(new Entry.Ended(Cause.PAUSED, ""))));
  }

  private StudyReply handle(StudyCommand command) {
    Outcome outcome = StudyKernel.handle(state, command, 0);
    for (StudyEffect effect : outcome.effects()) {
      if (effect instanceof StudyEffect.Ask ask) {
        var searcher = state.plan().searcher();
        StudyReply unused =
            handle(
                new StudyCommand.Suggest(
                    ask.trial(), searcher.suggest(ask.trial()).orElseThrow(), searcher.name()));
      }
    }
    return outcome.reply();
  }

  /**
   * A study of asynchronous successive halving by chance, eta 3, without a budget.
   *
   * @param parameters names of what it searches, each from 0 to 1
   */
  static StudyPlan plan(String name, long min, long max, String... parameters) {
    return new StudyPlan(
        name,
        List.of(new StudyPlan.Objective("loss", StudyPlan.Goal.MINIMIZE, StudyPlan.Take.LAST)),
        new StudyPlan.Resource("step", min, max),
        new StudyPlan.Budget(
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalDouble.empty()),
        new StudyPlan.Algorithm("asha", "random", 3, false, Optional.empty(), Optional.empty()),
        new SearchSpace(
            Stream.of(parameters)
                .<Parameter>map(parameter -> new FloatParameter(parameter, 0, 1, false, 0))
                .toList()),
        new StudyPlan.TrainerSpec("benchmark", Map.of()),
        1);
  }
}
