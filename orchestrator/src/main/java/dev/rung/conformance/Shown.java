package dev.rung.conformance;

import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.NodeMessage;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Messages as a person reads them. */
final class Shown {
  private static final int LAST = 6;

  private Shown() {}

  static String message(NodeMessage message) {
    return switch (message.getMCase()) {
      case HELLO -> "Hello(connection %d)".formatted(message.getHello().getConnection());
      case ENTRIES -> {
        List<Entry> entries = message.getEntries().getEntriesList();
        long first = message.getEntries().getFirstSeq();
        yield entries.isEmpty()
            ? "Entries from %d, none".formatted(first)
            : "Entries from %d to %d (%s)"
                .formatted(
                    first, first + entries.size() - 1, entry(entries.get(entries.size() - 1)));
      }
      case REFUSED -> "Refused(%s)".formatted(message.getRefused().getReason());
      case ACCEPTED, HEARTBEAT, DRAINING ->
          message.getMCase().name().charAt(0)
              + message.getMCase().name().substring(1).toLowerCase(Locale.ROOT);
      case M_NOT_SET -> "an empty message";
    };
  }

  static String entry(Entry entry) {
    return switch (entry.getECase()) {
      case POINT -> "point at step " + entry.getPoint().getStep();
      case CHECKPOINT -> "checkpoint of step " + entry.getCheckpoint().getStep();
      case ENDED -> "ended as " + entry.getEnded().getCause().name().substring("CAUSE_".length());
      case E_NOT_SET -> "an empty entry";
    };
  }

  /** The last of what came over a stream. */
  static String messages(List<NodeMessage> messages, boolean closed, @Nullable Throwable error) {
    List<NodeMessage> telling = messages.stream().filter(m -> !m.hasHeartbeat()).toList();
    List<String> last =
        telling.subList(Math.max(0, telling.size() - LAST), telling.size()).stream()
            .map(Shown::message)
            .toList();
    String end = closed ? "; the stream is closed" + (error == null ? "" : ": " + error) : "";
    return (last.isEmpty() ? "nothing" : "last " + String.join(", ", last)) + end;
  }

  static String time(Duration duration) {
    return duration.toMillis() % 1_000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }
}
