package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.ByteArrayInputStream;
import java.util.Map;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class StableSwishTest {

  /**
   * Derivative s(x) (1 + x (1 - s(x))), s the sigmoid; at 2: 0.880797 (1 + 2 * 0.119203) =
   * 1.090784.
   */
  @Test
  void shouldHaveTheDerivativeOfSwishEverywhere() {
    INDArray in = Nd4j.createFromArray(-100f, 0f, 2f, 29f, 31f, 45f, 200f).reshape(1, 7);

    INDArray derivative = new StableSwish().backprop(in.dup(), Nd4j.ones(1, 7)).getFirst();

    assertThat(derivative.toFloatVector())
        .containsExactly(new float[] {0, 0.5f, 1.090784f, 1, 1, 1, 1}, within(1e-6f));
  }

  @Test
  void shouldBeOrdinarySwishInASavedNetwork() throws Exception {
    FakeTrial trial = new FakeTrial(1).assignment(Map.of("activation", "swish"));
    new ImageTrainer().train(trial);

    MultiLayerNetwork network = saved(trial);

    assertThat(((BaseLayer) network.getLayer(0).conf().getLayer()).getActivationFn().getClass())
        .isEqualTo(ActivationSwish.class);
  }

  private static MultiLayerNetwork saved(FakeTrial trial) throws Exception {
    return ModelSerializer.restoreMultiLayerNetwork(
        new ByteArrayInputStream(trial.checkpoints.lastEntry().getValue()), true);
  }
}
