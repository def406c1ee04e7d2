package dev.rung.cli;

import dev.rung.proto.v1.Study;
import java.io.PrintStream;

/** Shows a study while it runs. */
interface Progress {

  /** The study as it is now. */
  void show(Study study, Rate rate, String problem);

  /** Something that happened, told at once and for good. */
  void note(String line);

  /** The study's last showing. */
  void end(Study study, Rate rate);

  /** Progress for whoever reads a stream: a block that is drawn over, or plain lines. */
  static Progress on(PrintStream stream, boolean isTerminal, Console console, Pace pace) {
    return isTerminal
        ? new LiveProgress(stream, !console.environment().containsKey("NO_COLOR"))
        : new LineProgress(stream, pace);
  }
}
