package dev.rung.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.StudyEvent;
import dev.rung.study.StudyState;
import dev.rung.study.StudySummary;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
  @TempDir Path folder;

  @Test
  void shouldRecoverAStudyWhenTheServerStartsAgain() {
    List<StudyEvent> events = SeededStudy.events(4);
    StudyState expected = new StudyState();
    events.forEach(expected::evolve);
    try (TestServer server = new TestServer(folder)) {
      server.persist("s4", events);
    }
    try (TestServer server = new TestServer(folder)) {
      assertThat(StudySummary.of(server.recover("s4"))).isEqualTo(StudySummary.of(expected));
    }
  }
}
