package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.rung.study.StudyEntity.Batch;
import dev.rung.study.StudyEntity.BatchDone;
import dev.rung.study.StudyEntity.Item;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.persistence.testkit.PersistenceTestKitPlugin;
import org.apache.pekko.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import org.apache.pekko.persistence.testkit.javadsl.PersistenceTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A study's actor whose only trial has its checkpoint on the disk of a node that is busy. */
final class TiedStudyTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          "tied",
          PersistenceTestKitPlugin.getInstance()
              .config()
              .withFallback(PersistenceTestKitSnapshotPlugin.config())
              .withFallback(
                  ConfigFactory.parseResources("storage.conf").withOnlyPath("pekko.actor"))
              .withFallback(ConfigFactory.load()));

  /** Shorter than what a server must have stood still for. */
  private static final Duration TIED_FOR = Duration.ofSeconds(3);

  private static final int MOST_HEARD = 30;

  private final TestProbe<StudyGateways.Command> gateways = KIT.createTestProbe();
  private final TestProbe<ToDispatcher> dispatcher = KIT.createTestProbe();
  private final TestProbe<ToSession> ofN1 = KIT.createTestProbe();
  private final TestProbe<ToSession> ofN2 = KIT.createTestProbe();
  private final TestProbe<StudyEntity.BatchReply> done = KIT.createTestProbe();
  private final AtomicLong nanos = new AtomicLong();
  private final ActorRef<StudyEntity.Command> entity = spawn();
  private long batches;

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  private ActorRef<StudyEntity.Command> spawn() {
    return KIT.spawn(
        StudyEntity.create(
            "tied",
            KIT.<ClusterSharding.ShardCommand>createTestProbe().ref(),
            new StudyEntity.Wiring(
                gateways.ref(),
                dispatcher.ref(),
                KIT.<String>createTestProbe().ref(),
                Duration.ofMinutes(1),
                TIED_FOR,
                Duration.ofMinutes(1),
                Clock.fixed(Instant.ofEpochMilli(1_000), ZoneOffset.UTC),
                nanos::get,
                new CommitCount())));
  }

  private StudyReply send(TestProbe<ToSession> session, StudyCommand command) {
    entity.tell(new Batch(++batches, List.of(new Item(command, session.ref())), done.ref()));
    return ((BatchDone) done.receiveMessage()).replies().get(0);
  }

  private StudyReply grant(TestProbe<ToSession> session, String node, long offer) {
    return send(session, new StudyCommand.Grant(new Slot(node, 1, "epoch of " + node, offer)));
  }

  private void awaitDemand(Predicate<SlotGroup> only) {
    // The study says its demand again every few seconds, for ever.
    for (int heard = 0; heard < MOST_HEARD; heard++) {
      if (dispatcher.receiveMessage() instanceof ToDispatcher.Demand demand
          && !demand.groups().isEmpty()
          && demand.groups().stream().allMatch(only)) {
        return;
      }
    }
    throw new AssertionError("the study does not demand what it should");
  }

  private StudyCommand suggestion() {
    while (true) {
      if (gateways.receiveMessage() instanceof StudyGateways.Submit submit
          && submit.command() instanceof StudyCommand.Suggest suggest) {
        return suggest;
      }
    }
  }

  @Test
  void shouldLetATrialGoOnElsewhereOnceItHasWaitedTooLong() {
    send(ofN1, new StudyCommand.Create("tied", Plans.plan().trials(2).build(), "the file"));
    send(ofN1, suggestion());
    send(ofN1, suggestion());
    send(ofN1, new StudyCommand.Attach("n1", 1, "epoch of n1", List.of()));
    send(ofN2, new StudyCommand.Attach("n2", 1, "epoch of n2", List.of()));
    AttemptRef best = new AttemptRef(1, 1);
    grant(ofN2, "n2", 1);
    send(ofN2, new StudyCommand.Report(best, 1, List.of(StudyFixture.point(1, 0.1))));
    send(ofN2, new StudyCommand.Report(best, 2, List.of(new Entry.Ended(Cause.PAUSED, ""))));
    AttemptRef tied = new AttemptRef(2, 1);
    assertThat(grant(ofN1, "n1", 1)).isEqualTo(new StudyReply.Used(tied));
    String place = "file://n1/data/tied/2/1/0.ckpt";
    send(
        ofN1,
        new StudyCommand.Report(
            tied,
            1,
            List.of(
                new Entry.Saved(new Entry.Checkpoint(0, place, 1, "00")),
                new Entry.Ended(Cause.PREEMPTED, ""))));

    awaitDemand(SlotGroup::tied);
    assertThat(grant(ofN2, "n2", 2)).isEqualTo(StudyReply.Declined.THIS_SLOT);
    // Its next announcement, with which the wait begins.
    awaitDemand(SlotGroup::tied);
    nanos.addAndGet(TIED_FOR.toNanos());
    awaitDemand(SlotGroup::prefers);
    assertThat(grant(ofN2, "n2", 3)).isEqualTo(new StudyReply.Used(new AttemptRef(2, 2)));

    assertThat(lost().reason()).isEqualTo("node n1 had no free slot for too long");
    ToSession said = ofN1.receiveMessage();
    while (!(said instanceof ToSession.Drop)) {
      said = ofN1.receiveMessage();
    }
    assertThat(said).isEqualTo(new ToSession.Drop("tied", place));
    KIT.stop(entity);
  }

  private StudyEvent.CheckpointLost lost() {
    return PersistenceTestKit.create(KIT.system()).persistedInStorage("study|tied").stream()
        .flatMap(commit -> ((Commit) commit).events().stream())
        .filter(StudyEvent.CheckpointLost.class::isInstance)
        .map(StudyEvent.CheckpointLost.class::cast)
        .findFirst()
        .orElseThrow();
  }
}
