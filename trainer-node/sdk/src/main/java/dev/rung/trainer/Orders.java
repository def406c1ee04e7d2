package dev.rung.trainer;

import dev.rung.proto.v1.Cause;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt is to do, by the server's directives and the node's own needs, and what its
 * trainer was told last. Guarded by the node's {@link Monitor}.
 *
 * <p>The server's newest directive counts. Once the trainer was told to end, that stands, except
 * that STOP and fencing go over everything.
 */
final class Orders {

  /** A directive, and the cause that the attempt ends with where its trainer returns after it. */
  record Order(Directive directive, Cause cause, String reason) {
    static final Order CONTINUE = new Order(Directive.CONTINUE, Cause.CAUSE_COMPLETED, "");
  }

  private long number;

  /** Number of the newest directive that answers a milestone. */
  private long answered;

  private long milestone;
  private Order wanted = Order.CONTINUE;
  private Order told = Order.CONTINUE;
  private @Nullable Order preemption;

  /** What the attempt ends with once a checkpoint is stored; null: it goes on. */
  private @Nullable Order afterCheckpoint;

  private boolean draining;
  private boolean fenced;

  Orders(long milestone) {
    this.milestone = milestone;
  }

  /** Takes a directive of the server; one that is not newer than the last changes nothing. */
  void obey(dev.rung.proto.v1.Directive directive) {
    if (directive.hasFenced()) {
      fenced = true;
      return;
    }
    if (Long.compareUnsigned(directive.getNumber(), number) <= 0) {
      return;
    }
    String reason = directive.getReason();
    switch (directive.getDCase()) {
      case CONTINUE -> {
        milestone = directive.getContinue().getMilestone();
        wanted = Order.CONTINUE;
        afterCheckpoint = null;
      }
      case PAUSE -> {
        Order pause = new Order(Directive.PAUSE, Cause.CAUSE_PAUSED, reason);
        if (directive.getPause().getAfterCheckpoint()) {
          afterCheckpoint = pause;
        } else {
          wanted = pause;
        }
      }
      case STOP -> wanted = new Order(Directive.STOP, Cause.CAUSE_STOPPED, reason);
      case FENCED, D_NOT_SET -> {
        return;
      }
    }
    number = directive.getNumber();
    if (!directive.getPause().getAfterCheckpoint()) {
      answered = number;
    }
  }

  /** The attempt is not valid any more. */
  void fence() {
    fenced = true;
  }

  /** No directive came to a milestone in time. */
  void lingered(String reason) {
    wanted = new Order(Directive.PAUSE, Cause.CAUSE_PAUSED, reason);
  }

  /** The node drains: the attempt is preempted after its next checkpoint. */
  void drain() {
    draining = true;
  }

  /** A checkpoint was stored. */
  void checkpointed() {
    if (draining) {
      preempt("the node drains");
    } else if (afterCheckpoint != null) {
      wanted = afterCheckpoint;
    }
  }

  /** The node gives the attempt up. */
  void preempt(String reason) {
    if (preemption == null) {
      preemption = new Order(Directive.STOP, Cause.CAUSE_PREEMPTED, reason);
    }
  }

  /** What to do now; the trainer is told it. */
  Directive tell() {
    if (wanted.directive() == Directive.STOP || !told.directive().mustEnd()) {
      told = wanted.directive().mustEnd() || preemption == null ? wanted : preemption;
    }
    return fenced ? Directive.STOP : told.directive();
  }

  /** Whether the next {@link #tell} would end the attempt. */
  boolean mustEnd() {
    return fenced
        || preemption != null
        || wanted.directive().mustEnd()
        || told.directive().mustEnd();
  }

  /** What the trainer was told last. */
  Order told() {
    return told;
  }

  /** What ends a trainer that was interrupted; null where nobody asked it to end. */
  @Nullable Order interruption() {
    return told.directive().mustEnd() ? told : preemption;
  }

  /** Number of the newest directive, from 0. */
  long number() {
    return number;
  }

  /** Number of the newest directive that says what follows at a milestone, from 0. */
  long answered() {
    return answered;
  }

  long milestone() {
    return milestone;
  }

  /** Whether a checkpoint is wanted as soon as it can be written. */
  boolean awaitsCheckpoint() {
    return draining || afterCheckpoint != null;
  }

  boolean isFenced() {
    return fenced;
  }
}
