package dev.rung.session;

import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.Point;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Reads one node's entries from the wire and holds them to their limits. Points share the names of
 * their metrics, which would take more memory than the values.
 */
final class EntryReader {
  static final int MOST_ENTRIES = 1_024;
  static final int MOST_METRICS = 64;
  static final int LONGEST_NAME = 128;
  static final int LONGEST_MESSAGE = 8 * 1024;
  private static final int DIGEST_BYTES = 32;

  /** So that the sum over a study's attempts stays a long. */
  private static final long LARGEST_STEP = 1L << 48;

  /** The bound of protobuf's Duration, in seconds: about 10,000 years. */
  private static final long LONGEST_WALL = 315_576_000_000L;

  /** The most names that are shared; others are kept as they came. */
  private static final int MOST_NAMES = 256;

  private final Map<String, String> names = new HashMap<>();

  /**
   * The entries of a message.
   *
   * @param places that the attempt's checkpoints may be at
   * @throws ProtocolException one of them breaks a rule
   */
  List<Entry> read(Entries message, CheckpointPlaces.OfAttempt places) {
    if (message.getFirstSeq() < 1) {
      throw new ProtocolException(
          "expected first_seq from 1, but came " + Long.toUnsignedString(message.getFirstSeq()));
    }
    if (message.getEntriesCount() < 1 || message.getEntriesCount() > MOST_ENTRIES) {
      throw new ProtocolException(
          "expected 1 to %d entries, but came %d"
              .formatted(MOST_ENTRIES, message.getEntriesCount()));
    }
    List<Entry> entries = new ArrayList<>(message.getEntriesCount());
    for (dev.rung.proto.v1.Entry entry : message.getEntriesList()) {
      if (!entries.isEmpty() && entries.get(entries.size() - 1) instanceof Entry.Ended) {
        throw new ProtocolException("expected nothing after an end, but came " + entry.getECase());
      }
      entries.add(
          switch (entry.getECase()) {
            case POINT -> point(entry.getPoint());
            case CHECKPOINT -> saved(entry.getCheckpoint(), places);
            case ENDED ->
                new Entry.Ended(
                    cause(entry.getEnded().getCause()), message(entry.getEnded().getMessage()));
            case E_NOT_SET ->
                throw new ProtocolException(
                    "expected a point, a checkpoint or an end, but came an empty entry");
          });
    }
    return entries;
  }

  private Entry point(Point point) {
    if (point.getStep() < 1 || point.getStep() > LARGEST_STEP) {
      throw new ProtocolException(
          "expected a step from 1 to %d, but came %d".formatted(LARGEST_STEP, point.getStep()));
    }
    if (point.getWall().getSeconds() < 0 || point.getWall().getSeconds() > LONGEST_WALL) {
      throw new ProtocolException(
          "expected a wall time from 0 to %d s, but came %d s"
              .formatted(LONGEST_WALL, point.getWall().getSeconds()));
    }
    if (point.getMetricsCount() > MOST_METRICS) {
      throw new ProtocolException(
          "expected at most %d metrics, but came %d"
              .formatted(MOST_METRICS, point.getMetricsCount()));
    }
    Map<String, Double> metrics = HashMap.newHashMap(point.getMetricsCount());
    point.getMetricsMap().forEach((name, value) -> metrics.put(name(name), value));
    Optional<Long> wall =
        point.hasWall()
            ? Optional.of(
                point.getWall().getSeconds() * 1_000 + point.getWall().getNanos() / 1_000_000)
            : Optional.empty();
    OptionalDouble cost =
        point.hasCost() ? OptionalDouble.of(point.getCost()) : OptionalDouble.empty();
    return new Entry.Point(point.getStep(), metrics, cost, wall);
  }

  private String name(String name) {
    String known = names.get(name);
    if (known != null) {
      return known;
    }
    if (name.isEmpty() || name.length() > LONGEST_NAME) {
      throw new ProtocolException(
          "expected metric names of 1 to %d characters, but came '%s'"
              .formatted(LONGEST_NAME, ProtocolException.cut(name)));
    }
    if (names.size() < MOST_NAMES) {
      names.put(name, name);
    }
    return name;
  }

  private static Entry saved(
      dev.rung.proto.v1.Checkpoint checkpoint, CheckpointPlaces.OfAttempt places) {
    String place = checkpoint.getPlace();
    if (!places.has(place)) {
      throw new ProtocolException(
          "expected a checkpoint place directly below %s, but came '%s'"
              .formatted(places.prefix(), ProtocolException.cut(place)));
    }
    if (checkpoint.getStep() < 1
        || checkpoint.getStep() > LARGEST_STEP
        || checkpoint.getBytes() < 0) {
      throw new ProtocolException(
          "expected a checkpoint's step from 1 to %d and bytes from 0, but came step %d, bytes %d"
              .formatted(LARGEST_STEP, checkpoint.getStep(), checkpoint.getBytes()));
    }
    if (checkpoint.getDigest().size() != DIGEST_BYTES) {
      throw new ProtocolException(
          "expected a digest of %d bytes, but came %d"
              .formatted(DIGEST_BYTES, checkpoint.getDigest().size()));
    }
    return new Entry.Saved(
        new Entry.Checkpoint(
            checkpoint.getStep(),
            place,
            checkpoint.getBytes(),
            HexFormat.of().formatHex(checkpoint.getDigest().toByteArray())));
  }

  private static String message(String text) {
    return text.length() > LONGEST_MESSAGE ? text.substring(0, LONGEST_MESSAGE) : text;
  }

  /** What only servers write counts as an error of the trainer when a node says it. */
  private static Cause cause(dev.rung.proto.v1.Cause cause) {
    return switch (cause) {
      case CAUSE_COMPLETED -> Cause.COMPLETED;
      case CAUSE_PAUSED -> Cause.PAUSED;
      case CAUSE_STOPPED -> Cause.STOPPED;
      case CAUSE_PREEMPTED -> Cause.PREEMPTED;
      // Said by a node that was started anew, of what its earlier incarnation ran.
      case CAUSE_LOST -> Cause.LOST;
      case CAUSE_OUT_OF_MEMORY -> Cause.OUT_OF_MEMORY;
      case CAUSE_DIVERGED -> Cause.DIVERGED;
      case CAUSE_INFEASIBLE -> Cause.INFEASIBLE;
      case CAUSE_BAD_CHECKPOINT -> Cause.BAD_CHECKPOINT;
      case CAUSE_USER_ERROR, CAUSE_NO_METRICS, CAUSE_UNSPECIFIED, UNRECOGNIZED -> Cause.USER_ERROR;
    };
  }
}
