package dev.rung.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.fleet.Dispatcher.FromStudy;
import dev.rung.fleet.Dispatcher.Offered;
import dev.rung.fleet.Dispatcher.Register;
import dev.rung.fleet.Matcher.Offer;
import dev.rung.study.Slot;
import dev.rung.study.SlotGroup;
import dev.rung.study.SlotRequest;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyGateways;
import dev.rung.study.ToDispatcher.Demand;
import dev.rung.study.ToSession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A study whose only trial was trained last on a node that has no slot free. */
class PreferredNodeTest {
  private static final ActorTestKit KIT = ActorTestKit.create(ManualTime.config());
  private static final Duration QUIET = Duration.ofMillis(100);

  private final ManualTime time = ManualTime.get(KIT.system());
  private final TestProbe<StudyGateways.Command> gateways = KIT.createTestProbe();
  private final AtomicLong nanos = new AtomicLong();
  private final ActorRef<Dispatcher.Command> dispatcher =
      KIT.spawn(Dispatcher.create(gateways.ref(), nanos::get));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private void register(String node, boolean draining) {
    dispatcher.tell(
        new Register(
            new NodeInfo(node, 1, 0, List.of("k"), "", Map.of(), 0, draining, 0, "test"),
            1,
            1,
            "epoch of " + node,
            Map.of(),
            Map.of(),
            KIT.<ToFleetSession>createTestProbe().ref(),
            KIT.<ToSession>createTestProbe().ref()));
  }

  private void offer(String node) {
    Slot slot = new Slot(node, 1, "epoch of " + node, 1);
    dispatcher.tell(new Offered(new Offer(slot, Set.of("k"), "")));
  }

  private void demand(Set<String> excluded) {
    List<SlotGroup> groups = List.of(SlotGroup.preferring(SlotRequest.PLAIN, "home", 1));
    dispatcher.tell(
        new FromStudy(new Demand("a", "k", groups, 0, 0, 1, true, 0, 1, excluded, Set.of())));
  }

  private void listened() {
    time.timePasses(Duration.ofSeconds(3));
  }

  private String grantedOn() {
    StudyGateways.Submit submit = (StudyGateways.Submit) gateways.receiveMessage();
    return ((StudyCommand.Grant) submit.command()).slot().node();
  }

  /** The dispatcher tells the study of the slot that it leaves free. */
  private void expectNoGrant() {
    StudyGateways.Submit submit = (StudyGateways.Submit) gateways.receiveMessage();
    assertThat(submit.command()).isEqualTo(new StudyCommand.Foresee(1));
    gateways.expectNoMessage(QUIET);
  }

  @Test
  void shouldWaitForItForAFewSeconds() {
    register("home", false);
    register("away", false);
    demand(Set.of());
    listened();
    offer("away");
    expectNoGrant();
    nanos.addAndGet(Dispatcher.LINGER.toNanos());
    // Nothing happens but that time passes.
    time.timePasses(Duration.ofSeconds(1));
    assertThat(grantedOn()).isEqualTo("away");
  }

  @Test
  void shouldHaveItWhereItIsFreeAgain() {
    register("home", false);
    register("away", false);
    demand(Set.of());
    listened();
    offer("away");
    expectNoGrant();
    offer("home");
    assertThat(grantedOn()).isEqualTo("home");
  }

  @Test
  void shouldNotWaitForANodeThatIsNotThere() {
    register("away", false);
    demand(Set.of());
    listened();
    offer("away");
    assertThat(grantedOn()).isEqualTo("away");
  }

  @Test
  void shouldNotWaitForANodeThatDrains() {
    register("home", true);
    register("away", false);
    demand(Set.of());
    listened();
    offer("away");
    assertThat(grantedOn()).isEqualTo("away");
  }

  @Test
  void shouldNotWaitForANodeThatTheStudyExcludes() {
    register("home", false);
    register("away", false);
    demand(Set.of("home"));
    listened();
    offer("away");
    assertThat(grantedOn()).isEqualTo("away");
  }
}
