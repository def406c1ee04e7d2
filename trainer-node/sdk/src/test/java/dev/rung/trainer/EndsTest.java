package dev.rung.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Ended;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EndsTest {
  private static final Orders.Order PREEMPTED =
      new Orders.Order(Directive.STOP, Cause.CAUSE_PREEMPTED, "drain");

  @Test
  void shouldCutTheMessageAtAWholeCharacterWhenItIsTooLong() {
    // Three bytes each in UTF-8: 2,730 of them are 8,190 bytes, and one more would be 8,193.
    Ended ended = Ends.notBegun(new IllegalArgumentException("\u20ac".repeat(5_000)));
    assertThat(ended.getMessage()).isEqualTo("\u20ac".repeat(2_730));
    assertThat(ended.getMessage().getBytes(StandardCharsets.UTF_8)).hasSize(8_190);
  }

  @Test
  void shouldKeepTheMessageWhole() {
    assertThat(Ends.notBegun(new IllegalArgumentException("x".repeat(8_192))).getMessage())
        .hasSize(8_192);
  }

  @Test
  void shouldShowTheFirstLinesOnlyWhenTheStackIsDeep() {
    Ended ended = Ends.thrown(new IllegalStateException("deep", deep(500)), null, false);
    assertThat(ended.getCause()).isEqualTo(Cause.CAUSE_USER_ERROR);
    assertThat(ended.getMessage().lines()).hasSize(40);
    assertThat(ended.getMessage()).startsWith("java.lang.IllegalStateException: deep");
  }

  @Test
  void shouldFindTheCauseWhenItIsWrapped() {
    Exception wrapped = new IllegalStateException(new DivergedException("nan"));
    assertThat(Ends.thrown(wrapped, null, false).getCause()).isEqualTo(Cause.CAUSE_DIVERGED);
    Exception twice = new IllegalStateException(new Exception(new InfeasibleException("no")));
    assertThat(Ends.thrown(twice, null, false).getCause()).isEqualTo(Cause.CAUSE_INFEASIBLE);
  }

  @Test
  void shouldEndForTheInterruptionOnlyWhenTheTrainerFailedByIt() {
    Exception failure = new IllegalStateException("closed by interrupt");
    assertThat(Ends.thrown(failure, PREEMPTED, true).getCause()).isEqualTo(Cause.CAUSE_PREEMPTED);
    assertThat(Ends.thrown(failure, PREEMPTED, false).getCause()).isEqualTo(Cause.CAUSE_USER_ERROR);
    assertThat(Ends.thrown(new InterruptedException(), PREEMPTED, false).getCause())
        .isEqualTo(Cause.CAUSE_PREEMPTED);
  }

  @Test
  void shouldEndWhenCausesGoRoundInACircle() {
    Exception first = new Exception("first");
    Exception second = new Exception("second", first);
    first.initCause(second);
    assertThat(Ends.thrown(second, null, false).getCause()).isEqualTo(Cause.CAUSE_USER_ERROR);
  }

  private static Exception deep(int depth) {
    return depth == 0 ? new Exception("bottom") : deep(depth - 1);
  }
}
