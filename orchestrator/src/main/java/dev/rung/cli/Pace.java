package dev.rung.cli;

import java.time.Duration;

/** Time as a watching command lives it. */
interface Pace {

  /** Nanoseconds from some fixed moment on. */
  long nanos();

  /** Waits. */
  void sleep(Duration duration) throws InterruptedException;

  /** The machine's own time. */
  static Pace real() {
    return new Pace() {
      @Override
      public long nanos() {
        return System.nanoTime();
      }

      @Override
      public void sleep(Duration duration) throws InterruptedException {
        Thread.sleep(duration);
      }
    };
  }
}
