package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.proto.v1.ControlStudyRequest;
import dev.rung.proto.v1.ExplainTrialRequest;
import dev.rung.proto.v1.ListTrialsRequest;
import dev.rung.proto.v1.Rung;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyAction;
import dev.rung.proto.v1.StudyState;
import dev.rung.proto.v1.Trial;
import dev.rung.proto.v1.Verdict;
import dev.rung.storage.StorageException;
import dev.rung.trainer.TrainerNode;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole server with real nodes of the SDK, on loopback. */
class ServerTest {
  private static final String STUDY =
      """
      name: scripted
      metric: {name: score, goal: maximize}
      resource: {unit: step, max: 27}
      budget: {trials: %d}
      algorithm: {halving: asha, eta: 3, seed: 7}
      space:
        x: {min: 0.0, max: 1.0}
        y: {min: 1.0e-4, max: 1.0, log: true}
      trainer: {kind: scripted, config: {curve: power, step_seconds: %s}}
      """;

  @TempDir Path folder;

  private static List<Trial> trials(RunningServer server, String study) {
    return server
        .studies()
        .listTrials(ListTrialsRequest.newBuilder().setStudy(study).build())
        .getTrialsList();
  }

  private static boolean hasEnded(Study study) {
    return study.getState() == StudyState.STUDY_STATE_ENDED;
  }

  @Test
  void shouldSearchWithTwoNodesToTheEnd() throws Exception {
    try (RunningServer server =
        new RunningServer(folder.resolve("data"), 0, Duration.ofSeconds(60))) {
      server.node("one", 2);
      server.node("two", 2);
      Study study = server.create(STUDY.formatted(60, "0.0"));
      Study ended = server.await(study.getId(), ServerTest::hasEnded);

      assertThat(ended.getReason()).isEqualTo("every trial of the budget has run");
      assertThat(sum(ended.getTrialsMap().values())).isEqualTo(60);
      List<Rung> rungs = ended.getRungsList();
      assertThat(rungs).extracting(Rung::getResource).containsExactly(1L, 3L, 9L, 27L);
      // Every trial enters the first rung, and at least floor(n / eta) of each rung go on.
      assertThat(rungs.get(0).getEntered()).isEqualTo(60);
      for (int k = 0; k < 3; k++) {
        assertThat(rungs.get(k).getPromoted())
            .isGreaterThanOrEqualTo(rungs.get(k).getEntered() / 3);
        assertThat(rungs.get(k + 1).getEntered()).isEqualTo(rungs.get(k).getPromoted());
      }
      assertThat(ended.getResourceUsed()).isLessThan(ended.getResourceFull() / 2);

      List<Trial> trials = trials(server, study.getId());
      assertThat(trials).extracting(Trial::getNumber).hasSize(60).doesNotHaveDuplicates();
      Set<String> nodes = new HashSet<>();
      trials.forEach(t -> t.getAttemptsList().forEach(a -> nodes.add(a.getNode())));
      assertThat(nodes).containsExactlyInAnyOrder("one", "two");
      List<Verdict> why =
          server
              .studies()
              .explainTrial(
                  ExplainTrialRequest.newBuilder()
                      .setStudy(study.getId())
                      .setTrial(ended.getBest().getTrial())
                      .build())
              .getVerdictsList();
      assertThat(why).last().extracting(Verdict::getText).asString().contains("top rung 27");
    }
  }

