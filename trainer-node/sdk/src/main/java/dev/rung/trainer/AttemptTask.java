package dev.rung.trainer;

import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entry;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Trains one attempt on a slot's thread and says how it ended. */
final class AttemptTask implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(AttemptTask.class);

  private final Monitor monitor;
  private final Attempts attempts;
  private final Attempt attempt;
  private final Trainer trainer;
  private final NodeCheckpoints store;

  AttemptTask(
      Monitor monitor, Attempts attempts, Attempt attempt, Trainer trainer, NodeCheckpoints store) {
    this.monitor = monitor;
    this.attempts = attempts;
    this.attempt = attempt;
    this.trainer = trainer;
    this.store = store;
  }

  @Override
  public void run() {
    synchronized (monitor) {
      if (!attempts.begin(attempt)) {
        return;
      }
    }
    Ended ended = train();
    // An attempt that is fenced meanwhile needs no end.
    boolean unused =
        new LogWriter(monitor, attempt).write(Entry.newBuilder().setEnded(ended).build());
    synchronized (monitor) {
      attempts.end(attempt, ended);
      monitor.changed();
    }
  }

  private Ended train() {
    AttemptContext context;
    try {
      context = new AttemptContext(monitor, attempt, store);
    } catch (IOException | RuntimeException e) {
      log.warn("{} cannot begin: {}", attempt, e.toString());
      return LastWords.of(Ends.notBegun(e), e, attempt.log());
    }
    try {
      trainer.train(context);
      synchronized (monitor) {
        return Ends.returned(attempt.orders().told());
      }
    } catch (Throwable e) {
      log.debug("{} threw", attempt, e);
      Ended ended;
      synchronized (monitor) {
        ended = Ends.thrown(e, attempt.orders().interruption(), attempt.wasInterrupted());
      }
      return LastWords.of(ended, e, attempt.log());
    }
  }
}
