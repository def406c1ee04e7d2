package dev.rung.api;

import com.google.protobuf.util.Timestamps;
import dev.rung.logs.LogLine;
import dev.rung.proto.v1.ReadTrialLogsResponse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes messages of a log's lines and tells which lines are missing between them. */
final class LogParts {
  private final Map<Integer, Long> last = new HashMap<>();

  /**
   * A line with what is missing before it.
   *
   * @param dropped lines of its attempt between the one before and this
   */
  record Numbered(LogLine line, long dropped) {}

  /** The next lines in the order of the files. */
  List<Numbered> number(List<LogLine> lines) {
    List<Numbered> numbered = new ArrayList<>(lines.size());
    for (LogLine line : lines) {
      long before = last.getOrDefault(line.attempt(), 0L);
      if (line.number() > before) {
        numbered.add(new Numbered(line, line.number() - before - 1));
        last.put(line.attempt(), line.number());
      }
    }
    return numbered;
  }

  /** One message for each run of lines without a gap. */
  static List<ReadTrialLogsResponse> messages(Iterable<Numbered> lines) {
    List<ReadTrialLogsResponse> messages = new ArrayList<>();
    ReadTrialLogsResponse.Builder message = ReadTrialLogsResponse.newBuilder();
    for (Numbered next : lines) {
      LogLine line = next.line();
      boolean goesOn = next.dropped() == 0 && message.getAttempt() == line.attempt();
      if (!goesOn) {
        if (message.getLinesCount() > 0) {
          messages.add(message.build());
        }
        message =
            ReadTrialLogsResponse.newBuilder()
                .setAttempt(line.attempt())
                .setDropped(next.dropped());
      }
      message.addLines(
          dev.rung.proto.v1.LogLine.newBuilder()
              .setNumber(line.number())
              .setTime(Timestamps.fromMillis(line.time()))
              .setText(line.text()));
    }
    if (message.getLinesCount() > 0) {
      messages.add(message.build());
    }
    return messages;
  }
}
