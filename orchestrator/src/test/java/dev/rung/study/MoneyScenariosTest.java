package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rung.study.StudyEvent.AttemptLeased;
import dev.rung.study.StudyEvent.StudyStopping;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Slots have prices, and a study that has spent its money ends. */
class MoneyScenariosTest {
  private static final long HOUR = 3_600_000;
  private static final Offset<Double> CENT = within(0.01);

  private final StudyFixture study = StudyFixture.create(Plans.plan().trials(9).money(10));
  private long offers;

  private AttemptRef grant(double hourPrice) {
    Slot slot = new Slot("n1", 1, "priced", ++offers);
    SlotOffer offer = new SlotOffer(1, Map.of(), hourPrice);
    StudyReply reply = study.send(new StudyCommand.Grant(slot, Missed.NOTHING, Optional.of(offer)));
    return ((StudyReply.Used) reply).attempt();
  }

  @Test
  void shouldCountWhatSlotsCostWhileTheyAreHeld() {
    AttemptRef first = grant(2.5);
    assertThat(study.last(AttemptLeased.class).hourPrice()).isEqualTo(OptionalDouble.of(2.5));
    study.now += HOUR;
    study.end(first, Cause.PREEMPTED);
    assertThat(study.state.money()).isCloseTo(2.5, CENT);

    grant(0);
    assertThat(study.last(AttemptLeased.class).hourPrice()).isEmpty();
    grant(1);
    study.now += 3 * HOUR;
    assertThat(Settling.spent(study.state, study.now)).isCloseTo(5.5, CENT);
    assertThat(study.state.money()).isCloseTo(2.5, CENT);
  }

  @Test
  void shouldEndOnceTheMoneyIsSpent() {
    grant(4);
    study.now += 2 * HOUR;
    study.send(new StudyCommand.Tick());
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
    study.now += HOUR / 2;
    study.send(new StudyCommand.Tick());
    assertThat(study.last(StudyStopping.class).reason()).isEqualTo(EndReason.MONEY);
    assertThat(StudySummary.of(study.state).money().orElseThrow()).isCloseTo(10, CENT);
  }

  @Test
  void shouldRememberPricesOfWhatRunsInASnapshot() {
    grant(4);
    StudyState restored = StudySnapshot.of(study.state).restore();
    assertThat(Settling.spent(restored, study.now + HOUR)).isCloseTo(4, CENT);
  }
}
