package dev.rung.benchmarks.races;

import dev.rung.simulate.Spread;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * What a contender reached on a set of tables, against what random search finds in the whole time
 * of a race (the target: its median best).
 *
 * @param name the contender
 * @param speedUp geometric mean over the tables of the race's time to the median time to the target
 * @param slowest the lowest speed-up of a seed over the tables
 * @param fastest the highest
 * @param early mean regret after the time of two whole trainings
 * @param late mean regret at the end
 * @param speedUps by table
 */
record Standing(
    String name,
    double speedUp,
    double slowest,
    double fastest,
    double early,
    double late,
    Map<String, Double> speedUps) {

  /** The time to a target, or twice the race's where it is never reached. */
  static double time(Course course, double target, double race) {
    double time = course.reaches(target);
    return Double.isInfinite(time) ? 2 * race : time;
  }

  static double geometricMean(DoubleStream values) {
    return Math.exp(values.map(Math::log).average().orElseThrow());
  }

  /** The standing of courses, by table one for each seed. */
  static Standing of(
      String name,
      List<RaceTable> tables,
      Map<String, Double> targets,
      Map<String, List<Course>> courses) {
    Map<String, Double> speedUps = new TreeMap<>();
    int seeds = Objects.requireNonNull(courses.get(tables.get(0).name())).size();
    double[] bySeed = new double[seeds];
    double early = 0;
    double late = 0;
    for (RaceTable table : tables) {
      double race = (double) Contender.LENGTH * table.full();
      double target = Objects.requireNonNull(targets.get(table.name()));
      List<Course> own = Objects.requireNonNull(courses.get(table.name()));
      speedUps.put(
          table.name(),
          race / Spread.of(own.stream().mapToDouble(c -> time(c, target, race))).median());
      for (int seed = 0; seed < seeds; seed++) {
        bySeed[seed] += Math.log(race / time(own.get(seed), target, race)) / tables.size();
        early += table.regret(own.get(seed).at(2.0 * table.full())) / seeds / tables.size();
        late += table.regret(own.get(seed).at(race)) / seeds / tables.size();
      }
    }
    return new Standing(
        name,
        geometricMean(speedUps.values().stream().mapToDouble(s -> s)),
        Math.exp(DoubleStream.of(bySeed).min().orElseThrow()),
        Math.exp(DoubleStream.of(bySeed).max().orElseThrow()),
        early,
        late,
        speedUps);
  }
}
