package dev.rung.benchmarks;

import dev.rung.storage.DataFolder;
import dev.rung.storage.Database;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import dev.rung.study.Slot;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyEffect;
import dev.rung.study.StudyKernel;
import dev.rung.study.StudyKernel.Outcome;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyReply;
import dev.rung.study.StudyState;
import dev.rung.study.Trial;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

/**
 * A study with many trials, decided by the real kernel and written into a data folder as a server
 * writes it, in bulk.
 */
final class LargeStudy {
  private static final int LEAST_MILESTONE = 10;

  private final String id = UUID.randomUUID().toString();
  private final StudyState state = new StudyState();
  private final JournalWriter journal;
  private final int pointsOfTrial;
  private long offers;
  private long points;
  private int reports;

  private LargeStudy(JournalWriter journal, int pointsOfTrial) {
    this.journal = journal;
    this.pointsOfTrial = pointsOfTrial;
  }

  /**
   * Writes a study.
   *
   * @param points that each trial sends on its way to the first rung
   * @param snapshots whether snapshots are stored too; then the journal ends just before the next
   *     would be due, since that is the most to recover
   */
  static LargeStudy write(Path data, int trials, int points, boolean snapshots)
      throws SQLException {
    try (DataFolder folder = DataFolder.open(data);
        Database database = Database.open(folder);
        JournalWriter journal = new JournalWriter(database, snapshots)) {
      LargeStudy study = new LargeStudy(journal, points);
      study.handle(new StudyCommand.Create(study.id, plan(points), "benchmark"));
      while (study.trials() < trials || (snapshots && !journal.isNextSnapshotNear(study.state))) {
        study.trial();
      }
      return study;
    }
  }

  String id() {
    return id;
  }

  int trials() {
    return state.nextTrial() - 1 - state.suggested().size() - state.asked().size();
  }

  long points() {
    return points;
  }

  long events() {
    return state.lastNumber();
  }

  long eventsSinceSnapshot() {
    return journal.eventsSinceSnapshot(state);
  }

  /** One grant, and what comes of it: a new trial up to its verdict, or one that is promoted. */
  private void trial() throws SQLException {
    Slot slot = new Slot("node-" + offers % 16, 1, "epoch", ++offers);
    Outcome granted = handle(new StudyCommand.Grant(slot));
    if (!(granted.reply() instanceof StudyReply.Used used)) {
      throw new IllegalStateException("expected work, but came " + granted.reply());
    }
    long seq = 1;
    Trial trial = trial(used.attempt());
    long last = trial.step();
    while (trial.lastAttempt().isLive()) {
      long milestone = trial.lastAttempt().milestone();
      double value = KernelStudy.value(++reports);
      List<Entry> entries = new ArrayList<>();
      if (last == 0) {
        for (int i = 1; i < pointsOfTrial; i++) {
          entries.add(point(milestone * i / pointsOfTrial, value));
        }
      }
      entries.add(point(milestone, value));
      points += entries.size();
      last = milestone;
      Outcome outcome = handle(new StudyCommand.Report(used.attempt(), seq, entries));
      seq += entries.size();
      boolean goesOn =
          outcome.reply() instanceof StudyReply.Taken taken
              && taken
                  .order()
                  .map(o -> o.kind() == dev.rung.study.Order.Kind.CONTINUE)
                  .orElse(false);
      if (!goesOn) {
        Entry end = new Entry.Ended(Cause.PAUSED, "");
        handle(new StudyCommand.Report(used.attempt(), seq, List.of(end)));
      }
    }
  }

  private Trial trial(AttemptRef attempt) {
    Trial trial = state.trial(attempt.trial());
    if (trial == null) {
      throw new IllegalStateException("expected trial " + attempt.trial());
    }
    return trial;
  }

  private static Entry point(long step, double value) {
    return new Entry.Point(step, Map.of("loss", value), OptionalDouble.empty(), Optional.empty());
  }

  private Outcome handle(StudyCommand command) throws SQLException {
    Outcome outcome = StudyKernel.handle(state, command, System.currentTimeMillis());
    journal.write(id, outcome.events(), state);
    for (StudyEffect effect : outcome.effects()) {
      if (effect instanceof StudyEffect.Ask ask) {
        var searcher = state.plan().searcher();
        handle(
            new StudyCommand.Suggest(
                ask.trial(), searcher.suggest(ask.trial()).orElseThrow(), searcher.name()));
      }
    }
    return outcome;
  }

  private static StudyPlan plan(int points) {
    long min = Math.max(LEAST_MILESTONE, points);
    return KernelStudy.plan("large", min, 81 * min, "x", "y");
  }
}
