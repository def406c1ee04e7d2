package dev.rung.study;

import dev.rung.study.StudyEvent.Verdict;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One stay of a trial on a trainer. Only {@link StudyState} changes it. */
public final class Attempt {
  private static final double MILLIS_OF_AN_HOUR = 3_600_000;

  final int number;
  final Slot slot;
  final long leasedAt;
  final long startStep;

  /** Index of the rung that the attempt heads for. */
  int rung;

  long milestone;
  long ackedSeq;
  long lastStep;
  long endedAt;

  /** Of the attempt so far, in the trainer's own unit. */
  double cost;

  /** Money that its slots cost an hour; 0 where unknown. */
  double hourPrice;

  boolean byServer;
  boolean released;
  @Nullable Cause cause;
  String message = "";

  /** The verdict at the milestone; null until it came, and again after CONTINUE. */
  @Nullable Verdict verdict;

  /** With a STOP: why. */
  @Nullable Cause stopCause;

  @Nullable Order order;

  /** Objectives measured at {@link #lastStep}, which may come in several points. */
  Map<String, Double> atLastStep = new HashMap<>(2);

  Attempt(int number, Slot slot, long leasedAt, long startStep, int rung, long milestone) {
    this.number = number;
    this.slot = slot;
    this.leasedAt = leasedAt;
    this.startStep = startStep;
    this.rung = rung;
    this.milestone = milestone;
    this.lastStep = startStep;
  }

  /** From 1 within the trial; the fencing token. */
  public int number() {
    return number;
  }

  /** The slot that it was leased to. */
  public Slot slot() {
    return slot;
  }

  /** Milliseconds since 1970. */
  public long leasedAt() {
    return leasedAt;
  }

  /** The step that it went on after. */
  public long startStep() {
    return startStep;
  }

  /** The newest step that it reported; its start step before the first. */
  public long lastStep() {
    return lastStep;
  }

  /** Where it is judged next. */
  public long milestone() {
    return milestone;
  }

  /** Its log is durable up to this sequence number. */
  public long ackedSeq() {
    return ackedSeq;
  }

  /** Money that its slots have cost until a time, in milliseconds since 1970. */
  double money(long until) {
    return hourPrice * Math.max(0, until - leasedAt) / MILLIS_OF_AN_HOUR;
  }

  /** Whether it runs as far as the study knows. */
  public boolean isLive() {
    return cause == null && !released;
  }

  /**
   * Lets go of what only a live attempt needs: a study has many that are over.
   *
   * @param best of the trial, which mostly is what was measured last
   */
  void settle(StudyView.@Nullable Best best) {
    order = null;
    atLastStep =
        best != null && best.metrics().equals(atLastStep) ? best.metrics() : Map.copyOf(atLastStep);
  }

  /** What it is told once it is over. */
  Order afterEnd() {
    String reason = "the attempt is over";
    return byServer ? Order.late(reason) : Order.fenced(reason);
  }

  /**
   * Whether it is judged at its milestone: it has no verdict, and nothing told it to end for good.
   */
  boolean isToGoOn() {
    return verdict == null
        && (order == null || order.kind() == Order.Kind.CONTINUE || isYielding());
  }

  /** Whether it was told to end after its next checkpoint, to go on later. */
  boolean isYielding() {
    return order != null && order.kind() == Order.Kind.YIELD;
  }

  /** Whether its slot will be free by itself before its next milestone. */
  boolean isLeaving() {
    return !isToGoOn() || isYielding();
  }

  /** Whether it was told to end for good, by a verdict or by a person. */
  boolean isToldToStop() {
    return order != null && order.kind() == Order.Kind.STOP;
  }

  /** The order that comes after the one in force. */
  Order nextOrder(Order.Kind kind, long milestone, String why) {
    return new Order(order == null ? 1 : order.number() + 1, kind, milestone, why);
  }

  /** Resource that it holds: up to its milestone, or to where it trained on past it. */
  long held() {
    return Math.max(milestone, lastStep) - startStep;
  }

  /** Whether its slot or node did not start it. */
  public boolean isReleased() {
    return released;
  }

  /** Milliseconds since 1970; 0 while it runs. */
  public long endedAt() {
    return endedAt;
  }

  /** Why it ended; null while it runs or where it never began. */
  public @Nullable Cause cause() {
    return cause;
  }

  /** What the trainer said of the end, in one line. */
  public String message() {
    return message;
  }

  /** The directive in force. */
  public @Nullable Order order() {
    return order;
  }

  /** Resource that it spent. */
  public long spent() {
    return lastStep - startStep;
  }
}
