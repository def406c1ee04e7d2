package dev.rung.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** Live objects of a server as its nodes joined. */
final class HeapTrend {
  private record Sample(long joins, long bytes) {}

  private final List<Sample> samples = new ArrayList<>();

  void add(long joins, long bytes) {
    samples.add(new Sample(joins, bytes));
  }

  /** Samples that the slope is of: the caches of the first third still fill. */
  private List<Sample> late() {
    return samples.subList(samples.size() / 3, samples.size());
  }

  /** Samples that the slope is of. */
  int count() {
    return late().size();
  }

  /** Joins that the slope is of. */
  long joins() {
    return late().isEmpty() ? 0 : late().getLast().joins() - late().getFirst().joins();
  }

  /**
   * Bytes for each join: the median of the slopes between any two samples (Theil and Sen), which
   * single high samples do not bend. NaN: there are too few.
   */
  double bytesPerJoin() {
    List<Double> slopes = new ArrayList<>();
    for (Sample a : late()) {
      for (Sample b : late()) {
        if (a.joins() < b.joins()) {
          slopes.add((double) (b.bytes() - a.bytes()) / (b.joins() - a.joins()));
        }
      }
    }
    return slopes.isEmpty() ? Double.NaN : Spread.of(slopes).median();
  }
}
