package dev.rung.halving;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;

/** A ladder with its rungs and probes. */
public final class Bracket implements BracketView {
  private final List<Rung> rungs = new ArrayList<>();
  private final TreeSet<Integer> probes = new TreeSet<>();
  private final Contestants trials;
  private final int objectives;
  private Ladder ladder;
  private String reason;

  /**
   * A bracket without entries.
   *
   * @param reason for the ladder, for a person
   * @param objectives that trials are ranked by, from 1
   */
  public Bracket(Ladder ladder, String reason, int objectives, Contestants trials) {
    this.objectives = objectives;
    this.trials = trials;
    this.ladder = ladder;
    this.reason = reason;
    change(ladder, reason);
  }

  @Override
  public Ladder ladder() {
    return ladder;
  }

  @Override
  public String reason() {
    return reason;
  }

  @Override
  public List<Rung> rungs() {
    return Collections.unmodifiableList(rungs);
  }

  @Override
  public NavigableSet<Integer> probes() {
    return probes;
  }

  @Override
  public Contestants trials() {
    return trials;
  }

  /** Puts another ladder in force, of which only levels at the end are new. */
  public void change(Ladder next, String why) {
    ladder = next;
    reason = why;
    while (rungs.size() < next.size()) {
      rungs.add(Rung.of(objectives));
    }
  }

  /** A trial begins: it is a probe if one is wanted. */
  public void begin(int trial) {
    if (ladder.probing().isPresent() && probes.size() < ladder.probing().get().probes()) {
      probes.add(trial);
    }
  }

  /** Takes back all that a trial counted for. */
  public void withdraw(int trial) {
    rungs.forEach(rung -> rung.remove(trial));
    probes.remove(trial);
  }
}
