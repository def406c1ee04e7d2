package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.trainer.Directive;
import dev.rung.trainer.DivergedException;
import dev.rung.trainer.InfeasibleException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageTrainerTest {
  private final ImageTrainer trainer = new ImageTrainer();

  @Test
  void shouldLearnTheDigitsWithDefaultsWhenNothingIsAssigned() throws Exception {
    FakeTrial trial = new FakeTrial(9).config(Map.of("data", "digits"));

    trainer.train(trial);

    assertThat(trial.reportedSteps()).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L);
    assertThat(trial.reports)
        .allSatisfy(report ->
            assertThat(report.metrics())
                .containsOnlyKeys("val_accuracy", "val_loss", "train_loss"));
    assertThat(trial.last("val_accuracy")).isGreaterThan(0.96);
    assertThat(trial.last("val_loss")).isBetween(0.0, 0.2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"relu", "leakyrelu", "elu", "selu", "swish", "tanh", "sigmoid"})
  void shouldLearnWithEachActivation(String activation) throws Exception {
    FakeTrial trial =
        new FakeTrial(2).assignment(Map.of("activation", activation, "batch_size", 128));

    trainer.train(trial);

    assertThat(trial.last("train_loss"))
        .isLessThan(trial.reports.get(0).metrics().get("train_loss"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"adam", "sgd", "nesterovs", "rmsprop"})
  void shouldLearnWithEachOptimizer(String optimizer) throws Exception {
    FakeTrial trial =
        new FakeTrial(2).assignment(Map.of("optimizer", optimizer, "batch_size", 128));

    trainer.train(trial);

    assertThat(trial.last("train_loss"))
        .isLessThan(trial.reports.get(0).metrics().get("train_loss"));
  }

  @Test
  void shouldLearnWithConvolutions() throws Exception {
    FakeTrial trial =
        new FakeTrial(3).assignment(Map.of("model", "cnn", "layers", 2, "learning_rate", 0.01));

    trainer.train(trial);

    assertThat(trial.last("val_accuracy")).isGreaterThan(0.85);
  }

  static Stream<Arguments> infeasible() {
    return Stream.of(
        Arguments.of(Map.of("layers", 0), "expected layers from 1 to 8, but it is 0"),
        Arguments.of(Map.of("hidden", 5000), "expected hidden from 1 to 4096, but it is 5000"),
        Arguments.of(
            Map.of("dropout", 1.0), "expected dropout from 0.0 to below 1.0, but it is 1.0"),
        Arguments.of(Map.of("l2", -0.1), "expected l2 from 0.0 to below 1.0, but it is -0.1"),
        Arguments.of(
            Map.of("learning_rate", Double.NaN),
            "expected learning_rate above 0.0 to below 100.0, but it is NaN"),
        Arguments.of(
            Map.of("learning_rate", 0.0),
            "expected learning_rate above 0.0 to below 100.0, but it is 0.0"),
        Arguments.of(
            Map.of("batch_size", 1438), "expected batch_size from 1 to 1437, but it is 1438"),
        Arguments.of(
            Map.of("model", "cnn", "layers", 4),
            "expected layers from 1 to 3 for a cnn, because each halves an image of 8 pixels, but it"
                + " is 4"));
  }

  @ParameterizedTest
  @MethodSource("infeasible")
  void shouldCallOutOfRangeInfeasible(Map<String, ?> assignment, String message) {
    FakeTrial trial = new FakeTrial(1).assignment(assignment);

    assertThatThrownBy(() -> trainer.train(trial))
        .isInstanceOf(InfeasibleException.class)
        .hasMessage(message);
    assertThat(trial.reports).isEmpty();
  }

  static Stream<Arguments> wrong() {
    return Stream.of(
        Arguments.of(Map.of("lerning_rate", 0.1), "but there is [lerning_rate]"),
        Arguments.of(
            Map.of("model", "transformer"),
            "expected model to be one of [mlp, cnn], but it is 'transformer'"),
        Arguments.of(
            Map.of("optimizer", "ADAM"),
            "expected optimizer to be one of [adam, sgd, nesterovs, rmsprop], but it is 'ADAM'"),
        Arguments.of(Map.of("activation", "cube"), "expected activation to be one of ["),
        Arguments.of(Map.of("hidden", "many"), "expected 'hidden' to be a whole number"),
        Arguments.of(Map.of("hidden", 64.0), "expected 'hidden' to be a whole number"));
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void shouldRefuseWhatNobodyReads(Map<String, ?> assignment, String message) {
    FakeTrial trial = new FakeTrial(1).assignment(assignment);

    assertThatThrownBy(() -> trainer.train(trial))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void shouldRefuseAWrongConfiguration() {
    assertThatThrownBy(() -> trainer.train(new FakeTrial(1).config(Map.of("dataset", "digits"))))
        .hasMessage(
            "expected each name in trainer.config to be one of [data, train], but there is [dataset]");
    assertThatThrownBy(() -> trainer.train(new FakeTrial(1).config(Map.of("data", "mnist"))))
        .hasMessageContaining("one of [digits, fashion-mnist], but it is 'mnist'");
  }

  @Test
  void shouldReportNaNAndDivergeWhenStepsAreFarTooLarge() {
    FakeTrial trial =
        new FakeTrial(9).assignment(Map.of("optimizer", "sgd", "learning_rate", 99.0, "layers", 3));

    assertThatThrownBy(() -> trainer.train(trial))
        .isInstanceOf(DivergedException.class)
        .hasMessageContaining("the training loss is NaN after epoch");
    assertThat(trial.last("train_loss")).isNaN();
    assertThat(trial.last("val_loss")).isNaN();
    assertThat(trial.last("val_accuracy")).isNaN();
  }

  @Test
  void shouldTrainNothingWhenToldToStopBefore() throws Exception {
    FakeTrial trial = new FakeTrial(9).endingAt(0, Directive.STOP);

    trainer.train(trial);

    assertThat(trial.reports).isEmpty();
  }

  /**
   * ND4J's generator is the thread's own, so that neighbours do not change the dropout of a trial.
   */
  @Test
  void shouldGiveTheSameResultsWhenSlotsTrainAtOnce() throws Exception {
    FakeTrial alone = dropping();
    trainer.train(alone);
    FakeTrial left = dropping();
    FakeTrial right = dropping();
    try (ExecutorService slots = Executors.newFixedThreadPool(2)) {
      CompletableFuture<Boolean> begun = new CompletableFuture<>();
      Future<?> one = slots.submit(() -> train(left, begun));
      Future<?> two = slots.submit(() -> train(right, begun));
      begun.complete(true);
      one.get();
      two.get();
    }

    assertThat(left.reports).isEqualTo(alone.reports);
    assertThat(right.reports).isEqualTo(alone.reports);
  }

  private Boolean train(FakeTrial trial, CompletableFuture<Boolean> begun) throws Exception {
    begun.get();
    trainer.train(trial);
    return true;
  }

  private static FakeTrial dropping() {
    return new FakeTrial(4).assignment(Map.of("dropout", 0.5, "layers", 2, "batch_size", 128));
  }
}
