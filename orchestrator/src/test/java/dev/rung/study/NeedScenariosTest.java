package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.expr.Expressions;
import dev.rung.space.Parameter;
import dev.rung.study.Needs.Amount;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Trials that need more or less of a node. Trial k trains the whole number k. */
class NeedScenariosTest {
  private static final Parameter NUMBER = new Parameter.IntParameter("k", 1, 100, false, 1);
  private static final Slot SLOT = new Slot("n1", 1, "session", 1);

  /** Every second trial needs two slots, and all need a node with more memory than they have. */
  private static Needs needs() {
    Expressions formulas = Expressions.ofNumbers(List.of(NUMBER), List.of());
    return new Needs(
        new Amount(0, Optional.of(formulas.known("k % 2 == 0 ? 2 : 1"))),
        Map.of("gpu", "a100"),
        Map.of("memory_gb", new Amount(0, Optional.of(formulas.known("k * 8")))));
  }

  private final StudyFixture study =
      StudyFixture.create(Plans.plan().trials(6).levels(1, 9, 3).space(NUMBER).needs(needs()));

  private StudyReply grant(long offer, int slots, int memory) {
    SlotOffer with =
        new SlotOffer(slots, Map.of("gpu", "a100", "memory_gb", Integer.toString(memory)), 0);
    Slot slot = new Slot(SLOT.node(), SLOT.incarnation(), SLOT.session(), offer);
    return study.send(new StudyCommand.Grant(slot, Missed.NOTHING, Optional.of(with)));
  }

  private static SlotRequest request(int slots, double memory) {
    return new SlotRequest(slots, Map.of("gpu", "a100"), Map.of("memory_gb", memory));
  }

  @Test
  void shouldSayWhatEachTrialThatCouldBeginNeeds() {
    assertThat(StudyKernel.demand(study.state, Missed.NOTHING))
        .containsExactly(
            SlotGroup.anywhere(request(1, 8), 1), SlotGroup.anywhere(request(2, 16), 1));
  }

  @Test
  void shouldBeginTheFirstTrialThatASlotWillDoFor() {
    assertThat(grant(1, 1, 4)).as("too little memory").isInstanceOf(StudyReply.Declined.class);
    assertThat(grant(2, 2, 16)).isEqualTo(new StudyReply.Used(new AttemptRef(1, 1)));
    assertThat(grant(3, 1, 16))
        .as("trial 2 needs two slots, trial 3 more memory")
        .isInstanceOf(StudyReply.Declined.class);
    assertThat(grant(4, 2, 16)).isEqualTo(new StudyReply.Used(new AttemptRef(2, 1)));
    StudyEffect.Start start = java.util.Objects.requireNonNull(study.lastStart());
    assertThat(RunOrders.of(study.state, start).slots()).isEqualTo(2);
  }

  /** Whatever the others need, it is in a slot that will do for it. */
  @Test
  void shouldGoOnInPlaceThoughATrialThatWaitsNeedsMore() {
    grant(1, 4, 100);
    grant(2, 4, 100);
    AttemptRef first = new AttemptRef(1, 1);
    AttemptRef second = new AttemptRef(2, 1);
    AttemptRef third = ((StudyReply.Used) grant(3, 4, 100)).attempt();
    study.end(second, Cause.PREEMPTED);
    study.report(third, 1, 0.5);
    study.end(third, Cause.PAUSED);
    study.run(0.6);
    assertThat(study.report(first, 1, 0.1).kind()).isEqualTo(Order.Kind.CONTINUE);
  }
}
