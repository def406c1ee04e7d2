package dev.rung.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.fleet.Dispatcher;
import dev.rung.proto.v1.Hello;
import dev.rung.study.AttemptRef;
import dev.rung.study.Slot;
import java.time.Duration;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

final class OffersTest {
  private static final ActorTestKit KIT = ActorTestKit.create("offers");
  private static final AttemptKey KEY = new AttemptKey("s", new AttemptRef(1, 1));

  private final TestProbe<Dispatcher.Command> dispatcher = KIT.createTestProbe();
  private long nanos;
  private final Offers offers =
      new Offers(
          Hello.newBuilder().setNode("n").setIncarnation(1).setSlots(1).addKinds("k").build(),
          "epoch",
          Duration.ofSeconds(10),
          dispatcher.ref(),
          KIT.<dev.rung.fleet.ToFleetSession>createTestProbe().ref(),
          KIT.<dev.rung.study.ToSession>createTestProbe().ref(),
          () -> nanos);

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private Slot expectOffer() {
    return dispatcher.expectMessageClass(Dispatcher.Offered.class).offer().slot();
  }

  private void expectNothing() {
    dispatcher.expectNoMessage(Duration.ofMillis(20));
  }

  private void pass(Duration duration) {
    nanos += duration.toNanos();
  }

  /** Gives the offered slot away. */
  private void take(Slot slot) {
    assertThat(offers.take(KEY, slot, 1)).isTrue();
    dispatcher.expectMessage(new Dispatcher.Withdrawn(slot));
    expectHolds(1);
  }

  private void expectHolds(int count) {
    dispatcher.expectMessage(new Dispatcher.Holds("n", "epoch", KEY.study(), count));
  }

  @Test
  void shouldWaitLongerWithEachAttemptThatTheNodeGivesBack() {
    offers.offer();
    // One second, then twice as long each time, and a minute at most.
    for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      take(expectOffer());
      offers.givenBack(KEY);
      expectHolds(0);
      pass(Duration.ofSeconds(seconds).minusNanos(1));
      offers.offer();
      expectNothing();
      pass(Duration.ofNanos(1));
      offers.offer();
    }
    take(expectOffer());
    offers.works();
    offers.givenBack(KEY);
    expectHolds(0);
    pass(Duration.ofSeconds(1));
    offers.offer();
    expectOffer();
  }

  @Test
  void shouldOfferAtOnceWhenAnAttemptIsOver() {
    offers.offer();
    take(expectOffer());
    offers.offer();
    expectNothing();
    offers.free(KEY);
    expectHolds(0);
    expectOffer();
  }

  @Test
  void shouldMakeAnOfferAnewThatBroughtNothingInTenSeconds() {
    offers.offer();
    Slot first = expectOffer();
    pass(Duration.ofSeconds(10).plusNanos(1));
    offers.sayAgain();
    dispatcher.expectMessage(new Dispatcher.Withdrawn(first));
    dispatcher.expectMessageClass(Dispatcher.Register.class);
    Slot second = expectOffer();
    assertThat(second.offer()).isGreaterThan(first.offer());
    assertThat(offers.take(KEY, first, 1)).isFalse();
  }

  @Test
  void shouldOfferNothingWhileItDrains() {
    offers.offer();
    Slot slot = expectOffer();
    offers.drain();
    dispatcher.expectMessage(new Dispatcher.Withdrawn(slot));
    assertThat(dispatcher.expectMessageClass(Dispatcher.Register.class).node().draining()).isTrue();
    offers.offer();
    expectNothing();
    assertThat(offers.take(KEY, slot, 1)).isFalse();
  }
}
