package dev.rung.conformance;

import dev.rung.halving.HalvingRule;
import dev.rung.halving.Rung;
import dev.rung.study.StudyEvent.Verdict;
import java.util.ArrayList;
import java.util.List;

/** Trials that come to one rung after another, numbered from 0, each judged as it comes. */
final class Rungs {
  private Rungs() {}

  /** What a stopping rule says to each of these values. */
  static List<Verdict> verdicts(HalvingRule rule, double... losses) {
    Rung rung = Rung.of(1);
    List<Verdict> verdicts = new ArrayList<>();
    for (double loss : losses) {
      verdicts.add(report(rule, rung, loss));
    }
    return verdicts;
  }

  /** What a stopping rule says to one more value. */
  static Verdict report(HalvingRule rule, Rung rung, double... losses) {
    int trial = rung.size();
    rung.insert(trial, losses, 0);
    // None of these rules looks at the levels.
    return rule.mayGoOn(rung, Double.NaN, trial) ? Verdict.CONTINUE : Verdict.STOP;
  }

  /** More is better. */
  static double[] maximized(double... values) {
    double[] losses = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      losses[i] = -values[i];
    }
    return losses;
  }
}
