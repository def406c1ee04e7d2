package dev.rung.halving;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.hipparchus.stat.correlation.KendallsCorrelation;

/**
 * The default: delayed promotion (Hyper-Tune, Li et al., VLDB 2022, section 4.2) on an even ladder,
 * whose first rung is found by probes. Where the first points of a curve rank at chance, every rule
 * that compares there throws good trials away; so the first trials, the probes, are carried on to a
 * reference rung whatever their rank, and the first rung becomes the lowest whose order of them
 * agrees with the order at the reference (Kendall's tau-b).
 *
 * @param eta the reduction factor, at least 2
 */
public record AutoHalving(int eta) implements HalvingRule {
  static final int PROBES = 12;

  /** Fewer probes with a finite value at the reference say too little. */
  static final int LEAST_FINITE = 6;

  /** New trials start at the lowest level that is at least 1 / 27 of the largest resource. */
  static final int LARGEST_SPAN = 27;

  static final double LEAST_TAU = 0.4;

  /** A rung below the first guess has also to agree with it, over all trials that reached it. */
  static final int LEAST_TRIALS_BELOW = 20;

  static final double LEAST_TAU_BELOW = 0.5;

  @Override
  public String name() {
    return "auto";
  }

  @Override
  public Ladder ladder(long min, long max) {
    List<Long> levels = Ladder.even(min, max, eta).levels();
    if (levels.size() == 1) {
      return new Ladder(1, levels);
    }
    int start = 0;
    while (start < levels.size() - 2 && levels.get(start) * LARGEST_SPAN < max) {
      start++;
    }
    return new Ladder(1, levels, start, Optional.of(new Probing(start + 1, PROBES)));
  }

  @Override
  public int quota(RungView rung, double share) {
    return rung.size() / eta;
  }

  /** Any rung may become the one that every trial starts at; and what is carried on has no rank. */
  @Override
  public long within(BracketView bracket, int rung, long trials) {
    boolean carries =
        bracket.ladder().probing().isPresent()
            && rung < bracket.ladder().probing().get().reference();
    return carries ? Long.MAX_VALUE : trials / eta;
  }

  @Override
  public boolean mayGoOn(RungView rung, double share, int trial) {
    return rung.earned() < quota(rung, share) && HalvingRule.super.mayGoOn(rung, share, trial);
  }

  @Override
  public Fate atMilestone(BracketView bracket, int rung, int trial) {
    return owes(bracket, rung, trial) ? new Fate.Carry() : new Fate.Compete();
  }

  @Override
  public Optional<Promotion> next(BracketView bracket, int candidate) {
    for (int probe : bracket.probes()) {
      int rung = owedFrom(bracket, probe, candidate);
      if (rung >= 0) {
        return Optional.of(new Promotion(probe, rung, false));
      }
    }
    return HalvingRule.super.next(bracket, candidate);
  }

  @Override
  public int promotable(BracketView bracket) {
    int owed = 0;
    for (int probe : bracket.probes()) {
      owed += owedFrom(bracket, probe, -1) >= 0 ? 1 : 0;
    }
    return owed + HalvingRule.super.promotable(bracket);
  }

  @Override
  public int promotable(RungView rung, double share) {
    int allowed = Math.max(0, quota(rung, share) - rung.earned());
    return Math.min(HalvingRule.super.promotable(rung, share), allowed);
  }

  /** Whether a probe at a rung has not reached the reference yet. */
  private static boolean owes(BracketView bracket, int rung, int trial) {
    return bracket.ladder().probing().isPresent()
        && rung < bracket.ladder().probing().get().reference()
        && bracket.probes().contains(trial);
  }

  /** The rung that a probe waits at on its way to the reference; -1: it does not. */
  private static int owedFrom(BracketView bracket, int probe, int candidate) {
    int rung = bracket.trials().of(probe).rung();
    RungView entries = bracket.rungs().get(rung);
    boolean waits =
        owes(bracket, rung, probe)
            && entries.contains(probe)
            && !entries.isPromoted(probe)
            && Double.isFinite(entries.loss(probe))
            && (probe == candidate || entries.isOpen(probe));
    return waits ? rung : -1;
  }

