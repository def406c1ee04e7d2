package dev.rung.cli;

import dev.rung.proto.v1.Study;
import java.io.PrintStream;
import java.time.Duration;

/** Plain lines: one where something changed, at most one each 30 s, and one at the end. */
final class LineProgress implements Progress {
  private static final long INTERVAL_NANOS = Duration.ofSeconds(30).toNanos();

  private final PrintStream stream;
  private final Pace pace;
  private boolean begun;
  private long last;
  private long event;

  LineProgress(PrintStream stream, Pace pace) {
    this.stream = stream;
    this.pace = pace;
  }

  @Override
  public void show(Study study, Rate rate, String problem) {
    long now = pace.nanos();
    boolean due = !begun || (study.getEvent() != event && now - last >= INTERVAL_NANOS);
    if (due) {
      begun = true;
      last = now;
      event = study.getEvent();
      note(StudyBlock.line(study, rate));
      if (!problem.isEmpty()) {
        note("last problem: " + problem);
      }
    }
  }

  @Override
  public void note(String line) {
    stream.println(Text.safe(line));
    stream.flush();
  }

  @Override
  public void end(Study study, Rate rate) {
    note(StudyBlock.line(study, rate) + StudyText.reason(study));
  }
}
