package dev.rung.benchmarks;

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
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The cost of one report at a milestone, decided and applied with its evidence, in a study that has
 * already recorded n trials. The score is that of {@value #REPORTS} reports.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 5, batchSize = DecisionBenchmark.REPORTS)
@Measurement(iterations = 10, batchSize = DecisionBenchmark.REPORTS)
public class DecisionBenchmark {
  /** Decisions an iteration: few beside n, so that n stays what it says. */
  static final int REPORTS = 500;

  private static final int WARM_UP_TRIALS = 50_000;

  /** Trials recorded before. */
  @Param({"1000", "10000", "100000", "1000000"})
  public int n;

  private StudyState study = new StudyState();
  private final AttemptRef[] waiting = new AttemptRef[REPORTS];
  private long offers;
  private int next;

  /** Compiles the kernel, since a small n is measured within milliseconds. */
  @Setup(Level.Trial)
  public void warmUp() {
    record(WARM_UP_TRIALS);
    for (AttemptRef attempt : waiting) {
      report(attempt, ++next);
    }
  }

  /** Records n trials, and brings the reporting ones before their milestone. */
  @Setup(Level.Iteration)
  public void record() {
    record(n);
  }

  private void record(int trials) {
    study = new StudyState();
    handle(new StudyCommand.Create("benchmark", plan(), ""));
    for (int i = 0; i < trials; i++) {
      AttemptRef attempt = lease();
      report(attempt, i);
      handle(new StudyCommand.Report(attempt, 2, List.of(new Entry.Ended(Cause.PAUSED, ""))));
    }
    for (int i = 0; i < REPORTS; i++) {
      waiting[i] = lease();
    }
    next = 0;
  }

  /** One report at a milestone. */
  @Benchmark
  public StudyReply decide() {
    AttemptRef attempt = waiting[next++];
    return report(attempt, n + next);
  }

  private StudyReply report(AttemptRef attempt, int i) {
    // A low-discrepancy walk: ranks are spread over the whole rung.
    double value = i * 0.6180339887498949 % 1.0;
    long step = Objects.requireNonNull(study.trial(attempt.trial())).lastAttempt().milestone();
    return handle(
            new StudyCommand.Report(
                attempt,
                1,
                List.of(
                    new Entry.Point(
                        step, Map.of("loss", value), OptionalDouble.empty(), Optional.empty()))))
        .reply();
  }

  private AttemptRef lease() {
    Slot slot = new Slot("node", 1, "epoch", ++offers);
    if (handle(new StudyCommand.Grant(slot)).reply() instanceof StudyReply.Used used) {
      return used.attempt();
    }
    throw new IllegalStateException("the study has no work");
  }

  private Outcome handle(StudyCommand command) {
    Outcome outcome = StudyKernel.handle(study, command, 0);
    for (StudyEffect effect : outcome.effects()) {
      if (effect instanceof StudyEffect.Ask ask) {
        var searcher = study.plan().searcher();
        handle(
            new StudyCommand.Suggest(
                ask.trial(), searcher.suggest(ask.trial()).orElseThrow(), searcher.name()));
      }
    }
    return outcome;
  }

  private static StudyPlan plan() {
    return new StudyPlan(
        "benchmark",
        List.of(new StudyPlan.Objective("loss", StudyPlan.Goal.MINIMIZE, StudyPlan.Take.LAST)),
        new StudyPlan.Resource("step", 1, 81),
        new StudyPlan.Budget(
            OptionalInt.empty(),
            OptionalInt.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            OptionalDouble.empty()),
        new StudyPlan.Algorithm("asha", "random", 3, false, Optional.empty(), Optional.empty()),
        new SearchSpace(List.of(new FloatParameter("x", 0, 1, false, 0))),
        new StudyPlan.TrainerSpec("none", Map.of()),
        1);
  }
}
