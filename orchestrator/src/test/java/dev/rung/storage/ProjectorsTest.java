package dev.rung.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.StudyEvent;
import dev.rung.study.StudyStatus;
import java.nio.file.Path;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProjectorsTest {
  @TempDir Path folder;

  @Test
  void shouldFollowTheJournalOverHintsStopsAndRestarts() {
    List<StudyEvent> events = SeededStudy.events(7);
    int half = events.size() / 2;
    try (TestServer server = new TestServer(folder)) {
      ReadSide readSide = new JdbcReadSide(server.database);
      ActorRef<Projectors.Command> projectors =
          server.kit.spawn(Projectors.create(server.database));

      server.persist("s7", events.subList(0, half));
      projectors.tell(new Projectors.Hint("s7"));
      await(server, readSide, half);

      server.kit.stop(projectors);
      server.persist("s7", events.subList(half, events.size() - 1));
    }
    try (TestServer server = new TestServer(folder)) {
      ReadSide readSide = new JdbcReadSide(server.database);
      assertThat(readSide.projected("s7")).isEqualTo(half);

      // At start it catches up without a hint.
      ActorRef<Projectors.Command> projectors =
          server.kit.spawn(Projectors.create(server.database));
      await(server, readSide, events.size() - 1);

      server.persist("s7", events.subList(events.size() - 1, events.size()));
      projectors.tell(new Projectors.Hint("s7"));
      await(server, readSide, events.size());
      assertThat(readSide.studies().get(0).status()).isEqualTo(StudyStatus.ENDED.name());
      assertThat(readSide.studies().get(0).summary()).isPresent();
    }
  }

  @Test
  void shouldRunOnceMoreWhenItIsLetGo() {
    List<StudyEvent> events = SeededStudy.events(8);
    try (TestServer server = new TestServer(folder)) {
      ReadSide readSide = new JdbcReadSide(server.database);
      TestProbe<Projectors.Command> parent = server.kit.createTestProbe();
      ActorRef<Projector.Command> projector =
          server.kit.spawn(Projector.create(server.database, "s8", parent.ref()));
      server.persist("s8", events);
      projector.tell(Projector.Command.FINISH);
      parent.expectTerminated(projector, TestServer.PATIENCE);
      assertThat(readSide.projected("s8")).isEqualTo(events.size());
    }
  }

  private static void await(TestServer server, ReadSide readSide, long event) {
    server
        .kit
        .<Void>createTestProbe()
        .awaitAssert(
            TestServer.PATIENCE,
            () -> {
              assertThat(readSide.projected("s7")).isEqualTo(event);
              return null;
            });
  }
}
