package dev.rung.benchmarks;

import dev.rung.study.AttemptRef;
import dev.rung.study.StudyReply;
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

  private KernelStudy study = new KernelStudy(1, 81);
  private final AttemptRef[] waiting = new AttemptRef[REPORTS];
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
    study = new KernelStudy(1, 81);
    for (int i = 0; i < trials; i++) {
      AttemptRef attempt = study.lease();
      report(attempt, i);
      study.end(attempt, 2);
    }
    for (int i = 0; i < REPORTS; i++) {
      waiting[i] = study.lease();
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
    return study.report(attempt, 1, study.milestone(attempt), KernelStudy.value(i));
  }
}
