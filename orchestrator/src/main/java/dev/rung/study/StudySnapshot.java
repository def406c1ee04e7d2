package dev.rung.study;

import dev.rung.halving.Bracket;
import dev.rung.space.Assignment;
import dev.rung.study.BracketColumns.PlainLadder;
import dev.rung.study.StudyEvent.Footing;
import dev.rung.study.StudyView.Best;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The whole of a {@link StudyState} as flat columns. Rungs are stored in order of arrival and built
 * anew; what follows from the rest, such as the rule and the slots in use, is not stored.
 *
 * @param ladder of snapshots of before there were brackets; now null
 * @param rungs of snapshots of before there were brackets; now empty
 * @param askedBasis of each of {@code asked}
 * @param suggestion for each of {@code suggested}
 * @param attempts of all trials, in the order of {@code trials}
 * @param texts every distinct text of the columns
 */
@SuppressWarnings("ArrayRecordComponent") // Columns are never compared.
public record StudySnapshot(
    String study,
    @Nullable StudyPlan plan,
    String source,
    StudyStatus status,
    String reason,
    @Nullable EndReason endReason,
    long lastNumber,
    long lastTime,
    long createdAt,
    @Nullable PlainLadder ladder,
    int nextTrial,
    int movedTrials,
    long resourceEnded,
    long resourceReserved,
    long resourceSpentLive,
    @Nullable Best best,
    double bestLoss,
    int userErrorsInRow,
    int earlyFailures,
    String lastFailure,
    List<String> metricNames,
    Map<TrialStatus, Integer> counts,
    int[] waiting,
    int[] running,
    int[] asked,
    long[] askedBasis,
    int[] suggested,
    List<Assignment> suggestion,
    List<RungColumns> rungs,
    TrialColumns trials,
    AttemptColumns attempts,
    List<String> texts,
    Optional<NodeColumns> nodes,
    OptionalInt infeasibleInRow,
    Optional<List<BracketColumns>> brackets,
    Optional<Extras> extras,
    Optional<ObservationLog.Columns> observed,
    Optional<Boolean> exhausted) {

  /** A snapshot that shares nothing that changes with the state. */
  public static StudySnapshot of(StudyState s) {
    Texts texts = new Texts();
    List<Trial> trials = s.trials();
    return new StudySnapshot(
        s.study,
        s.plan,
        s.source,
        s.status,
        s.reason,
        s.endReason,
        s.lastNumber,
        s.lastTime,
        s.createdAt,
        null,
        s.nextTrial,
        s.movedTrials,
        s.resourceEnded,
        s.resourceReserved,
        s.resourceSpentLive,
        s.best,
        s.bestLoss,
        s.userErrorsInRow,
        s.earlyFailures,
        s.lastFailure,
        List.copyOf(s.metricNames),
        Map.copyOf(s.counts),
        ints(s.waiting),
        ints(s.running),
        ints(s.asked.keySet()),
        s.asked.values().stream().mapToLong(Long::longValue).toArray(),
        ints(s.suggested.keySet()),
        List.copyOf(s.suggested.values()),
        List.of(),
        TrialColumns.of(trials, texts),
        AttemptColumns.of(trials.stream().flatMap(t -> t.attempts.stream()).toList(), texts),
        texts.list(),
        Optional.of(NodeColumns.of(s.nodes)),
        OptionalInt.of(s.infeasibleInRow),
        Optional.of(BracketColumns.of(s.brackets)),
        Optional.of(Extras.of(s)),
        Optional.of(s.observed.columns()),
        s.exhausted ? Optional.of(true) : Optional.empty());
  }

  /** A state that equals the one that the snapshot was taken of. */
  public StudyState restore() {
    StudyState s = new StudyState();
    s.study = study;
    s.plan = plan;
    s.rule = plan == null ? null : plan.rule();
    s.source = source;
    s.status = status;
    s.reason = reason;
    s.endReason = endReason;
    s.lastNumber = lastNumber;
    s.lastTime = lastTime;
    s.createdAt = createdAt;
    s.nextTrial = nextTrial;
    s.movedTrials = movedTrials;
    s.resourceEnded = resourceEnded;
    s.resourceReserved = resourceReserved;
    s.resourceSpentLive = resourceSpentLive;
    s.best = best;
    s.bestLoss = bestLoss;
    s.userErrorsInRow = userErrorsInRow;
    s.earlyFailures = earlyFailures;
    s.lastFailure = lastFailure;
    s.metricNames.addAll(metricNames);
    s.counts.putAll(counts);
    for (int number : waiting) {
      s.waiting.add(number);
    }
    for (int number : running) {
      s.running.add(number);
    }
    for (int i = 0; i < asked.length; i++) {
      s.asked.put(asked[i], askedBasis[i]);
    }
    for (int i = 0; i < suggested.length; i++) {
      s.suggested.put(suggested[i], suggestion.get(i));
    }
    restoreTrials(s);
    for (BracketColumns columns : brackets.orElseGet(this::onlyBracket)) {
      s.brackets.add(columns.restore(s));
    }
    extras.ifPresent(parts -> parts.restore(s));
    s.brackets.forEach(bracket -> restoreEntering(s, bracket));
    nodes.ifPresent(columns -> columns.restore(s.nodes));
    s.infeasibleInRow = infeasibleInRow.orElse(0);
    observed.ifPresent(s.observed::restore);
    s.exhausted = exhausted.orElse(false);
    return s;
  }

  /** The bracket of snapshots of before there were several. */
  private List<BracketColumns> onlyBracket() {
    return ladder == null
        ? List.of()
        : List.of(
            new BracketColumns(ladder, Footing.PLAIN, rungs, new int[0], "the ladder as written"));
  }

  private static void restoreEntering(StudyState s, Bracket bracket) {
    for (int k = 0; k < bracket.rungs().size(); k++) {
      for (int number : bracket.rungs().get(k).trialsByArrival()) {
        Trial trial = StudyKernel.existing(s, number);
        trial.entering = Math.max(trial.entering, k + 1);
      }
    }
  }

  private static int[] ints(Collection<Integer> numbers) {
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  private void restoreTrials(StudyState s) {
    Iterator<Attempt> stored = attempts.restore(texts).iterator();
    int row = 0;
    for (Trial trial : trials.restore(texts)) {
      for (int left = trials.attempts()[row++]; left > 0; left--) {
        Attempt attempt = stored.next();
        trial.attempts.add(attempt);
        if (attempt.cause() != null) {
          attempt.settle(trial.best);
        }
        if (attempt.isLive()) {
          s.bySlot.put(attempt.slot, new AttemptRef(trial.number, attempt.number));
        }
      }
      while (s.trials.size() < trial.number) {
        s.trials.add(null);
      }
      s.trials.set(trial.number - 1, trial);
    }
  }
}
