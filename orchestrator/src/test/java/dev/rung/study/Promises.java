package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.StudyEvent.Verdict;
import dev.rung.study.StudyKernel.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What holds in every study, checked by its events. */
final class Promises {
  private final long seed;
  private final StudyPlan plan;
  private final Map<Integer, AttemptRef> live = new HashMap<>();
  private final Map<AttemptRef, Long> recorded = new HashMap<>();
  private final Set<List<Integer>> promoted = new HashSet<>();
  private final Set<List<Integer>> entered = new HashSet<>();
  private final Map<Integer, Integer> failed = new HashMap<>();
  private boolean sparse;
  private long number;
  private long time;

  Promises(long seed, StudyPlan plan) {
    this.seed = seed;
    this.plan = plan;
  }

  void check(StudyState state, Outcome outcome) {
    outcome.events().forEach(this::check);
    boolean isStopping = plan.rule().isStopping();
    boolean leased = false;
    for (StudyEvent event : outcome.events()) {
      boolean begins =
          event instanceof StudyEvent.AttemptLeased
              || (event instanceof StudyEvent.Judged j && j.verdict() == Verdict.CONTINUE);
      // A trainer that does not wait trains past its milestone before the study can say no.
      leased |= event instanceof StudyEvent.AttemptLeased || (begins && !isStopping);
      boolean delays = plan.algorithm().delayed() && plan.algorithm().halving().equals("asha");
      if (begins && delays) {
        checkDelayed(state, event);
      }
    }
    if (leased && plan.budget().resource().isPresent()) {
      long limit = plan.budget().resource().getAsLong();
      promise(
          state.resourceTaken() <= limit,
          "takes no more resource than there is",
          state.resourceTaken(),
          limit);
    }
    promise(
        state.running().size() <= plan.budget().parallel().orElse(Integer.MAX_VALUE),
        "runs no more attempts at once",
        state.running().size());
  }

  private void checkDelayed(StudyState state, StudyEvent event) {
    int rung =
        switch (event) {
          case StudyEvent.AttemptLeased e -> e.rung() - 1;
          case StudyEvent.Judged e -> e.evidence().rung();
          default -> -1;
        };
    // A report that crosses rungs promotes by itself; an infeasible trial takes entries away, and
    // so does one that is retried.
    if (rung >= 0 && !sparse && state.count(TrialStatus.INFEASIBLE) == 0) {
      int n = state.bracketOf(1).rungs().get(rung).size();
      int promotions = state.bracketOf(1).rungs().get(rung).promotions();
      promise(
          promotions <= n / plan.algorithm().eta(),
          "promotes no more than floor(n / eta)",
          promotions,
          n);
    }
  }

  private void check(StudyEvent event) {
    promise(event.number() == number + 1, "counts its events", event.number(), number);
    promise(event.time() >= time, "has no time run backwards", event.time(), time);
    number = event.number();
    time = event.time();
    switch (event) {
      case StudyEvent.AttemptLeased e ->
          promise(
              live.put(e.attempt().trial(), e.attempt()) == null,
              "has one live attempt a trial",
              e);
      case StudyEvent.AttemptReleased e -> leave(e.attempt());
      case StudyEvent.AttemptEnded e -> leave(e.attempt());
      case StudyEvent.EntriesRecorded e -> {
        promise(
            e.attempt().equals(live.get(e.attempt().trial())), "takes entries of live attempts", e);
        record(e.attempt(), e.firstSeq(), e.entries());
      }
      case StudyEvent.LateEntriesRecorded e -> record(e.attempt(), e.firstSeq(), e.entries());
      case StudyEvent.RungEntered e -> {
        for (int k = e.fromRung(); k <= e.toRung(); k++) {
          promise(entered.add(List.of(e.trial(), k)), "enters a rung once", e);
          if (!Double.isFinite(e.value())) {
            failed.put(e.trial(), k);
          }
          if (k < e.toRung()) {
            sparse = true;
            promote(e.trial(), k);
          }
        }
      }
      // A score that is replaced enters anew.
      case StudyEvent.MetricPut e -> {
        if (e.replaces()) {
          entered.removeIf(entry -> entry.get(0) == e.trial());
        }
      }
      // The failure of a trial that is retried leaves its rung.
      case StudyEvent.TrialRetried e -> {
        sparse = true;
        entered.remove(List.of(e.trial(), failed.get(e.trial())));
      }
      case StudyEvent.TrialPromoted e -> promote(e.trial(), e.evidence().rung());
      case StudyEvent.Judged e -> {
        if (e.verdict() == Verdict.CONTINUE) {
          promote(e.attempt().trial(), e.evidence().rung());
        }
      }
      default -> {
        // Promises nothing.
      }
    }
  }

  private void promote(int trial, int rung) {
    promise(promoted.add(List.of(trial, rung)), "promotes once from a rung", trial, rung);
  }

  private void leave(AttemptRef attempt) {
    promise(live.remove(attempt.trial(), attempt), "ends an attempt once", attempt);
  }

  /** Each number of a log once, without gaps. */
  private void record(AttemptRef attempt, long firstSeq, List<Entry> entries) {
    long before = recorded.getOrDefault(attempt, 0L);
    promise(
        firstSeq == before + 1 && !entries.isEmpty(), "takes each entry once", attempt, firstSeq);
    recorded.put(attempt, before + entries.size());
  }

  void checkEnd(StudyState state) {
    promise(live.isEmpty(), "leaves no attempt behind", live);
    promise(state.waiting().isEmpty() && state.running().isEmpty(), "leaves no trial behind");
    for (Trial trial : state.trials()) {
      promise(trial.status().isClosed(), "closes every trial", trial.number(), trial.status());
    }
    int budget = plan.budget().trials().orElseThrow();
    long clones = state.trials().stream().filter(trial -> trial.parent() != 0).count();
    long infeasible =
        state.trials().stream()
            .filter(trial -> trial.parent() == 0 && trial.status() == TrialStatus.INFEASIBLE)
            .count();
    long counted = state.trials().size() - clones - infeasible;
    promise(
        state.endReason() == EndReason.COMPLETED ? counted == budget : counted <= budget,
        "begins as many trials as the budget says",
        counted,
        budget);
    long spent =
        state.trials().stream()
            .flatMap(trial -> trial.attempts().stream())
            .mapToLong(Attempt::spent)
            .sum();
    promise(state.resourceUsed() == spent, "counts what was used", state.resourceUsed(), spent);
    promise(
        state.resourceTaken() == spent,
        "gives back what it reserved",
        state.resourceTaken(),
        spent);
  }

  private void promise(boolean kept, String what, Object... seen) {
    if (!kept) {
      assertThat(List.of(seen)).as("seed %d: expected that a study %s", seed, what).isNull();
    }
  }
}
