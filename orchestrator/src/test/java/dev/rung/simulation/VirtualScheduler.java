package dev.rung.simulation;

import com.typesafe.config.Config;
import java.util.concurrent.ThreadFactory;
import org.apache.pekko.actor.AbstractScheduler;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.event.LoggingAdapter;
import scala.concurrent.ExecutionContext;
import scala.concurrent.duration.FiniteDuration;

/** Pekko's timers on the clock of the simulation. */
public final class VirtualScheduler extends AbstractScheduler {

  /** As Pekko makes it. */
  public VirtualScheduler(Config config, LoggingAdapter log, ThreadFactory threads) {}

  @Override
  public Cancellable scheduleOnce(
      FiniteDuration delay, Runnable runnable, ExecutionContext executor) {
    Timeline.Due due = Timeline.current().after(delay.toNanos(), () -> executor.execute(runnable));
    return new Cancellable() {
      @Override
      public boolean cancel() {
        return due.cancel();
      }

      @Override
      public boolean isCancelled() {
        return due.isCancelled();
      }
    };
  }

  @Override
  @SuppressWarnings("deprecation")
  public Cancellable schedule(
      FiniteDuration initialDelay,
      FiniteDuration interval,
      Runnable runnable,
      ExecutionContext executor) {
    return scheduleWithFixedDelay(initialDelay, interval, runnable, executor);
  }

  @Override
  public double maxFrequency() {
    return 1_000;
  }
}