  @Override
  public Optional<Revision> revise(BracketView bracket) {
    Ladder ladder = bracket.ladder();
    if (ladder.probing().isEmpty() || bracket.probes().size() < ladder.probing().get().probes()) {
      return Optional.empty();
    }
    int reference = ladder.probing().get().reference();
    RungView top = bracket.rungs().get(reference);
    List<Integer> finite = new ArrayList<>();
    for (int probe : bracket.probes()) {
      boolean arrived = top.contains(probe);
      if (arrived && Double.isFinite(top.loss(probe))) {
        finite.add(probe);
      } else if (!arrived && !bracket.trials().of(probe).isClosed()) {
        return Optional.empty();
      }
    }
    if (finite.size() < LEAST_FINITE) {
      int more = LEAST_FINITE - finite.size();
      Probing probing = new Probing(reference, ladder.probing().get().probes() + more);
      return revision(
          ladder,
          ladder.start(),
          Optional.of(probing),
          "%d more probes, since only %d have a value at %d"
              .formatted(more, finite.size(), ladder.level(reference)));
    }
    return calibrate(bracket, finite, reference);
  }

  private static Optional<Revision> calibrate(
      BracketView bracket, List<Integer> finite, int reference) {
    Ladder ladder = bracket.ladder();
    List<String> taus = new ArrayList<>();
    for (int rung = 0; rung < reference; rung++) {
      double tau = tau(bracket, finite, rung, reference);
      taus.add(
          String.format(
              Locale.ROOT,
              "tau %.2f of %d with %d",
              tau,
              ladder.level(rung),
              ladder.level(reference)));
      if (tau >= LEAST_TAU && (rung >= ladder.start() || agreesBelow(bracket, rung))) {
        return revision(
            ladder,
            rung,
            Optional.empty(),
            "trials start at %d: %s over %d probes"
                .formatted(ladder.level(rung), String.join(", ", taus), finite.size()));
      }
    }
    String text =
        "trials start at %d, since no level below agrees with it: %s over %d probes"
            .formatted(ladder.level(reference), String.join(", ", taus), finite.size());
    boolean climbs = reference < ladder.top() - 1;
    return revision(
        ladder,
        reference,
        climbs
            ? Optional.of(new Probing(reference + 1, ladder.probing().orElseThrow().probes()))
            : Optional.empty(),
        climbs ? text + "; the probes go on to %d".formatted(ladder.level(reference + 1)) : text);
  }

  /** Whether a rung below the start orders all trials much as the start does. */
  private static boolean agreesBelow(BracketView bracket, int rung) {
    int start = bracket.ladder().start();
    RungView entries = bracket.rungs().get(start);
    List<Integer> finite = new ArrayList<>();
    for (int rank = 0; rank < entries.size(); rank++) {
      int trial = entries.trialAt(rank);
      boolean both =
          Double.isFinite(entries.loss(trial))
              && bracket.rungs().get(rung).contains(trial)
              && Double.isFinite(bracket.rungs().get(rung).loss(trial));
      if (both) {
        finite.add(trial);
      }
    }
    return finite.size() >= LEAST_TRIALS_BELOW
        && tau(bracket, finite, rung, start) >= LEAST_TAU_BELOW;
  }

  /** Kendall's tau-b of the trials that are in both rungs; -1 where it is not defined. */
  private static double tau(BracketView bracket, List<Integer> trials, int rung, int other) {
    RungView low = bracket.rungs().get(rung);
    List<Integer> both = trials.stream().filter(low::contains).toList();
    if (both.size() < 2) {
      return -1;
    }
    double tau =
        new KendallsCorrelation()
            .correlation(
                both.stream().mapToDouble(low::countBetter).toArray(),
                both.stream().mapToDouble(bracket.rungs().get(other)::countBetter).toArray());
    return Double.isNaN(tau) ? -1 : tau;
  }

  private static Optional<Revision> revision(
      Ladder from, int start, Optional<Probing> probing, String evidence) {
    return Optional.of(
        new Revision(new Ladder(from.version() + 1, from.levels(), start, probing), evidence));
  }
}
