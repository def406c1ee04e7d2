package dev.rung.benchmarks;

import com.google.protobuf.ByteString;
import dev.rung.proto.v1.Ack;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Checkpoint;
import dev.rung.proto.v1.Directive;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Run;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One attempt on a node that trains nothing: its log, kept until it is acknowledged, and where it
 * stands. Used by one thread at a time.
 */
final class ScriptedAttempt {
  /** Steps from one checkpoint to the next, beside those at milestones. */
  private static final int CHECKPOINT_EVERY = 2;

  private static final ByteString DIGEST = ByteString.copyFrom(new byte[32]);

  /** Shape of the learning curves. */
  private static final double PACE = 20;

  private final Run run;
  private final double quality;
  private final Deque<Entry> kept = new ArrayDeque<>();
  private long step;
  private long milestone;
  private long acked;

  /** Entries of {@link #kept} that went out on the present stream. */
  private int sent;

  /** When it came to its milestone, in nanoseconds of the monotonic clock; empty: it trains. */
  private Optional<Long> waitsSince = Optional.empty();

  private boolean isToYield;
  private boolean isPreempted;
  private boolean ended;

  ScriptedAttempt(Run run) {
    this.run = run;
    this.step = run.getResume().getStep();
    this.milestone = run.getMilestone();
    this.quality = Math.floorMod(run.getSeed(), 1_000_003L) / 1_000_003.0;
  }

  AttemptRef ref() {
    return run.getAttempt();
  }

  /** Whether it is in its slot. */
  boolean isTraining() {
    return !ended;
  }

  /** Whether its log is complete and acknowledged. */
  boolean isDelivered() {
    return ended && kept.isEmpty();
  }

  /** How far its log is acknowledged. */
  long acked() {
    return acked;
  }

  /** Trains one step, unless it waits for a word. */
  void train() {
    if (ended) {
      return;
    }
    if (waitsSince.isPresent()) {
      long linger =
          TimeUnit.SECONDS.toNanos(run.getLinger().getSeconds()) + run.getLinger().getNanos();
      if (System.nanoTime() - waitsSince.get() > linger) {
        end(step < run.getMaxResource() ? Cause.CAUSE_PAUSED : Cause.CAUSE_COMPLETED);
      }
      return;
    }
    step++;
    boolean isAtMilestone = step == milestone || step == run.getMaxResource();
    boolean hasCheckpoint = isAtMilestone || step % CHECKPOINT_EVERY == 0;
    if (hasCheckpoint) {
      kept.add(checkpoint());
    }
    kept.add(WireNode.point(step, quality * (1 - Math.exp(-step / PACE))));
    if (isAtMilestone && (!run.getGoOn() || step == run.getMaxResource())) {
      waitsSince = Optional.of(System.nanoTime());
    } else if (hasCheckpoint && (isToYield || isPreempted)) {
      end(isPreempted ? Cause.CAUSE_PREEMPTED : Cause.CAUSE_PAUSED);
    }
  }

  private Entry checkpoint() {
    return Entry.newBuilder()
        .setCheckpoint(
            Checkpoint.newBuilder()
                .setStep(step)
                .setPlace(run.getCheckpointPrefix() + step + ".ckpt")
                .setBytes(1_000)
                .setDigest(DIGEST))
        .build();
  }

  /** Ends after its next checkpoint, since its node goes away. */
  void preempt() {
    isPreempted = true;
  }

  /** Ends its log, if it has no end yet. */
  void end(Cause cause) {
    if (!ended) {
      ended = true;
      kept.add(WireNode.ended(cause));
    }
  }

  void obey(Directive directive) {
    if (ended && !directive.hasFenced()) {
      return;
    }
    switch (directive.getDCase()) {
      case CONTINUE -> goOn(directive.getContinue().getMilestone());
      case PAUSE -> {
        if (directive.getPause().getAfterCheckpoint()) {
          isToYield = true;
        } else {
          end(Cause.CAUSE_PAUSED);
        }
      }
      case STOP -> end(Cause.CAUSE_STOPPED);
      case FENCED -> fence(directive.getFenced().getDeliver());
      case D_NOT_SET -> throw new IllegalStateException("expected an order in " + directive);
    }
  }

  private void goOn(long next) {
    milestone = next;
    if (waitsSince.isPresent() && next > step) {
      waitsSince = Optional.empty();
      // Its checkpoint at the milestone is as good as the next one.
      if (isPreempted) {
        end(Cause.CAUSE_PREEMPTED);
      }
    }
  }

  /** It is not valid any more. */
  void fence(boolean isToDeliver) {
    ended = true;
    if (!isToDeliver) {
      kept.clear();
      sent = 0;
    }
  }

  void acknowledged(Ack ack) {
    while (acked < ack.getAckedSeq() && !kept.isEmpty()) {
      kept.remove();
      sent = Math.max(0, sent - 1);
      acked++;
    }
    if (ack.getResend()) {
      sent = 0;
    }
  }

  /** A new stream: everything that is not acknowledged goes out again. */
  void rewind() {
    sent = 0;
  }

  /** What has not gone out yet; empty: nothing. */
  Optional<Entries.Builder> unsent() {
    if (sent == kept.size()) {
      return Optional.empty();
    }
    Entries.Builder entries = WireNode.entries(ref(), acked + sent + 1);
    Iterator<Entry> all = kept.iterator();
    for (int i = 0; all.hasNext(); i++) {
      Entry entry = all.next();
      if (i >= sent) {
        entries.addEntries(entry);
      }
    }
    sent = kept.size();
    return Optional.of(entries);
  }
}
