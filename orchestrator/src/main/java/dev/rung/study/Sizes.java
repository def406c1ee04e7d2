package dev.rung.study;

import java.util.List;

/** Estimates how many bytes commands and events take when they are encoded. */
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
    return entries.stream().mapToInt(Sizes::of).sum();
  }

  private static int of(Entry entry) {
    return switch (entry) {
      case Entry.Point point ->
          16 + point.metrics().keySet().stream().mapToInt(name -> name.length() + 9).sum();
      case Entry.Saved saved -> 96 + saved.checkpoint().place().length();
      case Entry.Ended ended -> 16 + 2 * ended.message().length();
    };
  }
}
