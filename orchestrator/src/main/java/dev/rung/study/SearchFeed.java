package dev.rung.study;

import dev.rung.searcher.Observation;
import dev.rung.searcher.Observation.Begun;
import dev.rung.space.Assignment;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What a searcher is to know before it is asked for a trial: what trials of lower numbers began
 * with, and what the study has shown up to the basis of the ask. That is the same whether it is
 * asked as soon as it can be or again after a crash.
 *
 * <p>One feed goes with one searcher, from its beginning. A searcher that has answered an ask has
 * to take the answer for what the trial begins with, since the next ask may come before the study
 * says so.
 */
public final class SearchFeed {
  private final StudyState study;
  private final ObservationLog.Reader shown;
  private final BitSet begun = new BitSet();
  private final BitSet outside = new BitSet();

  /** The feed of a study's searcher that knows nothing so far. */
  public SearchFeed(StudyState study) {
    this.study = study;
    this.shown = study.observed.new Reader();
  }

  /**
   * What the searcher does not know yet and is to know.
   *
   * @param basis number of the newest event that the suggestion may know
   */
  public List<Observation> before(int trial, long basis) {
    List<Observation> news = new ArrayList<>();
    for (int other = begun.nextClearBit(1); other < trial; other = begun.nextClearBit(other + 1)) {
      begin(other, news);
    }
    while (shown.hasNext() && shown.number() <= basis) {
      add(shown.next(), news);
    }
    return news;
  }

  /**
   * What the study has shown and the searcher does not know yet. What a trial began with comes
   * before all else about it.
   *
   * @param most observations, or one more
   */
  public List<Observation> next(int most) {
    List<Observation> news = new ArrayList<>();
    while (news.size() < most && shown.hasNext()) {
      Observation observation = shown.next();
      ObservationLog.trial(observation).ifPresent(trial -> begin(trial, news));
      add(observation, news);
    }
    for (int trial = begun.nextClearBit(1);
        news.size() < most && trial < study.nextTrial();
        trial = begun.nextClearBit(trial + 1)) {
      begin(trial, news);
    }
    return news;
  }

  private void begin(int trial, List<Observation> news) {
    Assignment assignment = begun.get(trial) ? null : study.assignment(trial);
    if (assignment == null) {
      return;
    }
    begun.set(trial);
    if (isOfSpace(assignment)) {
      news.add(new Begun(trial, assignment));
    } else {
      outside.set(trial);
    }
  }

  /** Only a change of the space, and a narrowed one beside assignments given, have any outside. */
  private boolean isOfSpace(Assignment assignment) {
    boolean mayBeOutside = !study.newestChange().isEmpty() || !study.plan().first().isEmpty();
    return !mayBeOutside || study.plan().space().contains(assignment);
  }

  /** A model of the space can make nothing of a trial outside. */
  private void add(Observation observation, List<Observation> news) {
    if (outside.isEmpty() || ObservationLog.trial(observation).stream().noneMatch(outside::get)) {
      news.add(observation);
    }
  }
}
