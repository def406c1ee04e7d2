package dev.rung.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.Commit;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProjectorsTest {
  @TempDir Path folder;

  @Test
  void shouldFollowTheJournalOverHintsStopsAndRestarts() {
    List<StudyEvent> events = RandomStudy.of(7).events();
    int half = events.size() / 2;
    try (TestServer server = new TestServer(folder)) {
      ReadSide readSide = new JdbcReadSide(server.database);
      ActorRef<Projectors.Command> projectors =
          server.kit.spawn(Projectors.create(server.database));

      server.persist("study-7", events.subList(0, half));
      projectors.tell(new Projectors.Hint("study-7"));
      await(server, readSide, half);

      server.kit.stop(projectors);
      server.persist("study-7", events.subList(half, events.size() - 1));
    }
    try (TestServer server = new TestServer(folder)) {
      ReadSide readSide = new JdbcReadSide(server.database);
      assertThat(readSide.projected("study-7")).isEqualTo(half);

      // At start it catches up without a hint.
      ActorRef<Projectors.Command> projectors =
          server.kit.spawn(Projectors.create(server.database));
      await(server, readSide, events.size() - 1);

      server.persist("study-7", events.subList(events.size() - 1, events.size()));
      projectors.tell(new Projectors.Hint("study-7"));
      await(server, readSide, events.size());
      assertThat(readSide.studies().get(0).status()).isEqualTo(StudyStatus.ENDED.name());
      assertThat(readSide.studies().get(0).summary()).isPresent();
    }
  }

  @Test
  void shouldGoOnAtOnceWhereThereIsMoreThanATransactionTakes() {
    // One page a transaction; by ticks alone the pages would take longer than the test waits.
    List<StudyEvent> events = new ArrayList<>(RandomStudy.of(7).events().subList(0, 1));
    for (long number = 2; number <= 6 * Journal.PAGE; number += 2) {
      events.add(new StudyEvent.StudyPaused(number, 0, "for a while"));
      events.add(new StudyEvent.StudyResumed(number + 1, 0));
    }
    try (TestServer server = new TestServer(folder)) {
      server.database.transaction(c -> {
        for (StudyEvent event : events) {
          Sql.update(
              c,
              "insert into event_journal (persistence_id, sequence_number, writer,"
                  + " write_timestamp, adapter_manifest, event_ser_id, event_ser_manifest,"
                  + " event_payload) values ('study|study-7', ?, '', 0, '', ?, 'commit', ?)",
              event.number(),
              StudyEventSerializer.ID,
              EventCodec.encode(Commit.of(event)));
        }
        return events;
      });
      ActorRef<Projector.Command> projector =
          server.kit.spawn(
              Projector.create(
                  server.database,
                  "study-7",
                  server.kit.<Projectors.Command>createTestProbe().ref(),
                  1));
      projector.tell(Projector.Command.HINT);
      await(server, new JdbcReadSide(server.database), events.size());
    }
  }

  @Test
  void shouldRunOnceMoreWhenItIsLetGo() {
    List<StudyEvent> events = RandomStudy.of(8).events();
    try (TestServer server = new TestServer(folder)) {
      ReadSide readSide = new JdbcReadSide(server.database);
      TestProbe<Projectors.Command> parent = server.kit.createTestProbe();
      ActorRef<Projector.Command> projector =
          server.kit.spawn(Projector.create(server.database, "study-8", parent.ref()));
      server.persist("study-8", events);
      projector.tell(Projector.Command.FINISH);
      parent.expectTerminated(projector, TestServer.PATIENCE);
      assertThat(readSide.projected("study-8")).isEqualTo(events.size());
    }
  }

  @Test
  void shouldDeleteOldSnapshotsWithItsTick() {
    List<StudyEvent> events = RandomStudy.of(4).events();
    try (TestServer server = new TestServer(folder)) {
      JournalTest.persistInParts(server, "study-4", events);
      assertThat(snapshots(server)).isGreaterThan(2);
      ActorRef<Projector.Command> projector =
          server.kit.spawn(
              Projector.create(
                  server.database,
                  "study-4",
                  server.kit.<Projectors.Command>createTestProbe().ref()));
      projector.tell(Projector.Command.TICK);
      server
          .kit
          .<Void>createTestProbe()
          .awaitAssert(
              TestServer.PATIENCE,
              () -> {
                assertThat(snapshots(server)).isEqualTo(2);
                return null;
              });
    }
  }

  private static int snapshots(TestServer server) {
    return server.database.transaction(
        c -> Sql.query(c, "select sequence_number from snapshot", row -> row.getLong(1)).size());
  }

  private static void await(TestServer server, ReadSide readSide, long event) {
    server
        .kit
        .<Void>createTestProbe()
        .awaitAssert(
            TestServer.PATIENCE,
            () -> {
              assertThat(readSide.projected("study-7")).isEqualTo(event);
              return null;
            });
  }
}
