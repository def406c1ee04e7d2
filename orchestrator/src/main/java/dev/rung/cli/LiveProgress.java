package dev.rung.cli;

import dev.rung.proto.v1.Study;
import java.io.PrintStream;
import java.util.List;

/**
 * A block on a terminal that is drawn over itself. Each drawing is one write and leaves the
 * terminal as it was, so that the command may be killed at any moment.
 */
final class LiveProgress implements Progress {
  private static final String ESC = "\u001b[";
  private static final String NO_WRAP = ESC + "?7l";
  private static final String WRAP = ESC + "?7h";
  private static final String CLEAR_LINE = ESC + "2K";
  private static final String CLEAR_BELOW = ESC + "J";
  private static final String BOLD = ESC + "1m";
  private static final String PLAIN = ESC + "0m";

  private final PrintStream stream;
  private final boolean color;
  private List<String> shown = List.of();

  LiveProgress(PrintStream stream, boolean color) {
    this.stream = stream;
    this.color = color;
  }

  @Override
  public void show(Study study, Rate rate, String problem) {
    draw(List.of(), StudyBlock.lines(study, rate, problem));
  }

  @Override
  public void note(String line) {
    draw(List.of(line), shown);
  }

  @Override
  public void end(Study study, Rate rate) {
    draw(List.of(), StudyBlock.lines(study, rate, ""));
    shown = List.of();
  }

  /** Puts lines that stay where the block began, and the block below them. */
  private void draw(List<String> above, List<String> block) {
    StringBuilder text = new StringBuilder(NO_WRAP);
    if (!shown.isEmpty()) {
      text.append(ESC).append(shown.size()).append('A');
    }
    text.append('\r');
    above.forEach(line -> text.append(CLEAR_LINE).append(Text.safe(line)).append('\n'));
    for (int i = 0; i < block.size(); i++) {
      String line = Text.safe(block.get(i));
      text.append(CLEAR_LINE).append(color && i == 0 ? BOLD + line + PLAIN : line).append('\n');
    }
    text.append(CLEAR_BELOW).append(WRAP);
    stream.print(text);
    stream.flush();
    shown = block;
  }
}
