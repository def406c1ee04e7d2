package dev.rung.simulate;

import dev.rung.simulate.RungMeter.Use;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudySummary.RungSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a study would do on {@link PlausibleCurves}, over several seeds.
 *
 * @param rungs by level; of a ladder without an end those that a trial came to
 * @param time until the study was over, in units of time
 * @param trainerTime that all trainers were there together
 * @param resource units that were trained
 * @param started trials that began
 * @param completed trials that reached the top of their ladder
 * @param utilisation share of the time of all trainers in which they were taken
 * @param without runs in which no trial reached the top
 * @param runs one a seed
 */
public record Preview(
    List<RungUse> rungs,
    Spread time,
    Spread trainerTime,
    Spread resource,
    Spread started,
    Spread completed,
    Spread utilisation,
    int without,
    int runs) {

  /**
   * What a level takes, over all brackets.
   *
   * @param trials that come to it
   * @param resource trained on the way to it from the level below, over all trials
   * @param slotTime of slots meanwhile, over all trainers, in units of time
   * @param first when the first trial comes, in units of time; NaN: never
   */
  public record RungUse(
      long level, Spread trials, Spread resource, Spread slotTime, Spread first) {}

  /** A run with what its levels took. */
  private record Measured(SimulatedRun run, RungMeter meter) {}

  /**
   * Runs a study.
   *
   * @param plan without what cannot be foreseen
   * @param seeds number of runs, from the plan's seed on
   * @param unitMillis what the study takes a unit of time for
   * @param horizon in units of time
   */
  public static Preview of(
      StudyPlan plan, FleetModel fleet, int seeds, long unitMillis, double horizon) {
    List<Measured> runs = new ArrayList<>();
    for (int i = 0; i < seeds; i++) {
      long seed = plan.seed() + i;
      StudyPlan seeded = plan.seeded(seed);
      RungMeter meter = new RungMeter();
      SimulatedRun run =
          new Simulation(seeded, new PlausibleCurves(seeded), fleet, seed, unitMillis)
              .watchedBy(meter)
              .run(horizon);
      runs.add(new Measured(run, meter));
    }
    return new Preview(
        rungs(plan, runs),
        spread(runs, SimulatedRun::time),
        spread(runs, SimulatedRun::trainerTime),
        spread(runs, SimulatedRun::resource),
        spread(runs, SimulatedRun::started),
        spread(runs, SimulatedRun::completed),
        spread(runs, SimulatedRun::utilisation),
        (int) runs.stream().filter(measured -> measured.run().completed() == 0).count(),
        seeds);
  }

  /** Copies the rungs. */
  public Preview {
    rungs = List.copyOf(rungs);
  }

  private static Spread spread(List<Measured> runs, ToDoubleFunction<SimulatedRun> figure) {
    return Spread.of(runs.stream().map(Measured::run).mapToDouble(figure));
  }

  private static List<RungUse> rungs(StudyPlan plan, List<Measured> runs) {
    long last =
        Endless.isEndless(plan)
            ? runs.stream()
                .flatMap(measured -> measured.meter().uses().keySet().stream())
                .mapToLong(Long::longValue)
                .max()
                .orElse(plan.resource().min())
            : plan.resource().max();
    return runs.stream()
        .flatMap(measured -> measured.run().rungs().stream())
        .mapToLong(RungSummary::level)
        .filter(level -> level <= last)
        .distinct()
        .sorted()
        .mapToObj(level -> rung(level, runs))
        .toList();
  }

  private static RungUse rung(long level, List<Measured> runs) {
    List<Use> uses =
        runs.stream()
            .map(measured -> measured.meter().uses().getOrDefault(level, Use.NONE))
            .toList();
    return new RungUse(
        level,
        Spread.of(uses.stream().mapToDouble(Use::trials)),
        Spread.of(uses.stream().mapToDouble(Use::resource)),
        Spread.of(uses.stream().mapToDouble(Use::slotTime)),
        Spread.of(uses.stream().mapToDouble(Use::first)));
  }
}
