package dev.rung.halving;

import dev.rung.space.KeyedRandom;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Population based training (Jaderberg et al., 2017) by truncation selection: at every level a
 * member of the population whose latest value is among the worst quarter ends, and a copy of one of
 * the best quarter, drawn by chance, takes its place with changed hyper-parameters and the copied
 * one's checkpoint. So one run finds a schedule, which is read off the lineage of the best.
 *
 * <p>While fewer than four have a value nobody is replaced, unless the population is smaller.
 * Members that are most behind get a free slot first, so that they stay close.
 *
 * @param size of the population
 * @param seed of the study
 */
public record Population(int size, long seed) implements HalvingRule {
  /** Share of the population that is replaced, and share that is copied. */
  static final double QUANTILE = 0.25;

  /** Members with a value before anybody is replaced, unless the population is smaller. */
  private static final int LEAST = 4;

  /** Levels are further apart than asked for where there were more than so many. */
  private static final long MOST_LEVELS = 1_000;

  @Override
  public String name() {
    return "population";
  }

  @Override
  public Ladder ladder(long min, long max) {
    List<Long> levels = new ArrayList<>();
    long apart = Math.max(min, Math.ceilDiv(max, MOST_LEVELS));
    for (long level = apart; level < max; level += apart) {
      levels.add(level);
    }
    levels.add(max);
    return new Ladder(1, levels);
  }

  @Override
  public boolean mostBehindFirst() {
    return true;
  }

  @Override
  public int quota(RungView rung, double share) {
    return rung.size();
  }

  @Override
  public Standing standing(BracketView bracket, int rung, int trial) {
    List<Member> members = members(bracket);
    return new Standing(
        placeOf(trial, members), members.size(), members.size() - atEachEnd(members.size()));
  }

  @Override
  public Fate atMilestone(BracketView bracket, int rung, int trial) {
    List<Member> members = members(bracket);
    int ends = atEachEnd(members.size());
    boolean tooFew = members.size() < Math.min(size, LEAST);
    if (tooFew || placeOf(trial, members) < members.size() - ends) {
      return new Fate.Compete();
    }
    List<Integer> best =
        members.subList(0, ends).stream()
            .filter(member -> !member.isDiverged())
            .map(Member::trial)
            .filter(number -> bracket.trials().of(number).hasCheckpoint())
            .toList();
    if (best.isEmpty()) {
      return new Fate.Compete();
    }
    return new Fate.Replace(
        best.get(KeyedRandom.stream(seed, "exploit", trial).nextInt(best.size())));
  }

  /** The promotion of the member that is most behind. */
  @Override
  public Optional<Promotion> next(BracketView bracket, int candidate) {
    for (int k = bracket.ladder().start(); k < bracket.ladder().top(); k++) {
      int trial = bracket.rungs().get(k).firstOpenOr(candidate);
      if (trial >= 0 && Double.isFinite(bracket.rungs().get(k).loss(trial))) {
        return Optional.of(new Promotion(trial, k, true));
      }
    }
    return Optional.empty();
  }

  /** How many members are replaced at most, and how many are copied. */
  private static int atEachEnd(int size) {
    return Math.min((int) Math.ceil(size * QUANTILE), size / 2);
  }

  private static int placeOf(int trial, List<Member> members) {
    int place = 0;
    while (members.get(place).trial() != trial) {
      place++;
    }
    return place;
  }

  /** Those that live and have a value, best first. */
  private static List<Member> members(BracketView bracket) {
    List<Member> members = new ArrayList<>();
    for (Contestant trial : bracket.trials().all()) {
      if (!trial.isClosed()) {
        latest(bracket, trial).ifPresent(members::add);
      }
    }
    members.sort(
        Comparator.comparing(Member::isDiverged)
            .thenComparingDouble(Member::violation)
            .thenComparingDouble(Member::loss)
            .thenComparingInt(Member::trial));
    return members;
  }

  private static Optional<Member> latest(BracketView bracket, Contestant trial) {
    for (int k = trial.rung(); k >= 0; k--) {
      RungView rung = bracket.rungs().get(k);
      if (rung.contains(trial.number())) {
        return Optional.of(
            new Member(trial.number(), rung.violation(trial.number()), rung.loss(trial.number())));
      }
    }
    return Optional.empty();
  }

  private record Member(int trial, double violation, double loss) {
    boolean isDiverged() {
      return !Double.isFinite(loss);
    }
  }
}
