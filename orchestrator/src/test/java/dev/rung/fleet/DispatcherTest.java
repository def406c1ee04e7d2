package dev.rung.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.fleet.Dispatcher.FromStudy;
import dev.rung.fleet.Dispatcher.Offered;
import dev.rung.fleet.Dispatcher.Register;
import dev.rung.fleet.Dispatcher.Withdrawn;
import dev.rung.fleet.Matcher.Offer;
import dev.rung.study.AttemptRef;
import dev.rung.study.Missed;
import dev.rung.study.Slot;
import dev.rung.study.SlotGroup;
import dev.rung.study.SlotOffer;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyGateways;
import dev.rung.study.StudyGateways.Submit;
import dev.rung.study.StudyReply;
import dev.rung.study.ToDispatcher.Demand;
import dev.rung.study.ToSession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The dispatcher between sessions and studies that are probes. */
final class DispatcherTest {
  private static final ActorTestKit KIT = ActorTestKit.create("dispatcher", ManualTime.config());
  private static final Duration QUIET = Duration.ofMillis(50);

  private final ManualTime time = ManualTime.get(KIT.system());
  private final TestProbe<StudyGateways.Command> gateways = KIT.createTestProbe();
  private final TestProbe<StudyGateways.Command> foreseen = KIT.createTestProbe();
  private final AtomicLong nanos = new AtomicLong();
  private ActorRef<Dispatcher.Command> dispatcher;

  /** A session of node n, told apart by its connection number. */
  private final class Session {
    final TestProbe<ToFleetSession> fleet = KIT.createTestProbe();
    final TestProbe<ToSession> study = KIT.createTestProbe();
    final int connection;

    Session(int connection) {
      this.connection = connection;
    }

    Session register() {
      return register(1, Map.of());
    }

    Session register(int slots, Map<String, Integer> held) {
      dispatcher.tell(
          new Register(
              new NodeInfo("n", slots, 0, List.of("k"), "", Map.of(), 0, false, 0, "test"),
              1,
              connection,
              epoch(),
              held,
              Map.of(),
              fleet.ref(),
              study.ref()));
      return this;
    }

    Slot offer(long number) {
      Slot slot = new Slot("n", 1, epoch(), number);
      dispatcher.tell(new Offered(new Offer(slot, Set.of("k"), "")));
      return slot;
    }

    private String epoch() {
      return "epoch " + connection;
    }
  }

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  @BeforeEach
  void start() {
    ActorRef<StudyGateways.Command> apart =
        KIT.spawn(
            Behaviors.receiveMessage(message -> {
              boolean ahead =
                  message instanceof Submit submit
                      && submit.command() instanceof StudyCommand.Foresee;
              (ahead ? foreseen : gateways).ref().tell(message);
              return Behaviors.same();
            }));
    dispatcher = KIT.spawn(Dispatcher.create(apart, nanos::get));
  }

  @AfterEach
  void end() {
    KIT.stop(dispatcher);
  }

  private void listened() {
    time.timePasses(Duration.ofSeconds(3));
  }

  private void demand(String study, int count, long event, String... unheard) {
    dispatcher.tell(
        new FromStudy(
            demand(study, "k", count, 0, 0, event, true, 0, 1, Set.of(), Set.of(unheard))));
  }

  private static Demand demand(
      String study,
      String kind,
      int count,
      int more,
      int yields,
      long event,
      boolean active,
      int priority,
      int weight,
      Set<String> excluded,
      Set<String> unheard) {
    List<SlotGroup> groups = count == 0 ? List.of() : List.of(SlotGroup.anywhere(count));
    return new Demand(
        study, kind, groups, more, yields, event, active, priority, weight, excluded, unheard);
  }

  private Submit expectGrant(String study, Slot slot) {
    Submit submit = (Submit) gateways.receiveMessage();
    assertThat(submit.study()).isEqualTo(study);
    assertThat(submit.command())
        .isEqualTo(
            new StudyCommand.Grant(
                slot, Missed.NOTHING, Optional.of(new SlotOffer(1, Map.of(), 0))));
    return submit;
  }

  private static void answer(Submit grant, StudyReply reply) {
    grant.replyTo().tell(new ToSession.Answer(grant.study(), grant.command(), reply));
  }

  private static StudyReply used() {
    return new StudyReply.Used(new AttemptRef(1, 1));
  }

  @Test
  void shouldListenFirst() {
    Session session = new Session(1).register();
    Slot slot = session.offer(1);
    demand("a", 1, 1);
    gateways.expectNoMessage(QUIET);
    listened();
    assertThat(expectGrant("a", slot).session()).isEqualTo(session.study.ref());
  }

