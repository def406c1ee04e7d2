package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.StudyEvent.NodeExcluded;
import org.junit.jupiter.api.Test;

/** A node on which attempts fail, while they do not elsewhere. */
class ExcludingScenariosTest {
  private static final long TEN_MINUTES = 600_000;

  private final StudyFixture study = StudyFixture.create(Plans.plan());

  @Test
  void shouldExcludeANodeOnWhichAttemptsFailAndNotElsewhere() {
    works("good", 2);
    fails("bad", 3);
    assertThat(study.all(NodeExcluded.class)).isEmpty();
    fails("bad", 1);
    assertThat(study.last(NodeExcluded.class))
        .isEqualTo(
            new NodeExcluded(
                study.last(NodeExcluded.class).number(),
                1_000,
                "bad",
                1_000 + TEN_MINUTES,
                "4 of the last 4 attempts on node bad failed, elsewhere 0 of 2; the newest with:"
                    + " no device"));
  }

  @Test
  void shouldGiveNoTrialToAnExcludedNodeUntilTheTimeIsOver() {
    works("good", 2);
    fails("bad", 4);
    assertThat(study.send(new StudyCommand.Grant(study.slot("bad"))))
        .isEqualTo(new StudyReply.Declined(0));
    assertThat(study.send(new StudyCommand.Grant(study.slot("good"))))
        .isInstanceOf(StudyReply.Used.class);
    assertThat(Demands.of("s", study.state, study.now, java.util.Set.of()).excluded())
        .containsExactly("bad");
    study.now += TEN_MINUTES;
    assertThat(study.send(new StudyCommand.Grant(study.slot("bad"))))
        .isInstanceOf(StudyReply.Used.class);
    assertThat(Demands.of("s", study.state, study.now, java.util.Set.of()).excluded()).isEmpty();
  }

  /** One in two fails everywhere: it is the trainer's code, and for the breaker. */
  @Test
  void shouldExcludeNoNodeWhereAttemptsFailEverywhere() {
    for (int i = 0; i < 6; i++) {
      fails("a", 1);
      works("a", 1);
      fails("b", 1);
      works("b", 1);
    }
    assertThat(study.all(NodeExcluded.class)).isEmpty();
  }

  @Test
  void shouldExcludeNoNodeWhileNothingIsKnownOfOthers() {
    fails("only", 8);
    assertThat(study.all(NodeExcluded.class)).isEmpty();
  }

  /** That a node vanishes says nothing about what its trainer can do. */
  @Test
  void shouldNotCountLostAttempts() {
    works("good", 2);
    for (int i = 0; i < 5; i++) {
      study.send(new StudyCommand.Lose(study.grant("spot"), "silent"));
    }
    assertThat(study.all(NodeExcluded.class)).isEmpty();
  }

  /** Every hundredth trial in a row that cannot be trained: the space is wrong. */
  @Test
  void shouldPauseWhereNoTrialCanBeTrained() {
    for (int i = 0; i < 100; i++) {
      assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
      study.log(study.grant(), new Entry.Ended(Cause.INFEASIBLE, "too large"));
    }
    assertThat(study.state.status()).isEqualTo(StudyStatus.PAUSED);
    assertThat(study.state.reason())
        .isEqualTo("100 trials one after another cannot be trained, the newest with: too large");
    study.send(new StudyCommand.Resume());
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
  }

  private void works(String node, int count) {
    for (int i = 0; i < count; i++) {
      AttemptRef attempt = study.grant(node);
      study.report(attempt, study.trial(attempt.trial()).lastAttempt().milestone(), 0.5);
      study.end(attempt, Cause.PAUSED);
    }
  }

  private void fails(String node, int count) {
    for (int i = 0; i < count; i++) {
      study.log(study.grant(node), new Entry.Ended(Cause.USER_ERROR, "no device"));
    }
  }
}
