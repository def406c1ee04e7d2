package dev.rung.cli;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Time that goes by when a test says so, and as fast as a sleeper sleeps. */
final class FakePace implements Pace {
  private long nanos;
  Runnable whileAsleep = () -> {};

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public void sleep(Duration duration) {
    nanos += duration.toNanos();
    whileAsleep.run();
  }

  void go(long seconds) {
    nanos += TimeUnit.SECONDS.toNanos(seconds);
  }
}