  @Test
  void shouldGrantNoMoreThanTheDemandUntilItIsAnswered() {
    listened();
    Session session = new Session(1).register();
    demand("a", 1, 1);
    Submit first = expectGrant("a", session.offer(1));
    Slot second = session.offer(2);
    gateways.expectNoMessage(QUIET);
    answer(first, used());
    expectGrant("a", second);
  }

  @Test
  void shouldTellAStudyOnceForEachEventHowManySlotsAreLeftForIt() {
    listened();
    Session session = new Session(1).register();
    Slot used = session.offer(1);
    session.offer(2);
    session.offer(3);
    dispatcher.tell(
        new FromStudy(demand("b", "another kind", 0, 0, 0, 9, true, 0, 1, Set.of(), Set.of())));
    dispatcher.tell(new FromStudy(demand("c", "k", 0, 0, 0, 9, true, 0, 1, Set.of("n"), Set.of())));
    demand("a", 1, 7);
    expectGrant("a", used);
    expectForeseen("a", 2);
    demand("a", 0, 7);
    foreseen.expectNoMessage(QUIET);
    demand("a", 0, 8);
    expectForeseen("a", 2);
  }

  private void expectForeseen(String study, int slots) {
    Submit submit = (Submit) foreseen.receiveMessage();
    assertThat(submit.study()).isEqualTo(study);
    assertThat(submit.command()).isEqualTo(new StudyCommand.Foresee(slots));
  }

  /** Study a holds both slots; b waits, and becomes as many as it could use. */
  @Test
  void shouldAskAStudyToGiveUpWhatAnotherHasMoreRightTo() {
    new Session(1).register(2, Map.of("a", 2));
    demand("a", 1, 1);
    dispatcher.tell(new FromStudy(demand("b", "k", 1, 5, 0, 1, true, 0, 1, Set.of(), Set.of())));
    listened();
    time.timePasses(Duration.ofSeconds(1));

    assertThat(((Submit) gateways.receiveMessage()).command())
        .isEqualTo(new StudyCommand.Yield(1, 0, "study b has less than its share"));

    // Once it knows, it is not told again, until it is too much.
    dispatcher.tell(new FromStudy(demand("a", "k", 1, 0, 1, 2, true, 0, 1, Set.of(), Set.of())));
    time.timePasses(Duration.ofSeconds(1));
    gateways.expectNoMessage(QUIET);
    demand("b", 0, 2);
    time.timePasses(Duration.ofSeconds(1));
    Submit taken = (Submit) gateways.receiveMessage();
    assertThat(taken.study()).isEqualTo("a");
    assertThat(taken.command()).isEqualTo(new StudyCommand.Yield(0, 0, ""));
  }

  @Test
  void shouldGiveADeclinedOfferBackAndWaitForANewerEvent() {
    listened();
    Session session = new Session(1).register();
    demand("a", 1, 7);
    assertThat(session.fleet.receiveMessage()).isEqualTo(new ToFleetSession.Introduce("a"));
    Slot slot = session.offer(1);
    answer(expectGrant("a", slot), new StudyReply.Declined(7));
    assertThat(session.fleet.receiveMessage()).isEqualTo(new ToFleetSession.Declined(slot));
    Slot again = session.offer(2);
    demand("a", 1, 7);
    gateways.expectNoMessage(QUIET);
    demand("a", 1, 8);
    expectGrant("a", again);
  }

  @Test
  void shouldNotGrantAWithdrawnOffer() {
    listened();
    Session session = new Session(1).register();
    dispatcher.tell(new Withdrawn(session.offer(1)));
    demand("a", 1, 1);
    gateways.expectNoMessage(QUIET);
  }

  @Test
  void shouldEndTheOlderSessionOfANodeAndForgetItsOffers() {
    listened();
    Session older = new Session(1).register();
    older.offer(1);
    Session newer = new Session(2).register();
    assertThat(older.fleet.receiveMessage()).isEqualTo(new ToFleetSession.Superseded());
    demand("a", 1, 1);
    gateways.expectNoMessage(QUIET);
    new Session(1).register().fleet.expectMessage(new ToFleetSession.Superseded());
    assertThat(newer.fleet.receiveMessage()).isEqualTo(new ToFleetSession.Introduce("a"));
    expectGrant("a", newer.offer(1));
  }

  /** Such an offer would take the demand of the only study and never bring an attempt. */
  @Test
  void shouldIgnoreALateOfferOfASessionThatWasReplaced() {
    listened();
    Session older = new Session(1).register();
    Session newer = new Session(2).register();
    older.offer(2);
    Slot valid = newer.offer(1);
    demand("a", 1, 1);
    expectGrant("a", valid);
  }

