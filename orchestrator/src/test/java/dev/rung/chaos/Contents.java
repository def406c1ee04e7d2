package dev.rung.chaos;

import dev.rung.study.Entry;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Entries as text that is equal where they are equal, bit by bit, on the wire and in the journal.
 */
final class Contents {
  private Contents() {}

  static String of(dev.rung.proto.v1.Entry entry) {
    return switch (entry.getECase()) {
      case POINT -> point(entry.getPoint().getStep(), entry.getPoint().getMetricsMap());
      case CHECKPOINT ->
          saved(
              entry.getCheckpoint().getStep(),
              HexFormat.of().formatHex(entry.getCheckpoint().getDigest().toByteArray()));
      case ENDED -> ended(entry.getEnded().getCause().name().substring("CAUSE_".length()));
      case E_NOT_SET -> throw new IllegalStateException("expected an entry that says something");
    };
  }

  static String of(Entry entry) {
    return switch (entry) {
      case Entry.Point point -> point(point.step(), point.metrics());
      case Entry.Saved(Entry.Checkpoint checkpoint) ->
          saved(checkpoint.step(), checkpoint.digest());
      case Entry.Ended ended -> ended(ended.cause().name());
    };
  }

  static String point(long step, Map<String, Double> metrics) {
    return new TreeMap<>(metrics)
        .entrySet().stream()
            .map(metric ->
                metric.getKey()
                    + "="
                    + Long.toHexString(Double.doubleToLongBits(metric.getValue())))
            .collect(Collectors.joining(" ", "point " + step + " ", ""));
  }

  /** What is known of a checkpoint before it is written. */
  static String saved(long step) {
    return "saved " + step + " ";
  }

  private static String saved(long step, String digest) {
    return saved(step) + digest;
  }

  private static String ended(String cause) {
    return "ended " + cause;
  }
}
