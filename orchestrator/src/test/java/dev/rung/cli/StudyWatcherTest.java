package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.api.Samples;
import dev.rung.api.TestServer;
import dev.rung.fleet.Prospect;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyState;
import dev.rung.study.StudyStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyWatcherTest {
  @TempDir Path folder;
  private final FakePace pace = new FakePace();
  private final Recorded progress = new Recorded();
  private TestServer server;
  private Client client;

  @BeforeEach
  void start() {
    server = TestServer.onLoopback(folder);
    client = Client.connect(server.address());
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  @Test
  void shouldFollowAStudyUntilItEnds() {
    server.reads.studies.add(Samples.row(Samples.fresh()));
    server.reads.trials.add(Samples.failed());
    server.studies.show(
        Samples.ID,
        Samples.fresh(),
        Samples.summary(StudyStatus.RUNNING, ""),
        Samples.summary(StudyStatus.ENDED, "done"));

    Study ended = watch(Optional.empty());

    assertThat(ended.getReason()).isEqualTo("done");
    assertThat(progress.shown)
        .containsExactly(
            "STUDY_STATE_RUNNING ",
            "STUDY_STATE_RUNNING trial 1 on trainer-1: user_error: no",
            "end STUDY_STATE_ENDED");
    assertThat(pace.nanos()).isEqualTo(Duration.ofSeconds(1).toNanos());
  }

  @Test
  void shouldTimeOutAfterTheGivenTime() {
    server.reads.studies.add(Samples.row(Samples.fresh()));
    server.studies.show(Samples.ID, Samples.fresh());

    assertThatThrownBy(() -> watch(Optional.of(Duration.ofSeconds(5))))
        .isInstanceOf(Failure.class)
        .hasMessage("timed out after 5s; the study goes on");
    assertThat(pace.nanos()).isEqualTo(Duration.ofSeconds(5).toNanos());
  }

  @Test
  void shouldSayOnceWhatNoNodeHas() {
    server.reads.studies.add(Samples.row(Samples.fresh()));
    server.studies.show(Samples.ID, Samples.fresh());
    server.fleet.prospect =
        new Prospect(Optional.of("needs a trainer of kind dl4j-image"), OptionalDouble.empty());

    assertThatThrownBy(() -> watch(Optional.of(Duration.ofSeconds(30))))
        .isInstanceOf(Failure.class);
    assertThat(progress.notes).containsExactly("waits: needs a trainer of kind dl4j-image");
  }

  @Test
  void shouldWaitForAServerThatComesBackInAMinuteAtMost() {
    server.reads.studies.add(Samples.row(Samples.fresh()));
    server.studies.show(Samples.ID, Samples.fresh());
    String address = server.address();
    pace.whileAsleep = server::close;

    assertThatThrownBy(() -> watch(Optional.empty()))
        .isInstanceOf(Failure.class)
        .hasMessageStartingWith("no Rung server at " + address);
    assertThat(progress.notes)
        .containsExactly("the server at " + address + " does not answer; trying again");
    assertThat(pace.nanos()).isEqualTo(Duration.ofMillis(60_500).toNanos());
  }

  @Test
  void shouldFailAtOnceWhereThereWasNoServer() {
    server.close();

    assertThatThrownBy(() -> watch(Optional.empty())).isInstanceOf(Failure.class);
    assertThat(pace.nanos()).isZero();
  }

  private Study watch(Optional<Duration> timeout) {
    return new StudyWatcher(client, progress, pace).untilEnded("digits", timeout, seen -> {});
  }

  /** Keeps what it is told. */
  private static final class Recorded implements Progress {
    final List<String> shown = new ArrayList<>();
    final List<String> notes = new ArrayList<>();

    @Override
    public void show(Study study, Rate rate, String problem) {
      shown.add(study.getState() + " " + problem);
    }

    @Override
    public void note(String line) {
      notes.add(line);
    }

    @Override
    public void end(Study study, Rate rate) {
      assertThat(study.getState()).isEqualTo(StudyState.STUDY_STATE_ENDED);
      shown.add("end " + study.getState());
    }
  }
}
