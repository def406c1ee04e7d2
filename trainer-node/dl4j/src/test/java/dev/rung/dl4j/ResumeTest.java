package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rung.trainer.Trainer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Six epochs in one go, against two and then four from a checkpoint, with one BLAS thread. */
class ResumeTest {

  static Stream<Arguments> trials() {
    return Stream.of(
        Arguments.of(
            "mlp with dropout",
            new ImageTrainer(),
            Map.of("layers", 2, "dropout", 0.5, "batch_size", 128, "activation", "swish")),
        Arguments.of(
            "mlp with momentum",
            new ImageTrainer(),
            Map.of("optimizer", "nesterovs", "batch_size", 128, "l2", 1e-4)),
        Arguments.of(
            "cnn with dropout",
            new ImageTrainer(),
            Map.of("model", "cnn", "hidden", 16, "batch_size", 512, "dropout", 0.2)),
        Arguments.of("table", new TabularTrainer(), Map.of("dropout", 0.1, "batch_size", 64)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("trials")
  void shouldEndAlikeWhenPausedAndResumed(String name, Trainer trainer, Map<String, ?> assignment)
      throws Exception {
    FakeTrial whole = new FakeTrial(6).assignment(assignment);
    trainer.train(whole);
    FakeTrial first = new FakeTrial(2).assignment(assignment);
    trainer.train(first);
    FakeTrial second =
        new FakeTrial(6)
            .assignment(assignment)
            .resumingFrom(2, Objects.requireNonNull(first.checkpoints.get(2L)));
    trainer.train(second);

    assertThat(first.reportedSteps()).containsExactly(1L, 2L);
    assertThat(second.reportedSteps()).containsExactly(3L, 4L, 5L, 6L);
    for (int i = 0; i < 4; i++) {
      Map<String, Double> expected = whole.reports.get(i + 2).metrics();
      second
          .reports
          .get(i)
          .metrics()
          .forEach((metric, value) ->
              assertThat(value).as(metric).isCloseTo(expected.get(metric), within(1e-6)));
    }
    assertThat(weights(second)).containsExactly(weights(whole), within(1e-6f));
    assertThat(weights(second)).isNotEqualTo(weights(first));
  }

  /** Without the state of Adam the same weights go another way, so the test above can fail. */
  @Test
  void shouldKeepTheUpdaterInTheCheckpoint() throws Exception {
    FakeTrial trial = new FakeTrial(2);
    new ImageTrainer().train(trial);

    MultiLayerNetwork network = network(trial);

    assertThat(network.getUpdater().getStateViewArray().length())
        .isEqualTo(2 * network.numParams());
    assertThat(network.getIterationCount()).isEqualTo(2 * 23);
    assertThat(network.getEpochCount()).isEqualTo(2);
  }

  private static float[] weights(FakeTrial trial) throws IOException {
    return network(trial).params().toFloatVector();
  }

  private static MultiLayerNetwork network(FakeTrial trial) throws IOException {
    return ModelSerializer.restoreMultiLayerNetwork(
        new ByteArrayInputStream(trial.checkpoints.lastEntry().getValue()), true);
  }
}
