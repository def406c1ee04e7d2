package dev.rung.benchmarks;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * A fleet that never rests: nodes join and leave at random, in order or without a word, and come
 * back as they were, started anew or as others, while studies of equal and of unequal weight want
 * more slots than there are. Judges that slots are used, that no trial hangs on a node that is
 * gone, that no study starves, that no trial ever ran on two valid attempts, and that the server
 * keeps nothing of nodes that were there.
 *
 * <p>A study that has started nearly all of its trials is followed by another of its weight, so
 * that there is always enough to do, and what is live does not grow with time.
 */
final class Churn {
  private static final int[] WEIGHTS = {1, 1, 2, 4};

  private static final String STUDY =
      """
      name: churn-%d
      weight: %d
      metric: {name: score, goal: maximize}
      resource: {min: 4, max: 16}
      budget: {trials: %d}
      algorithm: {halving: asha, mode: %s, search: random, eta: 4, seed: %d}
      space:
        x: {min: 0.0, max: 1.0}
      trainer: {kind: benchmark}
      """;

  private static final double LEAST_USED = 0.95;
  private static final double MOST_STARVED_SECONDS = 30;
  private static final double MOST_BYTES_A_JOIN = 1e6 / 1_000;

  /** A slope of fewer joins is chance. */
  private static final long LEAST_JOINS = 1_000;

  /** Beyond the time after which nodes are lost: silence until then, and a look now and then. */
  private static final int SLACK_SECONDS = 20;

  private final ElasticFleet.Habits habits;
  private final int minutes;
  private final int trials;
  private final int lostAfter;
  private final int warmUpSeconds;
  private final int sampleSeconds;

  /** Every study that there was. */
  private final List<String> studies = new ArrayList<>();

  /** Those that have not been seen to have ended. */
  private final List<String> open = new ArrayList<>();

  /** The newest of each weight, by its place. */
  private final Map<Integer, String> live = new TreeMap<>();

  private final HeapTrend heap = new HeapTrend();
  private final List<String> missed = new ArrayList<>();

  private Churn(Options options) {
    habits =
        new ElasticFleet.Habits(
            options.number("nodes", 500),
            options.number("slots", 2),
            options.number("step", 4_000),
            options.number("stay", 60),
            options.number("away", 15),
            options.number("seed", 1));
    minutes = options.number("minutes", 30);
    trials = options.number("trials", 1_000);
    lostAfter = options.number("lost", 60);
    warmUpSeconds = options.number("warmup", 60);
    sampleSeconds = options.number("sample", 30);
  }

  /**
   * Options: nodes, slots (of a node), minutes, stay and away (mean seconds of a node), step
   * (milliseconds of training), trials (of a study), lost (seconds until a node counts as lost),
   * warmup (seconds before slots count), sample (seconds between two looks at the heap), seed.
   *
   * @throws IllegalStateException something was missed
   */
  static void run(Options options) throws Exception {
    System.out.println(Machine.describe());
    Churn churn = new Churn(options);
    churn.measure();
    System.out.println(Machine.describe());
    if (!churn.missed.isEmpty()) {
      throw new IllegalStateException("missed: " + String.join("; ", churn.missed));
    }
  }

  private void measure() throws Exception {
    System.out.printf(
        "%d places of nodes with %d slots, a node stays %d s and is away %d s in the mean, for %d"
            + " minutes; studies of weights %s with %,d trials each, %d ms a step; seed %d%n",
        habits.nodes(),
        habits.slots(),
        habits.staySeconds(),
        habits.awaySeconds(),
        minutes,
        Arrays.toString(WEIGHTS),
        trials,
        habits.stepMillis(),
        habits.seed());
    try (WorkFolder folder = WorkFolder.create();
        ServerProcess server =
            ServerProcess.product(
                folder.path().resolve("data"),
                List.of(),
                List.of("--lost-after", lostAfter + "s"));
        StudyClient client = new StudyClient(server.port());
        ElasticFleet fleet = new ElasticFleet(server.port(), habits)) {
      keepStudies(client);
      fleet.start(Math.min(10, warmUpSeconds));
      watch(client, fleet, warmUpSeconds);
      SlotUse.Total begin = fleet.use();
      churn(server, client, fleet, begin);
      SlotUse.Total end = fleet.use();
      fleet.freeze();
      System.out.println(fleet.describe());
      judge(
          end.shareSince(begin) >= LEAST_USED,
          "slots used: %.2f %% of %,.0f slot-seconds (asked: %.0f %%)"
              .formatted(
                  end.shareSince(begin) * 100, end.slots() - begin.slots(), LEAST_USED * 100));
      judgeHeap();
      watch(client, fleet, lostAfter + SLACK_SECONDS);
      judgeHistories(client, fleet);
      fleet.check();
    }
  }

