package dev.rung.benchmarks.races;

import dev.rung.space.KeyedRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Successive halving that waits for a whole rung (Jamieson and Talwalkar, AISTATS 2016), in
 * brackets as large as it takes for one setting to come to the end. A worker without work begins a
 * new bracket. Settings are drawn by chance, and training goes on where it was.
 */
final class SynchronousHalving implements Contender.Runner {
  private final int min;
  private final int eta;

  SynchronousHalving(int min, int eta) {
    this.min = min;
    this.eta = eta;
  }

  /** A setting on its way. */
  private static final class Climber {
    final int row;
    double loss;

    Climber(int row) {
      this.row = row;
    }
  }

  /** A rung that is filled. */
  private static final class Bracket {
    int rung;
    final List<Climber> done = new ArrayList<>();
    int expected;
  }

  private record Job(Bracket bracket, Climber climber) {}

  private record Point(double time, long sequence, Job job, int step) {}

  @Override
  public Course run(RaceTable table, long seed) {
    return new Run(table, seed).go();
  }

  private final class Run {
    final RaceTable table;
    final List<Integer> levels = new ArrayList<>();
    final Deque<Integer> rows = new ArrayDeque<>();
    final Deque<Job> jobs = new ArrayDeque<>();
    final PriorityQueue<Point> points =
        new PriorityQueue<>(
            Comparator.comparingDouble(Point::time).thenComparingLong(Point::sequence));
    final List<Double> times = new ArrayList<>();
    final List<Double> bests = new ArrayList<>();
    long sequence;

    /** Workers that wait, since every row has been begun. */
    int idle;

    Run(RaceTable table, long seed) {
      this.table = table;
      for (int level = min; level < table.full(); level *= eta) {
        levels.add(level);
      }
      levels.add(table.full());
      List<Integer> order = new ArrayList<>();
      KeyedRandom random = KeyedRandom.stream(seed, "synchronous halving", 0);
      for (int row = 0; row < table.rows(); row++) {
        order.add(random.nextInt(row + 1), row);
      }
      rows.addAll(order);
    }

    Course go() {
      for (int worker = 0; worker < Contender.WORKERS; worker++) {
        work(0);
      }
      double horizon = (double) Contender.LENGTH * table.full();
      for (Point next = points.poll();
          next != null && next.time() <= horizon;
          next = points.poll()) {
        reach(next);
      }
      return new Course(times, bests);
    }

    /** A worker takes the next job. */
    void work(double time) {
      if (jobs.isEmpty()) {
        begin();
      }
      Job job = jobs.poll();
      if (job == null) {
        idle++;
      } else {
        int rung = job.bracket().rung;
        train(time, job, rung == 0 ? 1 : levels.get(rung - 1) + 1);
      }
    }

    void train(double time, Job job, int step) {
      points.add(new Point(time + 1, sequence++, job, step));
    }

    void begin() {
      Bracket bracket = new Bracket();
      bracket.expected =
          Math.min(rows.size(), (int) Math.round(Math.pow(eta, levels.size() - 1.0)));
      for (int i = 0; i < bracket.expected; i++) {
        jobs.add(new Job(bracket, new Climber(rows.remove())));
      }
    }

    void reach(Point point) {
      Job job = point.job();
      double loss = table.loss(job.climber().row, point.step());
      if (Double.isFinite(loss) && (bests.isEmpty() || loss < bests.getLast())) {
        times.add(point.time());
        bests.add(loss);
      }
      if (point.step() < levels.get(job.bracket().rung)) {
        train(point.time(), job, point.step() + 1);
        return;
      }
      job.climber().loss = Double.isFinite(loss) ? loss : Double.POSITIVE_INFINITY;
      job.bracket().done.add(job.climber());
      if (job.bracket().done.size() == job.bracket().expected) {
        promote(job.bracket());
      }
      work(point.time());
      while (idle > 0 && !jobs.isEmpty()) {
        idle--;
        work(point.time());
      }
    }

    void promote(Bracket bracket) {
      List<Climber> ranked = new ArrayList<>(bracket.done);
      ranked.sort(Comparator.comparingDouble((Climber climber) -> climber.loss));
      int kept = ranked.size() / eta;
      bracket.done.clear();
      bracket.rung++;
      bracket.expected = kept;
      if (bracket.rung < levels.size()) {
        ranked.subList(0, kept).forEach(climber -> jobs.add(new Job(bracket, climber)));
      }
    }
  }
}
