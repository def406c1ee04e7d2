package dev.rung.study;

import dev.rung.halving.BracketView;
import dev.rung.halving.HalvingRule;
import dev.rung.space.Assignment;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/** A study's state as decisions see it: nothing here changes anything. */
public interface StudyView {

  /** The study's id; empty before its creation. */
  String study();

  /** What it is to do; only after its creation. */
  StudyPlan plan();

  /** Text of its file. */
  String source();

  /** What it is doing. */
  StudyStatus status();

  /** Why it is doing that, for a person. */
  String reason();

  /** Why it ended or is about to; null before. */
  @Nullable EndReason endReason();

  /** What a person changed last, in words; empty: nothing. */
  String newestChange();

  /** Number of its newest event; 0 before the first. */
  long lastNumber();

  /** Time of its newest event, in milliseconds since 1970. */
  long lastTime();

  /** Time of its creation, in milliseconds since 1970. */
  long createdAt();

  /** The halving rule. */
  HalvingRule rule();

  /** Every bracket; most rules have one. */
  List<? extends BracketView> brackets();

  /** The bracket of a trial, which may be one that has no slot yet. */
  BracketView bracketOf(int trial);

  /** A trial by its number; null: it has no slot yet, or there is none. */
  @Nullable Trial trial(int number);

  /** Every trial that ever had a slot, by number. */
  List<Trial> trials();

  /** Numbers of trials that wait for a slot to go on. */
  SortedSet<Integer> waiting();

  /** Numbers of trials with a live attempt. */
  SortedSet<Integer> running();

  /** Assignments of trials that have no slot yet, by number. */
  SortedMap<Integer, Assignment> suggested();

  /** Numbers of trials whose suggestion was asked for, with the basis of the ask. */
  SortedMap<Integer, Long> asked();

  /** Of the suggested trials those that are copies. */
  SortedMap<Integer, Lineage> cloned();

  /** Number of trials that are copies, without those that are infeasible. */
  int clones();

  /** Cost of all attempts, in the trainers' own unit. */
  double cost();

  /** Trials that were closed since the best was found. */
  int sinceBest();

  /** Money that the slots of attempts that ended have cost, by the prices of their nodes. */
  double money();

  /** Slots that the study is to give up, since others have less than their share. */
  int toYield();

  /** Whether there is no assignment left for a new trial. */
  boolean isExhausted();

  /** Number of the next trial to ask a suggestion for. */
  int nextTrial();

  /** The live attempt that a slot is used by; null: none. */
  @Nullable AttemptRef usedBy(Slot slot);

  /** Resource spent by ended attempts and held by live ones. */
  long resourceTaken();

  /** Resource spent by all attempts. */
  long resourceUsed();

  /** Number of trials in a status. */
  int count(TrialStatus status);

  /** Trials of which a later attempt ran on another node than the one before. */
  int movedTrials();

  /** The best point so far; null before the first finite value. */
  @Nullable Best best();

  /** Names of metrics that trainers sent, at most 64. */
  SortedSet<String> metricNames();

  /** Attempts that ended as USER_ERROR one after another. */
  int userErrorsInRow();

  /** Trials that ended as INFEASIBLE one after another. */
  int infeasibleInRow();

  /** How attempts ended on the nodes, by their names. */
  Map<String, NodeRecord> nodes();

  /** Failed among the first 20 trials since the study was last resumed. */
  int earlyFailures();

  /** What was said of the newest USER_ERROR or failed trial. */
  String lastFailure();

  /**
   * The best point of a study.
   *
   * @param metrics its objectives
   */
  record Best(int trial, long step, Map<String, Double> metrics) {
    /** Copies the metrics. */
    public Best {
      metrics = Map.copyOf(metrics);
    }
  }
}
