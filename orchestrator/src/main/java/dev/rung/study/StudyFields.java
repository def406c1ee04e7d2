package dev.rung.study;

import dev.rung.halving.Bracket;
import dev.rung.halving.Contestants;
import dev.rung.halving.Curve;
import dev.rung.halving.HalvingRule;
import dev.rung.space.Assignment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a study remembers, and its read-only view. Only {@link StudyState} changes it. */
abstract sealed class StudyFields implements StudyView permits StudyScores {
  String study = "";
  @Nullable StudyPlan plan;
  String source = "";
  StudyStatus status = StudyStatus.EMPTY;
  String reason = "";
  @Nullable EndReason endReason;
  long lastNumber;
  long lastTime;
  long createdAt;
  @Nullable HalvingRule rule;
  final List<Bracket> brackets = new ArrayList<>();

  /** By number from 1; null before the trial's first slot. */
  final List<@Nullable Trial> trials = new ArrayList<>();

  final TreeSet<Integer> waiting = new TreeSet<>();
  final TreeSet<Integer> running = new TreeSet<>();
  final TreeMap<Integer, Assignment> suggested = new TreeMap<>();
  final TreeMap<Integer, Lineage> cloned = new TreeMap<>();
  final TreeMap<Integer, Long> asked = new TreeMap<>();
  final Map<Slot, AttemptRef> bySlot = new HashMap<>();
  final Map<TrialStatus, Integer> counts = new EnumMap<>(TrialStatus.class);

  /** By name; those on which attempts ended last come last. */
  final Map<String, NodeRecord> nodes = new LinkedHashMap<>();

  final TreeSet<String> metricNames = new TreeSet<>();

  /** What the searcher was shown; empty where it does not learn. */
  final ObservationLog observed = new ObservationLog();

  boolean exhausted;
  int nextTrial = 1;
  int movedTrials;
  int clones;
  double cost;

  /** Trials closed since the newest best, which is not one of them. */
  int sinceBest;

  int toYield;

  /** That the slots of attempts that ended have cost. */
  double money;

  long resourceEnded;
  long resourceReserved;
  long resourceSpentLive;
  @Nullable Best best;
  double bestLoss = Double.POSITIVE_INFINITY;
  int userErrorsInRow;
  int infeasibleInRow;
  int earlyFailures;
  String lastFailure = "";

  /** What a person changed last, in words; empty: nothing. */
  String newestChange = "";

  @Override
  public String study() {
    return study;
  }

  @Override
  public StudyPlan plan() {
    return Objects.requireNonNull(plan);
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public StudyStatus status() {
    return status;
  }

  @Override
  public String reason() {
    return reason;
  }

  @Override
  public @Nullable EndReason endReason() {
    return endReason;
  }

  @Override
  public String newestChange() {
    return newestChange;
  }

  @Override
  public long lastNumber() {
    return lastNumber;
  }

  @Override
  public long lastTime() {
    return lastTime;
  }

  @Override
  public long createdAt() {
    return createdAt;
  }

  @Override
  public HalvingRule rule() {
    return Objects.requireNonNull(rule);
  }

  @Override
  public List<Bracket> brackets() {
    return Collections.unmodifiableList(brackets);
  }

  @Override
  public Bracket bracketOf(int number) {
    return brackets.get(rule().bracket(number, brackets.size()));
  }

  /** The trials as rules see them. */
  final class Field implements Contestants {
    @Override
    public Iterable<Trial> all() {
      return trials();
    }

    @Override
    public Trial of(int number) {
      return StudyKernel.existing(StudyFields.this, number);
    }

    @Override
    public @Nullable Curve curve(int number) {
      return of(number).curve;
    }
  }

  @Override
  public @Nullable Trial trial(int number) {
    return number < 1 || number > trials.size() ? null : trials.get(number - 1);
  }

  @Override
  public List<Trial> trials() {
    return trials.stream().filter(Objects::nonNull).map(Objects::requireNonNull).toList();
  }

  @Override
  public SortedSet<Integer> waiting() {
    return Collections.unmodifiableSortedSet(waiting);
  }

  @Override
  public SortedSet<Integer> running() {
    return Collections.unmodifiableSortedSet(running);
  }

  @Override
  public SortedMap<Integer, Assignment> suggested() {
    return Collections.unmodifiableSortedMap(suggested);
  }

  @Override
  public SortedMap<Integer, Long> asked() {
    return Collections.unmodifiableSortedMap(asked);
  }

  @Override
  public SortedMap<Integer, Lineage> cloned() {
    return Collections.unmodifiableSortedMap(cloned);
  }

  @Override
  public int clones() {
    return clones;
  }

  @Override
  public double cost() {
    return cost;
  }

  @Override
  public int sinceBest() {
    return sinceBest;
  }

  @Override
  public double money() {
    return money;
  }

  @Override
  public int toYield() {
    return toYield;
  }

  @Override
  public boolean isExhausted() {
    return exhausted;
  }

  /** What a trial begins with; null: nobody knows yet. */
  @Nullable Assignment assignment(int number) {
    Trial trial = trial(number);
    return trial == null ? suggested.get(number) : trial.assignment();
  }

  @Override
  public int nextTrial() {
    return nextTrial;
  }

  @Override
  public @Nullable AttemptRef usedBy(Slot slot) {
    return bySlot.get(slot);
  }

  @Override
  public long resourceTaken() {
    return resourceEnded + resourceReserved;
  }

  @Override
  public long resourceUsed() {
    return resourceEnded + resourceSpentLive;
  }

  @Override
  public int count(TrialStatus status) {
    return counts.getOrDefault(status, 0);
  }

  @Override
  public int movedTrials() {
    return movedTrials;
  }

  @Override
  public @Nullable Best best() {
    return best;
  }

  @Override
  public SortedSet<String> metricNames() {
    return Collections.unmodifiableSortedSet(metricNames);
  }

  @Override
  public int userErrorsInRow() {
    return userErrorsInRow;
  }

  @Override
  public int infeasibleInRow() {
    return infeasibleInRow;
  }

  @Override
  public Map<String, NodeRecord> nodes() {
    return Collections.unmodifiableMap(nodes);
  }

  @Override
  public int earlyFailures() {
    return earlyFailures;
  }

  @Override
  public String lastFailure() {
    return lastFailure;
  }
}