  /** Follows a study that runs out of new trials by another one: it cannot use every slot. */
  private void keepStudies(StudyClient client) {
    for (int i = 0; i < WEIGHTS.length; i++) {
      String study = live.get(i);
      if (study == null || started(client.show(study)) >= 0.9 * trials) {
        int number = studies.size() + 1;
        String mode = i == 1 ? "stopping" : "promotion";
        String next = client.create(STUDY.formatted(number, WEIGHTS[i], trials, mode, number));
        studies.add(next);
        open.add(next);
        live.put(i, next);
      }
    }
  }

  private static long started(Study study) {
    return study.getTrialsMap().values().stream().mapToLong(Long::longValue).sum();
  }

  private void watch(StudyClient client, ElasticFleet fleet, int seconds)
      throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() - end < 0) {
      TimeUnit.SECONDS.sleep(2);
      keepStudies(client);
      fleet.check();
    }
  }

  private void churn(
      ServerProcess server, StudyClient client, ElasticFleet fleet, SlotUse.Total begin)
      throws Exception {
    SlotUse.Total last = begin;
    for (int i = 1; i * sampleSeconds <= minutes * 60; i++) {
      watch(client, fleet, sampleSeconds);
      SlotUse.Total now = fleet.use();
      open.removeIf(study -> client.show(study).getState() == StudyState.STUDY_STATE_ENDED);
      long joins = fleet.joins();
      long bytes = server.liveBytes();
      heap.add(joins, bytes);
      System.out.printf(
          "%5d s: %6.2f %% of slots used, %4d nodes there, %,7d joins, %2d of %,3d studies open, %,7.1f MB of"
              + " live objects, load %s%n",
          i * sampleSeconds,
          now.shareSince(last) * 100,
          fleet.there(),
          joins,
          open.size(),
          studies.size(),
          bytes / 1e6,
          Machine.load());
      last = now;
    }
  }

  private void judgeHeap() {
    if (heap.joins() < LEAST_JOINS) {
      System.out.printf(
          "       heap: not judged, since only %,d nodes joined between its samples (%,d are needed)%n",
          heap.joins(), LEAST_JOINS);
      return;
    }
    double slope = heap.bytesPerJoin();
    judge(
        slope <= MOST_BYTES_A_JOIN,
        "heap: %+.3f MB for 1,000 joins, by the last %d samples and %,d joins (asked: at most %.0f)"
            .formatted(slope / 1e3, heap.count(), heap.joins(), MOST_BYTES_A_JOIN / 1e3));
  }

  /** Looks twice, so that what is just beginning or ending does not count. */
  private void judgeHistories(StudyClient client, ElasticFleet fleet) throws Exception {
    Set<AttemptRef> orphans = running(histories(client));
    orphans.removeAll(fleet.training());
    Set<AttemptRef> ghosts = fleet.training();
    ghosts.removeAll(running(histories(client)));
    watch(client, fleet, SLACK_SECONDS);
    Map<AttemptRef, Long> acknowledged = Map.copyOf(fleet.acknowledged());
    Set<AttemptRef> training = fleet.training();
    Map<String, StudyHistory> last = histories(client);
    Set<AttemptRef> running = running(last);
    orphans.retainAll(running);
    orphans.removeAll(training);
    ghosts.retainAll(training);
    ghosts.removeAll(running);
    judge(
        orphans.isEmpty(),
        "orphans: %,d trials run that no node has, %,d nodes there %s"
            .formatted(orphans.size(), fleet.there(), few(orphans)));
    judge(
        ghosts.isEmpty(),
        "ghosts: %,d attempts train that are not valid %s".formatted(ghosts.size(), few(ghosts)));
    judgeFences(last);
    judgeStarved(last);
    judgeAcknowledged(last, acknowledged);
    describe(last);
  }

  private Map<String, StudyHistory> histories(StudyClient client) throws IOException {
    Map<String, StudyHistory> histories = new LinkedHashMap<>();
    for (String study : studies) {
      histories.put(study, StudyHistory.of(client.export(study), System.currentTimeMillis()));
    }
    return histories;
  }

  private static Set<AttemptRef> running(Map<String, StudyHistory> histories) {
    Set<AttemptRef> running = new HashSet<>();
    histories.forEach((study, history) ->
        history
            .running()
            .forEach(ref ->
                running.add(
                    AttemptRef.newBuilder()
                        .setTrial(study + "/" + ref.trial())
                        .setAttempt(ref.attempt())
                        .build())));
    return running;
  }

  private void judgeFences(Map<String, StudyHistory> histories) {
    List<String> breaches =
        histories.values().stream().flatMap(history -> history.breaches().stream()).toList();
    judge(
        breaches.isEmpty(),
        "fences: %,d breaches in %,d attempts of %,d trials %s"
            .formatted(
                breaches.size(),
                histories.values().stream().mapToInt(StudyHistory::attempts).sum(),
                histories.values().stream().mapToInt(StudyHistory::trials).sum(),
                few(breaches)));
  }

  private void judgeStarved(Map<String, StudyHistory> histories) {
    double longest =
        histories.values().stream().mapToDouble(StudyHistory::starvedSeconds).max().orElse(0);
    judge(
        longest <= MOST_STARVED_SECONDS,
        "starved: a study was without a slot for %.1f s at most (asked: at most %.0f)"
            .formatted(longest, MOST_STARVED_SECONDS));
  }

  private void judgeAcknowledged(
      Map<String, StudyHistory> histories, Map<AttemptRef, Long> acknowledged) {
    List<String> absent = new ArrayList<>();
    acknowledged.forEach((ref, seq) -> {
      int slash = ref.getTrial().indexOf('/');
      StudyHistory history = histories.get(ref.getTrial().substring(0, slash));
      int trial = Integer.parseInt(ref.getTrial().substring(slash + 1));
      long recorded =
          history == null
              ? 0
              : history.recorded(new dev.rung.study.AttemptRef(trial, ref.getAttempt()));
      if (recorded < seq) {
        absent.add("%s of %s, %d".formatted(seq, ref.getTrial(), recorded));
      }
    });
    judge(
        absent.isEmpty(),
        "acknowledged: the logs of %,d attempts, %,d with entries that are not there %s"
            .formatted(acknowledged.size(), absent.size(), few(absent)));
  }

  /** How slots were shared while studies could use any; each begins without one. */
  private static void describe(Map<String, StudyHistory> histories) {
    Map<Integer, List<Double>> slots = new TreeMap<>();
    histories
        .values()
        .forEach(history ->
            slots
                .computeIfAbsent(history.weight(), weight -> new ArrayList<>())
                .add(history.meanSlots()));
    slots.forEach((weight, held) ->
        System.out.printf(
            "       studies of weight %d held %s slots while they had new trials%n",
            weight, Spread.of(held).text("%,.1f")));
  }

  private void judge(boolean isMet, String what) {
    System.out.println((isMet ? "met    " : "MISSED ") + what);
    if (!isMet) {
      missed.add(what);
    }
  }

  private static String few(Iterable<?> all) {
    List<String> few = new ArrayList<>();
    for (Object one : all) {
      if (few.size() == 5) {
        break;
      }
      few.add(one.toString().strip().replaceAll("\\s+", " "));
    }
    return few.isEmpty() ? "" : few.toString();
  }
}
