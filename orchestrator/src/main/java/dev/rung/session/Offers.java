package dev.rung.session;

import dev.rung.fleet.Dispatcher;
import dev.rung.fleet.Matcher.Offer;
import dev.rung.fleet.NodeInfo;
import dev.rung.fleet.ToFleetSession;
import dev.rung.proto.v1.GpuReading;
import dev.rung.proto.v1.Hello;
import dev.rung.study.Entry;
import dev.rung.study.Slot;
import dev.rung.study.ToSession;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;

/** What a session tells the dispatcher of its node: that it is there, and which slots are free. */
final class Offers {
  private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(1);
  private static final Duration LONGEST_BACK_OFF = Duration.ofSeconds(60);

  private final Hello hello;
  private final String epoch;
  private final Set<String> kinds;
  private final Slots slots;
  private final Paces paces = new Paces();
  private final GpuReadings gpus = new GpuReadings();
  private final ActorRef<Dispatcher.Command> dispatcher;
  private final ActorRef<ToFleetSession> fleetSession;
  private final ActorRef<ToSession> studySession;
  private final LongSupplier nanoTime;
  private boolean draining;
  private long backOff = FIRST_BACK_OFF.toNanos();
  private long nextOffer;

  Offers(
      Hello hello,
      String epoch,
      Duration offerTimeout,
      ActorRef<Dispatcher.Command> dispatcher,
      ActorRef<ToFleetSession> fleetSession,
      ActorRef<ToSession> studySession,
      LongSupplier nanoTime) {
    this.hello = hello;
    this.epoch = epoch;
    this.kinds = new HashSet<>(hello.getKindsList());
    this.slots =
        new Slots(hello.getNode(), hello.getIncarnation(), epoch, hello.getSlots(), offerTimeout);
    this.dispatcher = dispatcher;
    this.fleetSession = fleetSession;
    this.studySession = studySession;
    this.nanoTime = nanoTime;
    this.nextOffer = nanoTime.getAsLong();
  }

  /** Says that the node is there. */
  void register() {
    NodeInfo node =
        new NodeInfo(
            hello.getNode(),
            hello.getSlots(),
            slots.busy(),
            hello.getKindsList(),
            hello.getPool(),
            hello.getLabelsMap(),
            hello.getSlotHourPrice(),
            draining,
            hello.getPid(),
            hello.getSoftware(),
            gpus.at(nanoTime.getAsLong()));
    dispatcher.tell(
        new Dispatcher.Register(
            node,
            hello.getIncarnation(),
            hello.getConnection(),
            epoch,
            slots.heldByStudy(),
            paces.byStudy(),
            fleetSession,
            studySession));
  }

  /** What the node's GPUs do, which is said with the next {@link #sayAgain}. */
  void read(List<GpuReading> readings) {
    gpus.take(readings, nanoTime.getAsLong());
  }

  /** Offers every free slot that is not offered yet. */
  void offer() {
    long now = nanoTime.getAsLong();
    if (!draining && now - nextOffer >= 0) {
      slots.offer(now).forEach(this::tell);
    }
  }

  /** Says everything again, since the dispatcher may be another one by now. */
  void sayAgain() {
    slots.withdrawOverdue(nanoTime.getAsLong()).forEach(this::withdraw);
    register();
    slots.open().forEach(this::tell);
    offer();
  }

  /** Nothing more is offered. */
  void drain() {
    draining = true;
    for (Slot slot : slots.open()) {
      slots.close(slot);
      withdraw(slot);
    }
    register();
  }

  /** The study that an offer went to has no use for it. */
  void declined(Slot slot) {
    slots.close(slot);
    offer();
  }

  /** Gives an attempt that already runs its slots, before the node is registered. */
  void hold(AttemptKey key, int count) {
    slots.hold(key, count);
  }

  boolean holds(AttemptKey key) {
    return slots.holds(key);
  }

  /** Takes open offers for an attempt, which needs so many; false: too few are open. */
  boolean take(AttemptKey key, Slot leased, int count) {
    var taken = slots.take(key, leased, count);
    if (taken.isEmpty()) {
      return false;
    }
    taken.forEach(this::withdraw);
    tellHeld(key.study());
    return true;
  }

  /** An attempt is over: its slot is free. */
  void free(AttemptKey key) {
    slots.free(key);
    paces.forget(key);
    tellHeld(key.study());
    offer();
  }

  /**
   * The node gave an attempt back. It costs the trial no retry, so a node that goes on like that
   * would keep its study busy for nothing: the next offer waits, each time longer.
   */
  void givenBack(AttemptKey key) {
    slots.free(key);
    paces.forget(key);
    tellHeld(key.study());
    nextOffer = nanoTime.getAsLong() + backOff;
    backOff = Math.min(2 * backOff, LONGEST_BACK_OFF.toNanos());
  }

  /** An attempt has sent entries. */
  void trained(AttemptKey key, List<Entry> entries) {
    paces.take(key, entries, nanoTime.getAsLong(), slots.of(key));
  }

  /** The node does its work. */
  void works() {
    backOff = FIRST_BACK_OFF.toNanos();
  }

  private void withdraw(Slot slot) {
    dispatcher.tell(new Dispatcher.Withdrawn(slot));
  }

  private void tellHeld(String study) {
    int count = slots.heldByStudy().getOrDefault(study, 0);
    dispatcher.tell(new Dispatcher.Holds(hello.getNode(), epoch, study, count));
  }

  private void tell(Slot slot) {
    dispatcher.tell(
        new Dispatcher.Offered(
            new Offer(
                slot,
                kinds,
                hello.getPool(),
                hello.getLabelsMap(),
                hello.getSlots(),
                hello.getSlotHourPrice())));
  }
}