  @Test
  void shouldGoOnWhereAStoppedServerLeftOff() throws Exception {
    Path data = folder.resolve("data");
    int port;
    String id;
    TrainerNode node;
    try (RunningServer server = new RunningServer(data, 0, Duration.ofSeconds(60))) {
      port = server.server.port();
      node = server.nodeThatOutlivesThis("one", 2);
      id = server.create(STUDY.formatted(20, "0.01")).getId();
      server.await(id, s -> s.getResourceUsed() > 10);
    }
    try (node;
        RunningServer server = new RunningServer(data, port, Duration.ofSeconds(60))) {
      Study ended = server.await(id, ServerTest::hasEnded);
      assertThat(sum(ended.getTrialsMap().values())).isEqualTo(20);
      // Nothing was lost on the way: every trial has one attempt a stay, and each ended.
      for (Trial trial : trials(server, id)) {
        assertThat(trial.getAttemptsList()).allSatisfy(a -> assertThat(a.hasEnded()).isTrue());
      }
    }
    // Read from tables alone, once more, by a server that no study wakes in.
    try (RunningServer server = new RunningServer(data, 0, Duration.ofSeconds(60))) {
      assertThat(server.show(id).getState()).isEqualTo(StudyState.STUDY_STATE_ENDED);
    }
  }

  @Test
  void shouldGiveATrialOfALostNodeToAnother() throws Exception {
    try (RunningServer server =
        new RunningServer(folder.resolve("data"), 0, Duration.ofMillis(300))) {
      String id = server.create(STUDY.formatted(4, "0.05")).getId();
      RawNode silent = new RawNode(server.channel).say(RawNode.hello("silent"));
      var lost = silent.awaitRun();
      silent.leave();
      server.node("other", 1);
      Study ended = server.await(id, ServerTest::hasEnded);
      assertThat(ended.getMovedTrials()).isEqualTo(1);
      long number =
          Long.parseLong(
              lost.getAttempt()
                  .getTrial()
                  .substring(lost.getAttempt().getTrial().indexOf('/') + 1));
      Trial trial = trials(server, id).get((int) number - 1);
      assertThat(trial.getAttempts(0).getNode()).isEqualTo("silent");
      assertThat(trial.getAttempts(0).getMessage()).startsWith("node silent was not heard of for");
      assertThat(trial.getAttempts(1).getNode()).isEqualTo("other");
    }
  }

  @Test
  void shouldPauseResumeAndCancel() throws Exception {
    try (RunningServer server =
        new RunningServer(folder.resolve("data"), 0, Duration.ofSeconds(60))) {
      server.node("one", 2);
      String id = server.create(STUDY.formatted(1_000, "0.01")).getId();
      server.await(id, s -> s.getTrialsOrDefault("paused", 0) > 2);
      control(server, id, StudyAction.STUDY_ACTION_PAUSE);
      Study paused = server.await(id, s -> s.getTrialsOrDefault("running", 0) == 0);
      assertThat(paused.getState()).isEqualTo(StudyState.STUDY_STATE_PAUSED);
      control(server, id, StudyAction.STUDY_ACTION_RESUME);
      server.await(id, s -> sum(s.getTrialsMap().values()) > sum(paused.getTrialsMap().values()));
      control(server, id, StudyAction.STUDY_ACTION_CANCEL);
      Study ended = server.await(id, ServerTest::hasEnded);
      assertThat(ended.getReason()).isEqualTo("it was cancelled");
      assertThat(ended.getTrialsMap().keySet()).isSubsetOf("stopped", "completed");
    }
  }

  @Test
  void shouldNameAPortInUseAndLeaveTheFolderFree() throws Exception {
    Path data = folder.resolve("data");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() ->
              Server.start(new ServerSettings(data, "127.0.0.1", port, Duration.ofSeconds(60))))
          .isInstanceOf(StorageException.class)
          .hasMessage("expected a free port at 127.0.0.1:" + port + ", but it is in use");
    }
    new RunningServer(data, 0, Duration.ofSeconds(60)).close();
  }

  private static void control(RunningServer server, String study, StudyAction action) {
    server
        .studies()
        .controlStudy(ControlStudyRequest.newBuilder().setStudy(study).setAction(action).build());
  }

  private static long sum(Collection<Long> counts) {
    return new ArrayList<>(counts).stream().mapToLong(Long::longValue).sum();
  }
}
