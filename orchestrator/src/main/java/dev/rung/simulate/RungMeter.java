package dev.rung.simulate;

import dev.rung.study.StudyEvent;
import dev.rung.study.StudyView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Measures what each level of a simulated study takes, over all brackets. */
final class RungMeter implements Watcher {

  /**
   * What a level took.
   *
   * @param trials that entered a rung there
   * @param resource trained on the way to it, from the level below
   * @param slotTime of slots meanwhile, in units of time
   * @param first when the first trial came, in units of time; NaN: none did
   */
  record Use(int trials, long resource, double slotTime, double first) {
    static final Use NONE = new Use(0, 0, 0, Double.NaN);

    private Use entered(double time) {
      return new Use(trials + 1, resource, slotTime, Double.isNaN(first) ? time : first);
    }

    private Use trained(long units, double took) {
      return new Use(trials, resource + units, slotTime + took, first);
    }
  }

  private final Map<Long, Use> uses = new TreeMap<>();

  /** What each level took, by level; levels that nobody was on the way to are left out. */
  Map<Long, Use> uses() {
    return uses;
  }

  @Override
  public void happened(double time, StudyEvent event, StudyView study) {
    if (event instanceof StudyEvent.RungEntered entered) {
      List<Long> levels = new ArrayList<>(study.bracketOf(entered.trial()).ladder().levels());
      for (long level : levels.subList(entered.fromRung(), entered.toRung() + 1)) {
        uses.merge(level, Use.NONE.entered(time), (use, once) -> use.entered(time));
      }
    }
  }

  @Override
  public void trained(int trial, long level, long units, double took) {
    uses.merge(level, Use.NONE.trained(units, took), (use, once) -> use.trained(units, took));
  }
}
