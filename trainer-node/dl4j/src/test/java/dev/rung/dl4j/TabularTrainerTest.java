package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.trainer.InfeasibleException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TabularTrainerTest {
  private final TabularTrainer trainer = new TabularTrainer();

  /**
   * The target's deviation over all patients is 77.0, what a constant reaches; a linear model's
   * error is 54.15 on the rows it was fitted to (Efron et al. 2004: residual deviation with 10
   * variables).
   */
  @Test
  void shouldPredictInTheTargetsUnit() throws Exception {
    FakeTrial trial = new FakeTrial(9).config(Map.of("data", "diabetes"));

    trainer.train(trial);

    assertThat(trial.reports)
        .hasSize(9)
        .allSatisfy(report ->
            assertThat(report.metrics()).containsOnlyKeys("val_rmse", "val_mae", "train_rmse"));
    assertThat(trial.last("val_rmse")).isBetween(50.0, 60.0);
    assertThat(trial.last("train_rmse")).isBetween(45.0, 60.0);
    assertThat(trial.last("val_mae")).isLessThan(trial.last("val_rmse"));
  }

  @Test
  void shouldCallOutOfRangeInfeasible() {
    FakeTrial trial = new FakeTrial(1).assignment(Map.of("batch_size", 354));

    assertThatThrownBy(() -> trainer.train(trial))
        .isInstanceOf(InfeasibleException.class)
        .hasMessage("expected batch_size from 1 to 353, but it is 354");
  }

  @Test
  void shouldTakeAMomentumBesideOptimizersThatHaveOne() throws Exception {
    FakeTrial without = sgd(Map.of());
    trainer.train(without);
    FakeTrial with = sgd(Map.of("momentum", 0.9));
    trainer.train(with);
    // Steps of the same rate lead about 1 / (1 - 0.9) = 10 times as far.
    assertThat(with.last("train_rmse")).isLessThan(without.last("train_rmse") - 5);
    FakeTrial adam = new FakeTrial(1).assignment(Map.of("optimizer", "adam", "momentum", 0.9));
    assertThatThrownBy(() -> trainer.train(adam))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected momentum beside optimizer sgd or nesterovs only, but it is ADAM");
  }

  private static FakeTrial sgd(Map<String, ?> more) {
    Map<String, Object> all = new HashMap<>(Map.of("optimizer", "sgd", "learning_rate", 0.002));
    all.putAll(more);
    return new FakeTrial(3).assignment(all);
  }

  @Test
  void shouldRefuseWhatOnlyImagesHave() {
    FakeTrial trial = new FakeTrial(1).assignment(Map.of("model", "cnn"));

    assertThatThrownBy(() -> trainer.train(trial))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("but there is [model]");
  }
}
