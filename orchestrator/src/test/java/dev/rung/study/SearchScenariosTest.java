package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.rung.study.StudyEvent.SpaceExhausted;
import dev.rung.study.StudyEvent.StudyEnded;
import dev.rung.study.StudyEvent.SuggestionAsked;
import dev.rung.study.StudyEvent.TrialSuggested;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a study does with the answers of its searcher. */
class SearchScenariosTest {
  private final StudyFixture study = new StudyFixture();

  @Test
  void shouldEndWithTheRestWhenNoAssignmentIsLeft() {
    study.start(Plans.plan().levels(9, 9, 3).trials(50));
    study.suggesting = false;
    AttemptRef first = study.grant();
    AttemptRef second = study.grant();
    List<Integer> open = List.copyOf(study.state.asked().keySet());
    assertThat(open).isNotEmpty();

    study.send(new StudyCommand.Exhaust(open.get(0)));

    assertThat(study.state.asked()).isEmpty();
    assertThat(study.last(SpaceExhausted.class).trial()).isEqualTo(open.get(0));
    int asks = study.all(SuggestionAsked.class).size();
    end(first);
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
    end(second);
    while (study.state.status() == StudyStatus.RUNNING) {
      end(study.grant());
    }
    assertThat(study.all(SuggestionAsked.class)).hasSize(asks);
    assertThat(study.last(StudyEnded.class).reason()).isEqualTo(EndReason.EXHAUSTED);
    assertThat(study.state.reason()).isEqualTo("every assignment of the space has run");
  }

  @Test
  void shouldTakeThatNothingIsLeftOnce() {
    study.suggesting = false;
    study.start(Plans.plan().trials(50));
    study.send(new StudyCommand.Suggest(1, StudyFixture.assignment(1), "grid"));
    StudyCommand none = new StudyCommand.Exhaust(2);
    study.send(none);
    study.again(none);
    // An answer that comes after is one that nobody waits for.
    study.again(new StudyCommand.Suggest(2, StudyFixture.assignment(2), "grid"));
  }

  /** Asks for trials of lower numbers stand: theirs may be the last assignments. */
  @Test
  void shouldStillTakeAnswersForTrialsBefore() {
    study.suggesting = false;
    study.start(Plans.plan().trials(50));
    study.send(new StudyCommand.Exhaust(2));
    assertThat(study.state.asked()).containsOnlyKeys(1);
    study.send(new StudyCommand.Suggest(1, StudyFixture.assignment(1), "grid"));
    assertThat(study.state.suggested()).containsOnlyKeys(1);
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
  }

  @Test
  void shouldBeginWithWhatIsEnqueuedAndCountIt() {
    study.suggesting = false;
    study.startWith(
        Plans.plan()
            .trials(3)
            .build()
            .beginningWith(List.of(StudyFixture.assignment(70), StudyFixture.assignment(80))));
    assertThat(study.all(TrialSuggested.class))
        .extracting(TrialSuggested::trial, TrialSuggested::source)
        .containsExactly(tuple(1, "enqueued"), tuple(2, "enqueued"));
    AttemptRef first = study.grant();
    assertThat(study.trial(first.trial()).assignment()).isEqualTo(StudyFixture.assignment(70));
    AttemptRef second = study.grant();
    assertThat(study.trial(second.trial()).assignment()).isEqualTo(StudyFixture.assignment(80));
    // One is left of the budget of three.
    assertThat(study.all(SuggestionAsked.class))
        .extracting(SuggestionAsked::trial)
        .containsExactly(3);
  }

  private void end(AttemptRef attempt) {
    study.report(attempt, 9, 0.5);
    study.end(attempt, Cause.COMPLETED);
  }
}
