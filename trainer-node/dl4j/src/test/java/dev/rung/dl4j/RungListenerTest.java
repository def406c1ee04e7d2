package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.trainer.Directive;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A user's own network: two inputs, one output, learning their sum. */
class RungListenerTest {
  private static final OutputLayer LAYER =
      new OutputLayer.Builder(LossFunction.MSE)
          .nIn(2)
          .nOut(1)
          .activation(Activation.IDENTITY)
          .build();

  private final DataSetIterator data =
      new ListDataSetIterator<>(
          List.of(
              new DataSet(
                  Nd4j.create(new float[][] {{1, 2}, {2, 1}}),
                  Nd4j.create(new float[][] {{3}, {3}})),
              new DataSet(Nd4j.create(new float[][] {{0, 1}}), Nd4j.create(new float[][] {{1}}))),
          1);

  @Test
  void shouldReportEveryEpochAndCheckpointAtTheMilestone() throws Exception {
    FakeTrial trial = new FakeTrial(5).milestone(3).endingAt(3, Directive.STOP);

    train(trial, network());

    assertThat(trial.reportedSteps()).containsExactly(1L, 2L, 3L);
    assertThat(trial.log).hasSize(3);
    assertThat(trial.log.get(2)).matches("epoch 3: \\{loss=[0-9.E-]+}");
    assertThat(trial.checkpoints).containsOnlyKeys(3L);
    assertThat(trial.reports.get(0).metrics()).containsOnlyKeys("loss");
    assertThat(trial.last("loss")).isLessThan(trial.reports.get(0).metrics().get("loss"));
    // Two batches an epoch.
    assertThat(restored(trial, 3).getEpochCount()).isEqualTo(3);
    assertThat(restored(trial, 3).getIterationCount()).isEqualTo(2 * 3);
  }

  @Test
  void shouldGoOnFromACheckpointToTheMaximum() throws Exception {
    FakeTrial first = new FakeTrial(2);
    train(first, network());
    FakeTrial second = new FakeTrial(4).resumingFrom(2, first.checkpoints.lastEntry().getValue());

    MultiLayerNetwork network = train(second, network());

    assertThat(second.reportedSteps()).containsExactly(3L, 4L);
    assertThat(network.getEpochCount()).isEqualTo(4);
    assertThat(network.getIterationCount()).isEqualTo(2 * 4);
  }

  @Test
  void shouldSaveWhatWasTrainedWhenPausedBetweenMilestones() throws Exception {
    FakeTrial trial = new FakeTrial(9).endingAt(2, Directive.PAUSE);

    train(trial, network());

    assertThat(trial.reportedSteps()).containsExactly(1L, 2L);
    assertThat(trial.checkpoints).containsOnlyKeys(2L);
  }

  @Test
  void shouldSaveNothingMoreWhenStopped() throws Exception {
    FakeTrial trial = new FakeTrial(9).endingAt(2, Directive.STOP);

    train(trial, network());

    assertThat(trial.checkpoints).isEmpty();
  }

  @Test
  void shouldGiveEachEpochASeedThatResumingKeeps() throws Exception {
    FakeTrial first = new FakeTrial(1);
    RungListener listener = new RungListener(first, (model, loss) -> Map.of());
    long beforeFirst = listener.epochSeed();
    MultiLayerNetwork network = network();
    network.setListeners(listener);
    network.fit(data);
    long beforeSecond = listener.epochSeed();
    FakeTrial second = new FakeTrial(2).resumingFrom(1, first.checkpoints.lastEntry().getValue());

    assertThat(beforeSecond).isNotEqualTo(beforeFirst);
    assertThat(new RungListener(second, (model, loss) -> Map.of()).epochSeed())
        .isEqualTo(beforeSecond);
  }

  @Test
  void shouldReportForAGraphToo() throws Exception {
    ComputationGraph graph =
        new ComputationGraph(
            new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("out", LAYER, "in")
                .setOutputs("out")
                .build());
    graph.init();
    FakeTrial trial = new FakeTrial(2);
    RungListener listener = new RungListener(trial, (model, loss) -> Map.of("loss", loss));
    graph.setListeners(listener);

    while (listener.goesOn()) {
      graph.fit(data);
    }

    assertThat(trial.reportedSteps()).containsExactly(1L, 2L);
    ComputationGraph saved =
        ModelSerializer.restoreComputationGraph(
            new ByteArrayInputStream(trial.checkpoints.lastEntry().getValue()), true);
    assertThat(saved.getConfiguration().getEpochCount()).isEqualTo(2);
  }

  @Test
  void shouldSayWhatIsWrongWithACheckpoint() throws Exception {
    FakeTrial damaged =
        new FakeTrial(2).resumingFrom(1, "not a network".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> train(damaged, network()))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith(
            "expected a network of Deeplearning4j in the checkpoint of trial study/7 at step 1");

    FakeTrial digits = new FakeTrial(1);
    new ImageTrainer().train(digits);
    FakeTrial other = new FakeTrial(2).resumingFrom(1, digits.checkpoints.lastEntry().getValue());
    // 64 x 64 + 64 + 64 x 10 + 10 = 4,810 weights against 2 + 1; Adam keeps two numbers for each.
    assertThatThrownBy(() -> train(other, network()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "expected the checkpoint of trial study/7 to have 3 weights and 6 numbers of updater state"
                + " as its assignment says, but it has 4810 and 9620");
  }

  private MultiLayerNetwork train(FakeTrial trial, MultiLayerNetwork fresh) throws Exception {
    MultiLayerNetwork network = Checkpoints.resume(fresh, trial);
    RungListener listener = new RungListener(trial, (model, loss) -> Map.of("loss", loss));
    network.setListeners(listener);
    while (listener.goesOn()) {
      network.fit(data);
    }
    return network;
  }

  private static MultiLayerNetwork network() {
    MultiLayerNetwork network =
        new MultiLayerNetwork(
            new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(new Adam(0.1))
                .list()
                .layer(LAYER.clone())
                .build());
    network.init();
    return network;
  }

  private static MultiLayerNetwork restored(FakeTrial trial, long step) throws IOException {
    return ModelSerializer.restoreMultiLayerNetwork(
        new ByteArrayInputStream(trial.checkpoints.get(step)), true);
  }
}
