package dev.rung.study;

import static dev.rung.study.StudyFixture.point;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.space.Parameter.IntParameter;
import dev.rung.study.StudyReply.Held;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Loops that are their own trainers, as a study sees them. */
class LoopScenariosTest {
  private static final String LOOP = LoopNode.of("me");

  private final StudyFixture study =
      StudyFixture.create(Plans.plan().space(new IntParameter("width", 1, 100, false, 1)));

  private List<Held> held(String node) {
    return ((StudyReply.Recalled) study.send(new StudyCommand.Recall(node))).attempts();
  }

  @Test
  void shouldTellALoopWhichAttemptsItHasAndWhereTheyStand() {
    study.grant("n1");
    AttemptRef own = study.grant(LOOP);
    assertThat(held(LOOP)).extracting(Held::attempt).containsExactly(own);
    assertThat(held(LOOP).getFirst().ackedSeq()).isZero();
    assertThat(held(LoopNode.of("other"))).isEmpty();

    long milestone = study.trial(own.trial()).lastAttempt().milestone();
    Entry.Checkpoint saved = new Entry.Checkpoint(milestone, "file:///c/1", 1, "00");
    study.log(own, new Entry.Saved(saved));
    Order order = study.log(own, point(milestone, 0.5));
    Held now = held(LOOP).getFirst();
    assertThat(now.ackedSeq()).isEqualTo(2);
    assertThat(now.order()).isEqualTo(Optional.of(order));
    study.end(own, Cause.PAUSED);
    assertThat(held(LOOP)).isEmpty();
  }

  @Test
  void shouldNotAskALoopForASlotThatNobodyElseCouldHave() {
    AttemptRef loops = study.grant(LOOP);
    AttemptRef nodes = study.grant("n1");
    study.effects.clear();
    study.send(new StudyCommand.Yield(2, 2, "others wait"));
    assertThat(study.state.toYield()).isEqualTo(1);
    assertThat(study.effects)
        .filteredOn(StudyEffect.Tell.class::isInstance)
        .extracting(effect -> ((StudyEffect.Tell) effect).attempt())
        .containsExactly(nodes);
    assertThat(study.trial(loops.trial()).lastAttempt().order()).isNull();
  }
}
