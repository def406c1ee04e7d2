package dev.rung.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.rung.halving.Rung;
import dev.rung.space.KeyedRandom;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
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
 * The cost of one entry of a rung of n: insert it, ask for its rank, and for the best that was not
 * promoted. Losses are uniform and independent; a third of the entries is promoted, as halving with
 * eta 3 leaves it. The score is that of {@value #ENTRIES} entries, and the bytes are those of all
 * iterations together.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 10, batchSize = FrontBenchmark.ENTRIES)
@Measurement(iterations = 20, batchSize = FrontBenchmark.ENTRIES)
public class FrontBenchmark {
  /** Entries an iteration: few beside n, so that n stays what it says. */
  static final int ENTRIES = 200;

  private static final ThreadMXBean MEMORY = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Entries before. */
  @Param({"1000", "10000"})
  public int n;

  /** Losses of an entry. */
  @Param({"1", "2", "3"})
  public int objectives;

  private final KeyedRandom random = KeyedRandom.stream(1, "front benchmark", 0);
  private Rung rung = Rung.of(1);
  private int next;

  /** Fills a rung. */
  @Setup(Level.Iteration)
  public void fill() {
    rung = Rung.of(objectives);
    for (next = 0; next < n; next++) {
      insert();
    }
    for (int i = 0; i < n / 3; i++) {
      rung.promote(rung.firstOpen());
    }
  }

  /** What the entries of all iterations have allocated; filling the rung before does not count. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Allocation {
    /** Bytes. */
    public long bytes;
  }

  /** One entry more. */
  @Benchmark
  public int decide(Allocation allocation) {
    long before = MEMORY.getCurrentThreadAllocatedBytes();
    insert();
    int result = rung.rank(next++) + rung.firstOpen();
    allocation.bytes += MEMORY.getCurrentThreadAllocatedBytes() - before;
    return result;
  }

  private void insert() {
    double[] losses = new double[objectives];
    for (int i = 0; i < objectives; i++) {
      losses[i] = random.nextDouble();
    }
    rung.insert(next, losses, 0);
    rung.setOpen(next, true);
  }
}
