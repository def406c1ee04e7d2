package dev.rung.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScriptedTrainerTest {
  private final ScriptedTrainer trainer = new ScriptedTrainer();

  @Test
  void shouldFollowThePowerCurveWhenAtTheOptimum() throws Exception {
    FakeTrial trial = train(Map.of("rate", 0.01), Map.of());
    // d = 0, so final = 0.05: loss(3) = 0.05 + 0.95 / sqrt(4), loss(8) = 0.05 + 0.95 / sqrt(9).
    assertThat(trial.losses.get(3L)).isCloseTo(0.525, within(1e-12));
    assertThat(trial.losses.get(8L)).isCloseTo(0.05 + 0.95 / 3, within(1e-12));
    assertThat(trial.losses).hasSize(9);
  }

  @Test
  void shouldEndHigherWhenFartherFromTheOptimum() throws Exception {
    Map<String, ?> config =
        Map.of("curve", "exponential", "rate", 100.0, "optimum_units", 128, "optimum_act", "relu");
    // After one step nothing of the start is left: final = 0.05 + 0.5 d. One decade off: x^2 /
    // (1 + x^2) = 1/2; the other of two texts: 1/2; means over the parameters.
    assertThat(last(Map.of("lr", 0.1), config)).isCloseTo(0.30, within(1e-12));
    assertThat(last(Map.of("lr", 0.01, "units", 1_280), config)).isCloseTo(0.175, within(1e-12));
    assertThat(last(Map.of("act", "tanh"), config)).isCloseTo(0.30, within(1e-12));
    assertThat(last(Map.of("act", "relu", "bias", true), config)).isCloseTo(0.05, within(1e-12));
    assertThat(last(Map.of("bias", false), config)).isCloseTo(0.30, within(1e-12));
    // Not positive, so by the difference: x = 1.
    assertThat(last(Map.of("shift", -0.99), config)).isCloseTo(0.30, within(1e-12));
    assertThat(last(Map.of(), config)).isCloseTo(0.05, within(1e-12));
  }

  @Test
  void shouldFollowTheTableAndTurnItRoundWhenMaximizing() throws Exception {
    FakeTrial trial =
        train(Map.of(), Map.of("curve", "table", "values", List.of(0.75, 0.5), "goal", "maximize"));
    assertThat(trial.losses).containsEntry(1L, 0.25).containsEntry(2L, 0.5).containsEntry(9L, 0.5);
  }

  @Test
  void shouldReportTheSameWhenItWasPausedInBetween() throws Exception {
    Map<String, ?> config = Map.of("noise", 0.1);
    FakeTrial first = train(Map.of("rate", 0.3), config);
    FakeTrial second = first.promoted(27);
    trainer.train(second);
    assertThat(second.losses.firstKey()).isEqualTo(10);
    FakeTrial whole =
        new FakeTrial(
            Values.of(Map.of("rate", 0.3)), Values.of(config), 27, java.util.Optional.empty());
    trainer.train(whole);
    first.losses.putAll(second.losses);
    assertThat(whole.losses).isEqualTo(first.losses);
    assertThat(whole.checkpoints).containsOnlyKeys(27L);
    // The noise is there: the curve without it differs.
    assertThat(train(Map.of("rate", 0.3), Map.of()).losses.get(1L))
        .isNotEqualTo(whole.losses.get(1L));
  }

  @Test
  void shouldCrossWhenBetterTrialsAreSlower() throws Exception {
    Map<String, ?> config = Map.of("curve", "exponential", "crossing", 0.9);
    // At the optimum d = 0 and the speed is 0.05; a decade off d = 1/2 and it is 0.275.
    FakeTrial good = train(Map.of("lr", 0.01), config);
    FakeTrial poor = train(Map.of("lr", 0.1), config);
    assertThat(good.losses.get(9L)).isCloseTo(0.05 + 0.95 * Math.exp(-0.45), within(1e-12));
    assertThat(poor.losses.get(9L)).isCloseTo(0.30 + 0.70 * Math.exp(-2.475), within(1e-12));
    assertThat(good.losses.get(9L)).isGreaterThan(poor.losses.get(9L));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> train(Map.of(), Map.of("crossing", 1.0)))
        .withMessage("expected 'crossing' to be from 0 to below 1, got 1.0");
  }

  @Test
  void shouldGoOnWithTheSavedWeightsWhenItDescends() throws Exception {
    Values config = Values.of(Map.of("curve", "descent"));
    FakeTrial first = train(Map.of("learning_rate", 0.1), Map.of("curve", "descent"));
    FakeTrial second = first.promoted(27);
    trainer.train(second);
    FakeTrial whole =
        new FakeTrial(
            Values.of(Map.of("learning_rate", 0.1)), config, 27, java.util.Optional.empty());
    trainer.train(whole);
    first.losses.putAll(second.losses);
    assertThat(first.losses).isEqualTo(whole.losses);
  }

  @Test
  void shouldDescendFasterWithALargeRateAndFartherWithASmallOne() throws Exception {
    Map<String, ?> config = Map.of("curve", "descent");
    FakeTrial large = train(Map.of("learning_rate", 1.0), config);
    FakeTrial small = train(Map.of("learning_rate", 0.1), config);
    assertThat(loss(large, 1)).isLessThan(loss(small, 1) / 10);
    // What shaking leaves where c is 1: rate / (2 - rate) / 2, so 0.5 at a rate of 1.
    assertThat(loss(large, 9)).isBetween(0.1, 1.5);
    FakeTrial longer = small.promoted(27);
    trainer.train(longer);
    assertThat(loss(longer, 27)).isLessThan(loss(large, 9) / 2);
  }

  @Test
  void shouldSufferWhatTheScriptSays() {
    assertThatIllegalStateException()
        .isThrownBy(() -> train(Map.of(), Map.of("fail_at", 2)))
        .withMessage("the script fails at step 2");
    assertThatExceptionOfType(OutOfMemoryError.class)
        .isThrownBy(() -> train(Map.of(), Map.of("memory_at", 2)));
    assertThatExceptionOfType(DivergedException.class)
        .isThrownBy(() -> train(Map.of(), Map.of("diverge_at", 2)));
    assertThatExceptionOfType(InfeasibleException.class)
        .isThrownBy(() -> train(Map.of(), Map.of("infeasible_at", 1)));
  }

  @Test
  void shouldFailInTheFirstAttemptsOnly() throws Exception {
    FakeTrial trial = train(Map.of(), Map.of("fail_at", 12));
    trainer.train(trial.promoted(27));
    assertThatIllegalStateException()
        .isThrownBy(() ->
            trainer.train(train(Map.of(), Map.of("fail_at", 12, "fail_attempts", 2)).promoted(27)));
  }

  @Test
  void shouldReportNanAndCheckpointOftenWhenTheScriptSaysSo() throws Exception {
    FakeTrial trial = train(Map.of(), Map.of("nan_at", 4, "checkpoint_every", 2));
    assertThat(trial.losses.get(4L)).isNaN();
    assertThat(trial.losses.get(5L)).isNotNaN();
    assertThat(trial.checkpoints).containsOnlyKeys(2L, 4L, 6L, 8L, 9L);
  }

  @Test
  void shouldRefuseConfigurationWhenItIsNotUnderstood() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> train(Map.of(), Map.of("nois", 0.1)))
        .withMessageContaining("got 'nois'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> train(Map.of(), Map.of("curve", "line")))
        .withMessage(
            "expected 'curve' to be one of [power, exponential, table, descent], got 'line'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> train(Map.of(), Map.of("curve", "table", "values", List.of())));
  }

  private double last(Map<String, ?> assignment, Map<String, ?> config) throws Exception {
    return loss(train(assignment, config), 9);
  }

  private static double loss(FakeTrial trial, long step) {
    Double loss = trial.losses.get(step);
    return loss == null ? Double.NaN : loss;
  }

  private FakeTrial train(Map<String, ?> assignment, Map<String, ?> config) throws Exception {
    FakeTrial trial = new FakeTrial(assignment, config);
    trainer.train(trial);
    return trial;
  }
}