  @Test
  void shouldForgetTheOffersOfASessionThatEnded() {
    listened();
    Session session = new Session(1).register();
    session.offer(1);
    session.study.stop();
    TestProbe<List<RatedNode>> nodes = KIT.createTestProbe();
    nodes.awaitAssert(() -> {
      dispatcher.tell(new Dispatcher.ListNodes(nodes.ref()));
      assertThat(nodes.receiveMessage()).isEmpty();
      return null;
    });
    demand("a", 1, 1);
    gateways.expectNoMessage(QUIET);
  }

  @Test
  void shouldIntroduceANewStudyToEverySessionAndEveryStudyToANewSession() {
    Session session = new Session(1).register();
    demand("a", 0, 1);
    session.fleet.expectMessage(new ToFleetSession.Introduce("a"));
    demand("a", 0, 2);
    session.fleet.expectNoMessage(QUIET);
    Session newer = new Session(2).register();
    newer.fleet.expectMessage(new ToFleetSession.Introduce("a"));
  }

  /** A study whose actor was started anew does not know the sessions of its attempts any more. */
  @Test
  void shouldIntroduceAStudyAgainToTheNodesThatItDoesNotHear() {
    Session session = new Session(1).register();
    demand("a", 0, 1);
    session.fleet.expectMessage(new ToFleetSession.Introduce("a"));
    demand("a", 0, 1, "n", "elsewhere");
    session.fleet.expectMessage(new ToFleetSession.Introduce("a"));
  }

  @Test
  void shouldForgetSessionsAndStudiesThatAreSilent() {
    listened();
    Session session = new Session(1).register();
    session.offer(1);
    demand("silent", 0, 1);
    session.fleet.expectMessage(new ToFleetSession.Introduce("silent"));
    nanos.addAndGet(Duration.ofSeconds(16).toNanos());
    demand("a", 0, 1);
    session.fleet.expectMessage(new ToFleetSession.Introduce("a"));
    time.timePasses(Duration.ofSeconds(5));
    demand("a", 1, 2);
    gateways.expectNoMessage(QUIET);
    // It was only away for a while.
    session.register();
    session.fleet.expectMessage(new ToFleetSession.Introduce("a"));
    demand("silent", 0, 1);
    session.fleet.expectMessage(new ToFleetSession.Introduce("silent"));
    expectGrant("a", session.offer(1));
  }

  @Test
  void shouldIgnoreAnOlderDemand() {
    listened();
    Session session = new Session(1).register();
    demand("a", 0, 5);
    demand("a", 3, 4);
    session.offer(1);
    gateways.expectNoMessage(QUIET);
  }

  /** Study a holds one slot and could use three more, which one of kind j cannot be. */
  @Test
  void shouldCountSlotsByKind() {
    Session session = new Session(1).register(2, Map.of("a", 1));
    dispatcher.tell(new FromStudy(demand("a", "k", 0, 3, 0, 1, true, 0, 1, Set.of(), Set.of())));
    dispatcher.tell(new FromStudy(demand("b", "j", 2, 0, 0, 1, true, 0, 1, Set.of(), Set.of())));
    session.offer(1);
    listened();
    time.timePasses(Duration.ofSeconds(1));

    TestProbe<List<SlotCount>> answer = KIT.createTestProbe();
    dispatcher.tell(new Dispatcher.CountSlots(answer.ref()));

    assertThat(answer.receiveMessage())
        .containsExactly(new SlotCount("j", 2, 0, 0), new SlotCount("k", 4, 1, 1));
  }

  @Test
  void shouldTellANodeToDrainAndSayWhetherItIsThere() {
    Session session = new Session(1).register();
    TestProbe<Boolean> answer = KIT.createTestProbe();
    Optional<Duration> deadline = Optional.of(Duration.ofMinutes(2));
    dispatcher.tell(new Dispatcher.Drain("n", "spot notice", deadline, answer.ref()));
    session.fleet.expectMessage(new ToFleetSession.Drain("spot notice", deadline));
    answer.expectMessage(true);
    dispatcher.tell(new Dispatcher.Drain("m", "spot notice", deadline, answer.ref()));
    answer.expectMessage(false);
  }

  @Test
  void shouldForgetAStudyThatNeedsNothingMore() {
    Session session = new Session(1).register();
    demand("a", 0, 1);
    session.fleet.expectMessage(new ToFleetSession.Introduce("a"));
    dispatcher.tell(new FromStudy(demand("a", "k", 0, 0, 0, 2, false, 0, 1, Set.of(), Set.of())));
    demand("a", 0, 3);
    session.fleet.expectMessage(new ToFleetSession.Introduce("a"));
  }
}
