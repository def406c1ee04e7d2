package dev.rung.study;

import static dev.rung.study.StudyFixture.point;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a node says of attempts that another node has: to it there are none. */
class StrangerScenariosTest {
  private final StudyFixture study = StudyFixture.create(Plans.plan());
  private final AttemptRef attempt = study.grant("owner");
  private final Order none = Order.fenced("there is no such attempt");

  private StudyReply.Taken report(String node, AttemptRef ref, long seq) {
    return (StudyReply.Taken)
        study.send(new StudyCommand.Report(ref, seq, List.of(point(1, 0.5)), Optional.of(node)));
  }

  @Test
  void shouldTakeNoEntriesOfIt() {
    int before = study.events.size();
    assertThat(report("stranger", attempt, 1))
        .isEqualTo(new StudyReply.Taken(attempt, 0, false, Optional.of(none)));
    AttemptRef missing = new AttemptRef(7, 1);
    assertThat(report("stranger", missing, 1))
        .isEqualTo(new StudyReply.Taken(missing, 0, false, Optional.of(none)));
    assertThat(study.events).hasSize(before);
    assertThat(report("owner", attempt, 1).ackedSeq()).isEqualTo(1);
  }

  @Test
  void shouldNotLetItBeGivenBack() {
    assertThat(study.send(new StudyCommand.Release(attempt, "no room", Optional.of("stranger"))))
        .isEqualTo(new StudyReply.Done());
    assertThat(study.status(1)).isEqualTo(TrialStatus.RUNNING);
    study.send(new StudyCommand.Release(attempt, "no room", Optional.of("owner")));
    assertThat(study.status(1)).isEqualTo(TrialStatus.WAITING);
  }

  @Test
  void shouldConfirmNothingOfItToWhoeverNamesIt() {
    report("owner", attempt, 1);
    AttemptRef missing = new AttemptRef(7, 1);
    StudyReply.Attached attached =
        (StudyReply.Attached)
            study.send(new StudyCommand.Attach("stranger", 5, "s", List.of(attempt, missing)));
    assertThat(attached.acked()).isEmpty();
    assertThat(attached.orders()).containsOnlyKeys(attempt, missing).containsValue(none);
    assertThat(attached.orders().get(attempt)).isEqualTo(attached.orders().get(missing));
    assertThat(study.status(1)).isEqualTo(TrialStatus.RUNNING);
  }
}
