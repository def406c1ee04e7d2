package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.rung.trainer.InfeasibleException;
import dev.rung.trainer.Schedule;
import java.io.ByteArrayInputStream;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.MapSchedule;

class EpochScheduleTest {
  private static final Schedule COSINE =
      Schedule.of("cosine", Map.of("initial", 0.1, "final", 0.0, "total", 4.0));

  @Test
  void shouldHaveTheValueOfTheEpochWhateverTheIteration() {
    EpochSchedule schedule = new EpochSchedule(COSINE);
    assertThat(schedule.valueAt(0, 0)).isEqualTo(0.1);
    assertThat(schedule.valueAt(99, 2)).isCloseTo(0.05, within(1e-15));
    assertThat(schedule.clone().valueAt(0, 2)).isCloseTo(0.05, within(1e-15));
  }

  /** A checkpoint is read without this class. */
  @Test
  void shouldBeAMapOfEpochsInASavedNetwork() throws Exception {
    FakeTrial trial = new FakeTrial(3).milestone(2).assignment(Map.of("learning_rate", COSINE));

    new TabularTrainer().train(trial);

    MultiLayerNetwork saved =
        ModelSerializer.restoreMultiLayerNetwork(
            new ByteArrayInputStream(Objects.requireNonNull(trial.checkpoints.get(2L))));
    Adam adam = (Adam) ((DenseLayer) saved.getLayer(0).conf().getLayer()).getIUpdater();
    assertThat(adam.getLearningRateSchedule()).isInstanceOf(MapSchedule.class);
    for (int epoch = 0; epoch < 6; epoch++) {
      assertThat(adam.getLearningRateSchedule().valueAt(0, epoch))
          .isCloseTo(COSINE.at(epoch), within(1e-15));
    }
  }

  /** A rate of nothing stops learning: what came before stays. */
  @Test
  void shouldLearnByTheScheduleAlone() throws Exception {
    Schedule off = Schedule.of("piecewise", Map.of("value_0", 0.01, "at_1", 2.0, "value_1", 1e-30));
    FakeTrial trial = new FakeTrial(5).assignment(Map.of("learning_rate", off));

    new TabularTrainer().train(trial);

    double second = metric(trial, 2);
    assertThat(metric(trial, 1)).isNotEqualTo(second);
    assertThat(metric(trial, 3)).isEqualTo(second);
    assertThat(metric(trial, 5)).isEqualTo(second);
  }

  @Test
  void shouldCallAScheduleOutOfRangeInfeasible() {
    Schedule late = Schedule.of("piecewise", Map.of("value_0", 0.01, "at_1", 2.0, "value_1", 0.0));
    assertThatThrownBy(() ->
            new TabularTrainer().train(new FakeTrial(5).assignment(Map.of("learning_rate", late))))
        .isInstanceOf(InfeasibleException.class)
        .hasMessage(
            "expected learning_rate above 0.0 to below 100.0, but it is 0.0 after 2 epochs");
  }

  private static double metric(FakeTrial trial, int epoch) {
    return Objects.requireNonNull(trial.reports.get(epoch - 1).metrics().get("train_rmse"));
  }
}
