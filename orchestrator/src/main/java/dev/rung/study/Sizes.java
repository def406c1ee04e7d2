package dev.rung.study;

import java.util.List;

/**
 * Estimates how many bytes commands and events take when they are encoded. Every point is counted
 * twice on its way to the journal, so in plain loops.
 */
final class Sizes {
  /** Of any command: what names its attempt and its session. */
  static final int FRAME = 64;

  /** Of any event: its names, numbers and evidence. */
  private static final int EVENT = 256;

  private Sizes() {}

  static int of(StudyCommand command) {
    return switch (command) {
      case StudyCommand.Report report -> FRAME + of(report.entries());
      case StudyCommand.Create create -> FRAME + 2 * create.source().length();
      case StudyCommand.Suggest suggest -> FRAME + 16 * suggest.assignment().values().size();
      case StudyCommand.Attach attach -> FRAME + 16 * attach.running().size();
      case StudyCommand other -> FRAME;
    };
  }

  static int of(StudyEvent event) {
    return switch (event) {
      case StudyEvent.StudyCreated e -> EVENT + 4 * e.source().length();
      case StudyEvent.TrialSuggested e -> EVENT + 16 * e.assignment().values().size();
      case StudyEvent.EntriesRecorded e -> EVENT + of(e.entries());
      case StudyEvent.LateEntriesRecorded e -> EVENT + of(e.entries());
      case StudyEvent.AttemptEnded e -> EVENT + 2 * e.message().length();
      case StudyEvent.TrialsClosed e -> EVENT + EVENT * e.trials().size();
      case StudyEvent other -> EVENT;
    };
  }

  private static int of(List<Entry> entries) {
    int size = 0;
    for (Entry entry : entries) {
      size += of(entry);
    }
    return size;
  }

  private static int of(Entry entry) {
    return switch (entry) {
      case Entry.Point point -> of(point);
      case Entry.Saved saved -> 96 + saved.checkpoint().place().length();
      case Entry.Ended ended -> 16 + 2 * ended.message().length();
    };
  }

  private static int of(Entry.Point point) {
    int size = 16;
    for (String name : point.metrics().keySet()) {
      size += name.length() + 9;
    }
    return size;
  }
}
