package dev.rung.simulation;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** The wall clock of servers, which may jump. */
final class WallClock extends Clock {
  private static final long BEGIN_MILLIS = 1_700_000_000_000L;
  private static final long NANOS = 1_000_000;

  private final Timeline timeline;
  private long jump;

  WallClock(Timeline timeline) {
    this.timeline = timeline;
  }

  void jump(long millis) {
    jump += millis;
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(BEGIN_MILLIS + jump + timeline.now() / NANOS);
  }
}
