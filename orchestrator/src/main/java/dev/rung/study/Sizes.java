package dev.rung.study;

/** Estimates how many bytes commands take when they are encoded. */
final class Sizes {
  /** Of any command: what names its attempt and its session. */
  static final int FRAME = 64;

  private Sizes() {}

  static int of(StudyCommand command) {
    return switch (command) {
      case StudyCommand.Report report ->
          FRAME + report.entries().stream().mapToInt(Sizes::of).sum();
      case StudyCommand.Create create -> FRAME + 2 * create.source().length();
      case StudyCommand.Suggest suggest -> FRAME + 16 * suggest.assignment().values().size();
      case StudyCommand.Attach attach -> FRAME + 16 * attach.running().size();
      case StudyCommand other -> FRAME;
    };
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
