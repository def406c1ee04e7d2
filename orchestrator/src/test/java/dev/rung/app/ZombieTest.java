package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Directive;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.GetTrialRequest;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyState;
import dev.rung.proto.v1.Trial;
import dev.rung.storage.StoredStudies;
import dev.rung.study.StudyEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node comes back to a trial that was given to another meanwhile. */
@Timeout(120)
class ZombieTest {
  private static final String STUDY =
      """
      name: zombie
      metric: {name: score, goal: maximize}
      resource: {unit: step, max: 9}
      budget: {trials: 1}
      algorithm: {halving: asha, eta: 3, seed: 1}
      space:
        x: {min: 0.0, max: 1.0}
      trainer: {kind: scripted}
      """;

  @TempDir Path folder;

  private static Directive awaitDirective(RawNode node, AttemptRef attempt) throws Exception {
    return node.await(m -> m.hasDirective() && m.getDirective().getAttempt().equals(attempt))
        .getDirective();
  }

  @Test
  void shouldKeepWhatAZombieSaysAsLateAndTellItToEndEveryTime() throws Exception {
    String id;
    AttemptRef first;
    Entry[] late = {
      RawNode.point(1, 0.99), RawNode.point(3, 0.98), RawNode.ended(Cause.CAUSE_COMPLETED)
    };
    List<Long> millis = new ArrayList<>();
    try (RunningServer server =
        new RunningServer(folder.resolve("data"), 0, Duration.ofMillis(300))) {
      Study study = server.create(STUDY);
      id = study.getId();
      RawNode zombie = new RawNode(server.channel).say(RawNode.hello("zombie"));
      first = zombie.awaitRun().getAttempt();
      zombie.leave();
      RawNode other = new RawNode(server.channel).say(RawNode.hello("other"));
      Run second = other.awaitRun();
      assertThat(second.getAttempt()).isEqualTo(first.toBuilder().setAttempt(2).build());

      zombie =
          new RawNode(server.channel)
              .say(RawNode.hello("zombie").setConnection(2).setSlots(0).addAttempts(first));
      assertThat(awaitDirective(zombie, first).hasFenced()).isTrue();
      for (int i = 0; i < late.length; i++) {
        long sent = System.nanoTime();
        zombie.say(first, i + 1, late[i]);
        Directive directive = awaitDirective(zombie, first);
        millis.add((System.nanoTime() - sent) / 1_000_000);
        assertThat(directive.hasFenced()).isTrue();
        assertThat(directive.getReason()).isEqualTo("the attempt is over");
      }
      other.say(second.getAttempt(), 1, RawNode.point(1, 0.1));
      assertThat(awaitDirective(other, second.getAttempt()).hasPause()).isTrue();
      other.say(second.getAttempt(), 2, RawNode.ended(Cause.CAUSE_PAUSED));
      Study ended = server.await(id, s -> s.getState() == StudyState.STUDY_STATE_ENDED);

      assertThat(ended.getBest().getMetricsMap()).isEqualTo(Map.of("score", 0.1));
      assertThat(ended.getRungs(0).getEntered()).isEqualTo(1);
      assertThat(ended.getRungs(1).getEntered()).isZero();
      Trial trial =
          server
              .studies()
              .getTrial(GetTrialRequest.newBuilder().setStudy(id).setTrial(1).build())
              .getTrial();
      assertThat(trial.getBest()).isEqualTo(0.1);
      assertThat(trial.getStep()).isEqualTo(1);
      assertThat(trial.getAttempts(0).getCause()).isEqualTo(Cause.CAUSE_LOST);
      zombie.leave();
      other.leave();
    }
    // One slow answer may be the machine's; the middle one is the server's.
    assertThat(millis.stream().sorted().toList().get(1)).isLessThan(1_000L);
    try (StoredStudies stored = new StoredStudies(folder.resolve("data"))) {
      List<dev.rung.study.Entry> kept = new ArrayList<>();
      for (StudyEvent event : stored.events(id)) {
        if (event instanceof StudyEvent.LateEntriesRecorded e) {
          assertThat(e.attempt()).isEqualTo(new dev.rung.study.AttemptRef(1, 1));
          assertThat(e.firstSeq()).isEqualTo(kept.size() + 1L);
          kept.addAll(e.entries());
        }
      }
      assertThat(kept).hasSize(late.length);
      assertThat(kept.get(0))
          .isInstanceOfSatisfying(
              dev.rung.study.Entry.Point.class,
              point -> assertThat(point.metrics()).isEqualTo(Map.of("score", 0.99)));
      // Kept under the attempt that said it; nothing of the trial comes from it.
      assertThat(stored.curve(id, 1, 1)).isEqualTo(kept);
      assertThat(stored.curve(id, 1, 2)).hasSize(2);
    }
  }
}
