package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.rung.halving.Score;
import dev.rung.study.StudyEntity.Batch;
import dev.rung.study.StudyEntity.BatchDone;
import dev.rung.study.StudyEntity.Item;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.EventSourcedBehaviorTestKit;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.apache.pekko.persistence.testkit.javadsl.SnapshotTestKit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The study's actor: what it writes is all that it is, and what it could not write is gone. */
final class StudyEntityTest {
  private static final Config CONFIG =
      PersistenceTestKitPlugin.getInstance()
          .config()
          .withFallback(PersistenceTestKitSnapshotPlugin.config())
          .withFallback(ConfigFactory.parseResources("storage.conf").withOnlyPath("pekko.actor"))
          .withFallback(ConfigFactory.load());

  private static final ActorTestKit KIT = ActorTestKit.create("entities", CONFIG);
  private static final Clock CLOCK = Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC);

  private final String study = UUID.randomUUID().toString();
  private final TestProbe<StudyGateways.Command> gateways = KIT.createTestProbe();
  private final TestProbe<ToDispatcher> dispatcher = KIT.createTestProbe();
  private final TestProbe<ClusterSharding.ShardCommand> shard = KIT.createTestProbe();
  private final TestProbe<ToSession> session = KIT.createTestProbe();
  private final TestProbe<StudyEntity.BatchReply> done = KIT.createTestProbe();
  private final PersistenceTestKit journal = PersistenceTestKit.create(KIT.system());
  private final AtomicLong nanos = new AtomicLong();
  private final CommitCount commits = new CommitCount();
  private long batches;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private StudyEntity.Wiring wiring(Duration lostAfter) {
    return new StudyEntity.Wiring(
        gateways.ref(),
        dispatcher.ref(),
        KIT.<String>createTestProbe().ref(),
        lostAfter,
        lostAfter,
        Duration.ofSeconds(60),
        CLOCK,
        nanos::get,
        commits);
  }

  private ActorRef<StudyEntity.Command> spawn(Duration lostAfter) {
    return KIT.spawn(StudyEntity.create(study, shard.ref(), wiring(lostAfter)));
  }

  private StudyCommand create(Plans plans) {
    return new StudyCommand.Create(study, plans.build(), "the file");
  }

  private Item item(StudyCommand command) {
    return new Item(command, session.ref());
  }

  private Batch batch(StudyCommand... commands) {
    return new Batch(++batches, Arrays.stream(commands).map(this::item).toList(), done.ref());
  }

  private List<StudyReply> send(ActorRef<StudyEntity.Command> entity, StudyCommand... commands) {
    entity.tell(batch(commands));
    return ((BatchDone) done.receiveMessage()).replies();
  }

  private StudyCommand.Suggest suggestion() {
    while (true) {
      if (gateways.receiveMessage() instanceof StudyGateways.Submit submit
          && submit.command() instanceof StudyCommand.Suggest suggest) {
        return suggest;
      }
    }
  }

  private static Slot slot(long offer) {
    return new Slot("n1", 1, "epoch", offer);
  }

  private static AttemptRef used(StudyReply reply) {
    assertThat(reply).isInstanceOf(StudyReply.Used.class);
    return ((StudyReply.Used) reply).attempt();
  }

  private List<StudyEvent> written() {
    return journal.persistedInStorage("study|" + study).stream()
        .flatMap(commit -> ((Commit) commit).events().stream())
        .toList();
  }

  private ToDispatcher.Demand demand(java.util.function.Predicate<ToDispatcher.Demand> wanted) {
    while (true) {
      if (dispatcher.receiveMessage() instanceof ToDispatcher.Demand demand
          && wanted.test(demand)) {
        return demand;
      }
    }
  }

  /** The kernel fails on a verdict about a trial that there is not. */
  @Test
  void shouldWriteNothingOfABatchWithACommandThatItCannotDecide() {
    ActorRef<StudyEntity.Command> entity = spawn(Duration.ofMinutes(1));
    send(entity, create(Plans.plan()));
    int written = journal.persistedInStorage("study|" + study).size();
    entity.tell(
        batch(
            new StudyCommand.Pause("by hand"),
            new StudyCommand.Judge(new AttemptRef(99, 1), 1, Score.of(0.5)),
            new StudyCommand.Tick()));
    assertThat(done.receiveMessage()).isEqualTo(new StudyEntity.BatchRefused(batches, 1));
    done.expectTerminated(entity);
    assertThat(journal.persistedInStorage("study|" + study)).hasSize(written);
    assertThat(send(spawn(Duration.ofMinutes(1)), new StudyCommand.Pause("by hand")))
        .containsExactly(new StudyReply.Done());
  }

  @Test
  void shouldBeTheSameAfterARestartWhereverItIsRestarted() {
    EventSourcedBehaviorTestKit<StudyEntity.Command, Commit, StudyState> kit =
        EventSourcedBehaviorTestKit.create(
            KIT.system(),
            StudyEntity.create(study, shard.ref(), wiring(Duration.ofSeconds(60))),
            new EventSourcedBehaviorTestKit.SerializationSettings(true, true, false, true, false));
    run(kit, create(Plans.plan().trials(4)));
    long offer = 0;
    int steps = 0;
    while (kit.getState().status() != StudyStatus.ENDED) {
      StudyState state = kit.getState();
      assertThat(++steps).as("steps to the end").isLessThan(200);
      if (!state.asked().isEmpty()) {
        run(kit, suggestion());
        continue;
      }
      AttemptRef attempt = used(run(kit, new StudyCommand.Grant(slot(++offer))));
      long milestone =
          StudyKernel.existing(kit.getState(), attempt.trial()).lastAttempt().milestone();
      double loss = attempt.trial();
      run(
          kit,
          new StudyCommand.Report(
              attempt,
              1,
              List.of(StudyFixture.saved(milestone), StudyFixture.point(milestone, loss))));
      run(
          kit,
          new StudyCommand.Report(
              attempt, 3, List.of(new Entry.Ended(Cause.PAUSED, "at the milestone"))));
    }
    // Four trials at rung 1, the best of them, the first, at rung 3 too (floor(4 / 3) = 1).
    assertThat(kit.getState().bracketOf(1).rungs())
        .extracting(r -> r.size())
        .containsExactly(4, 1, 0);
    assertThat(kit.getState().bracketOf(1).rungs().get(1).contains(1)).isTrue();
  }

  /** Sends a command in a batch of its own, then restarts and compares. */
  private StudyReply run(
      EventSourcedBehaviorTestKit<StudyEntity.Command, Commit, StudyState> kit,
      StudyCommand command) {
    var result =
        kit.<StudyEntity.BatchReply>runCommand(
            replyTo -> new Batch(++batches, List.of(new Item(command, session.ref())), replyTo));
    String before = States.describe(kit.getState());
    kit.restart();
    assertThat(States.describe(kit.getState())).as("after %s", command).isEqualTo(before);
    return ((BatchDone) result.reply()).replies().get(0);
  }

  @Test
  void shouldForgetWhatAFailedWriteWouldHaveMade() {
    failing(() -> journal.failNextPersisted("study|" + study));
  }

  @Test
  void shouldForgetWhatARejectedWriteWouldHaveMade() {
    failing(() -> journal.rejectNextPersisted("study|" + study));
  }

  private void failing(Runnable fault) {
    ActorRef<StudyEntity.Command> entity = spawn(Duration.ofSeconds(60));
    send(entity, create(Plans.plan().trials(4)));
    send(entity, suggestion());
    fault.run();
    Batch batch = batch(new StudyCommand.Grant(slot(1)));
    entity.tell(batch);
    done.expectTerminated(entity);
    session.expectNoMessage(Duration.ZERO);

    ActorRef<StudyEntity.Command> again = spawn(Duration.ofSeconds(60));
    TestProbe<Optional<StudySummary>> shown = KIT.createTestProbe();
    again.tell(new StudyEntity.Show(shown.ref()));
    assertThat(shown.receiveMessage().orElseThrow().trials().getOrDefault(TrialStatus.RUNNING, 0))
        .isZero();
    again.tell(batch);
    assertThat(done.receiveMessage())
        .isEqualTo(
            new BatchDone(batch.number(), List.of(new StudyReply.Used(new AttemptRef(1, 1)))));
    assertThat(session.receiveMessage()).isInstanceOf(ToSession.Start.class);
    assertThat(written()).filteredOn(StudyEvent.AttemptLeased.class::isInstance).hasSize(1);
    KIT.stop(again);
  }

  @Test
  void shouldGiveTheSameAnswersToARepeatedBatch() {
    ActorRef<StudyEntity.Command> entity = spawn(Duration.ofSeconds(60));
    send(entity, create(Plans.plan().trials(4)));
    send(entity, suggestion());
    Batch batch =
        batch(
            new StudyCommand.Grant(slot(1)),
            new StudyCommand.Report(new AttemptRef(1, 1), 1, List.of(StudyFixture.point(1, 0.5))));
    entity.tell(batch);
    StudyEntity.BatchReply first = done.receiveMessage();
    int written = journal.persistedInStorage("study|" + study).size();
    entity.tell(batch);
    assertThat(done.receiveMessage()).isEqualTo(first);
    assertThat(journal.persistedInStorage("study|" + study)).hasSize(written);
    KIT.stop(entity);
  }

  /** Nobody is answered while one is stored, so a busy study must not do that all the time. */
  @Test
  void shouldStoreASnapshotAfterManyEventsAndNoSoonerThanTenSecondsAfterTheLast() {
    SnapshotTestKit snapshots = SnapshotTestKit.create(KIT.system());
    String id = "study|" + study;
    ActorRef<StudyEntity.Command> entity = spawn(Duration.ofSeconds(60));
    send(entity, create(Plans.plan().trials(4)));
    send(entity, suggestion());
    AttemptRef attempt = used(send(entity, new StudyCommand.Grant(slot(1))).get(0));
    send(entity, points(attempt, 1, 1_900));
    assertThat(snapshots.persistedInStorage(id)).isEmpty();
    send(entity, points(attempt, 1_901, 2_000));
    send(entity, new StudyCommand.Tick());
    assertThat(snapshots.persistedInStorage(id)).hasSize(1);

    send(entity, points(attempt, 3_901, 4_000));
    send(entity, new StudyCommand.Tick());
    assertThat(snapshots.persistedInStorage(id)).hasSize(1);
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    send(entity, points(attempt, 7_901, 1));
    send(entity, new StudyCommand.Tick());
    assertThat(snapshots.persistedInStorage(id)).hasSize(2);
    KIT.stop(entity);
  }

  /**
   * Reports of one point each; the first one is at a milestone, where the trial is told to pause.
   */
  private static StudyCommand[] points(AttemptRef attempt, int first, int count) {
    return IntStream.range(first, first + count)
        .mapToObj(
            seq -> new StudyCommand.Report(attempt, seq, List.of(StudyFixture.point(seq, 0.5))))
        .toArray(StudyCommand[]::new);
  }

  @Test
  void shouldAskForTheSessionsOfItsAttemptsAfterARestart() {
    ActorRef<StudyEntity.Command> entity = spawn(Duration.ofSeconds(60));
    send(entity, create(Plans.plan().trials(4)));
    send(entity, suggestion(), new StudyCommand.Grant(slot(1)));
    KIT.stop(entity);
    dispatcher.receiveMessage();

    ActorRef<StudyEntity.Command> again = spawn(Duration.ofSeconds(60));
    demand(d -> d.unheard().contains("n1"));
    send(again, new StudyCommand.Attach("n1", 1, "epoch", List.of(new AttemptRef(1, 1))));
    demand(d -> d.event() > 0 && d.unheard().isEmpty());
    KIT.stop(again);
  }

  @Test
  void shouldLoseTheAttemptsOfANodeWhoseSessionEndedAndDidNotComeBack() {
    ActorRef<StudyEntity.Command> entity = spawn(Duration.ofMillis(50));
    send(entity, create(Plans.plan().trials(4)));
    send(entity, suggestion(), new StudyCommand.Grant(slot(1)));
    session.stop();
    assertThat(lost().attempt()).isEqualTo(new AttemptRef(1, 1));
    KIT.stop(entity);
  }

  private StudyCommand.Lose lost() {
    while (true) {
      if (gateways.receiveMessage() instanceof StudyGateways.Submit submit
          && submit.command() instanceof StudyCommand.Lose lose) {
        return lose;
      }
    }
  }

  /**
   * The message that lets the new session attach got lost, and all that came of it is a grant: what
   * the node ran before must not be taken for heard of.
   */
  @Test
  void shouldAskForASessionThatBroughtAGrantAloneUntilItAttaches() {
    ActorRef<StudyEntity.Command> entity = spawn(Duration.ofMinutes(1));
    send(entity, create(Plans.plan()));
    send(entity, suggestion(), suggestion());
    send(entity, new StudyCommand.Attach("n1", 1, "epoch", List.of()));
    used(send(entity, new StudyCommand.Grant(slot(1))).get(0));
    TestProbe<ToSession> next = KIT.createTestProbe();
    StudyCommand grant = new StudyCommand.Grant(new Slot("n1", 2, "another epoch", 1));
    entity.tell(new Batch(++batches, List.of(new Item(grant, next.ref())), done.ref()));
    done.receiveMessage();
    assertThat(demand(d -> !d.unheard().isEmpty()).unheard()).containsExactly("n1");
    StudyCommand attach = new StudyCommand.Attach("n1", 2, "another epoch", List.of());
    entity.tell(new Batch(++batches, List.of(new Item(attach, next.ref())), done.ref()));
    done.receiveMessage();
    demand(d -> d.unheard().isEmpty());
  }

  @Test
  void shouldAskForAnOpenSuggestionAgainAfterARestart() {
    ActorRef<StudyEntity.Command> entity = spawn(Duration.ofSeconds(60));
    send(entity, create(Plans.plan().trials(1)));
    StudyCommand.Suggest first = suggestion();
    KIT.stop(entity);
    ActorRef<StudyEntity.Command> again = spawn(Duration.ofSeconds(60));
    assertThat(suggestion()).isEqualTo(first);
    KIT.stop(again);
  }

  @Test
  void shouldAskToLeaveWhenItEndsUpEmptyOrIsRecoveredEnded() {
    ActorRef<StudyEntity.Command> entity = spawn(Duration.ofSeconds(60));
    send(entity, create(Plans.plan().trials(1)));
    send(entity, new StudyCommand.Stop(EndReason.CANCELLED, true));
    KIT.stop(entity);
    shard.expectNoMessage(Duration.ZERO);
    ActorRef<StudyEntity.Command> again = spawn(Duration.ofSeconds(60));
    assertThat(shard.receiveMessage()).isEqualTo(new ClusterSharding.Passivate<>(again));
    KIT.stop(again);
  }

  @Test
  void shouldWakeAStudyThatBeganWhileItsActorWasLeaving() {
    ActorRef<StudyEntity.Command> entity = spawn(Duration.ofSeconds(60));
    assertThat(send(entity, new StudyCommand.Tick()).get(0))
        .isInstanceOf(StudyReply.Rejected.class);
    assertThat(shard.receiveMessage(Duration.ofSeconds(20)))
        .isEqualTo(new ClusterSharding.Passivate<>(entity));
    send(entity, create(Plans.plan().trials(1)));
    suggestion();
    entity.tell(new StudyEntity.Leave());
    assertThat(submitted(gateways.receiveMessage())).isEqualTo(new StudyCommand.Tick());
    done.expectTerminated(entity);
  }

  private static @Nullable StudyCommand submitted(StudyGateways.Command command) {
    return command instanceof StudyGateways.Submit submit ? submit.command() : null;
  }
}
