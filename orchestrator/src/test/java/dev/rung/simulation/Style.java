package dev.rung.simulation;

import dev.rung.space.KeyedRandom;
import dev.rung.study.Plans;
import dev.rung.study.StudyPlan;
import java.time.Duration;

/**
 * How the world of one seed is.
 *
 * @param stormSeconds how long things go wrong; 0: nothing does
 * @param studies at the same time
 * @param nodes machines that train
 * @param slots of each node
 * @param stepNanos what a step of training takes, about
 * @param stride most steps between two reports
 * @param split whether metrics of a step come in two points
 * @param failOdds one in so many steps fails
 * @param grades number of distinct values; few make ties
 * @param windowEntries unacknowledged entries of an attempt
 * @param windowBytes unacknowledged bytes of a node
 * @param keepTraining how long nodes train without contact
 * @param leastEventsBetweenSnapshots of a study
 * @param messageOdds one in so many messages within the cluster goes astray
 * @param streamOdds one in so many messages cuts its stream
 * @param wild whether entries come twice, out of order and with gaps
 */
record Style(
    int stormSeconds,
    int studies,
    int nodes,
    int slots,
    long stepNanos,
    int stride,
    boolean split,
    int failOdds,
    int grades,
    int windowEntries,
    long windowBytes,
    Duration keepTraining,
    int leastEventsBetweenSnapshots,
    int messageOdds,
    int streamOdds,
    boolean wild) {

  /** Nothing goes wrong but what a test does: two nodes, a report a step of 2 s. */
  static Style calm(int studies, int slots, int failOdds) {
    return new Style(
        0,
        studies,
        2,
        slots,
        2_000_000_000L,
        1,
        false,
        failOdds,
        50,
        1_024,
        4L << 20,
        Duration.ofMinutes(10),
        20,
        Integer.MAX_VALUE,
        Integer.MAX_VALUE,
        false);
  }

  /** The same with other machines. */
  Style withNodes(int count) {
    return new Style(
        stormSeconds,
        studies,
        count,
        slots,
        stepNanos,
        stride,
        split,
        failOdds,
        grades,
        windowEntries,
        windowBytes,
        keepTraining,
        leastEventsBetweenSnapshots,
        messageOdds,
        streamOdds,
        wild);
  }

  static Style of(KeyedRandom random) {
    boolean calm = random.nextInt(12) == 0;
    return new Style(
        calm ? 0 : 10 + random.nextInt(50),
        random.nextInt(4) == 0 ? 2 : 1,
        1 + random.nextInt(3),
        1 + random.nextInt(2),
        (50 + random.nextInt(600)) * 1_000_000L,
        random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(4),
        random.nextInt(4) == 0,
        30 + random.nextInt(100),
        3 + random.nextInt(60),
        random.nextInt(3) == 0 ? 2 + random.nextInt(6) : 1_024,
        random.nextInt(4) == 0 ? 400 : 4L << 20,
        Duration.ofSeconds(random.nextInt(3) == 0 ? 15 : 600),
        10 + random.nextInt(60),
        20 + random.nextInt(200),
        100 + random.nextInt(2_000),
        random.nextInt(3) == 0);
  }

  /** What a study of this world is to do. */
  static StudyPlan plan(KeyedRandom random, long seed, boolean split) {
    int trials = 2 + random.nextInt(9);
    long min = 1L + random.nextInt(2);
    Plans plans =
        Plans.plan()
            .seed(seed)
            .trials(trials)
            .levels(min, min + random.nextInt(9), 2 + random.nextInt(3));
    if (split) {
      plans.also("size");
    }
    if (random.nextInt(3) == 0) {
      plans.delayed();
    }
    if (random.nextInt(3) == 0) {
      plans.maximize();
    }
    if (random.nextInt(4) == 0) {
      plans.takeBest();
    }
    if (random.nextInt(12) == 0) {
      plans.halving("none");
    }
    if (random.nextInt(4) == 0) {
      plans.parallel(1 + random.nextInt(4));
    }
    if (random.nextInt(5) == 0) {
      plans.resource(5 + random.nextInt(trials * 6));
    }
    if (random.nextInt(8) == 0) {
      plans.millis(5_000 + random.nextInt(60_000));
    }
    if (random.nextInt(12) == 0) {
      plans.target(0.01);
    }
    return plans.build();
  }
}
