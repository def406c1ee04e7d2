package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class WeightedLossTest {
  private static final IActivation IDENTITY = new ActivationIdentity();
  private static final INDArray TARGETS = Nd4j.create(new double[][] {{1}, {1}});
  private static final INDArray PREDICTIONS = Nd4j.create(new double[][] {{3}, {0.5}});

  /** Errors 2 and -0.5: squared 4 and 0.25, absolute 2 and 0.5, quantile 0.2 and 0.45. */
  @Test
  void shouldWeighItsTerms() {
    assertThat(scores(1, 0, 0)).containsExactly(4, 0.25);
    assertThat(scores(0, 1, 0)).containsExactly(2, 0.5);
    assertThat(scores(0, 0, 1)).containsExactly(new double[] {0.2, 0.45}, within(1e-12));
    assertThat(scores(0.5, 0.25, 0.25))
        .containsExactly(new double[] {2 + 0.5 + 0.05, 0.125 + 0.125 + 0.1125}, within(1e-12));
    WeightedLoss loss = new WeightedLoss(0, 1, 0);
    assertThat(loss.computeScore(TARGETS, PREDICTIONS, IDENTITY, null, true)).isEqualTo(1.25);
    assertThat(loss.computeScore(TARGETS, PREDICTIONS, IDENTITY, null, false)).isEqualTo(2.5);
  }

  /** Central differences with a step of 1e-6 err by about 1e-9. */
  @Test
  void shouldHaveTheGradientOfItsScore() {
    WeightedLoss loss = new WeightedLoss(0.5, 0.3, 0.2);
    for (IActivation activation : new IActivation[] {IDENTITY, new ActivationTanH()}) {
      INDArray gradient = loss.computeGradient(TARGETS, PREDICTIONS.dup(), activation, null);
      for (int row = 0; row < 2; row++) {
        double up = score(loss, activation, row, 1e-6);
        double down = score(loss, activation, row, -1e-6);
        assertThat(gradient.getDouble(row, 0)).isCloseTo((up - down) / 2e-6, within(1e-6));
      }
    }
  }

  @Test
  void shouldTrainByWeightsAndRefuseOtherNames() throws Exception {
    FakeTrial all = losses(Map.of("squared", 1.0, "absolute", 0.0, "quantile", 0.0));
    new TabularTrainer().train(all);
    FakeTrial upper = losses(Map.of("squared", 0.0, "absolute", 0.0, "quantile", 1.0));
    new TabularTrainer().train(upper);
    // The ninth decile is a bad guess of the mean: it is about a deviation too high.
    assertThat(upper.last("val_rmse")).isGreaterThan(all.last("val_rmse") + 10);
    FakeTrial unknown = losses(Map.of("squared", 0.5, "cubed", 0.5));
    assertThatThrownBy(() -> new TabularTrainer().train(unknown))
        .hasMessageContaining("expected each weight of losses")
        .hasMessageContaining("[cubed]");
  }

  private static FakeTrial losses(Map<String, Double> weights) {
    return new FakeTrial(15).assignment(Map.of("losses", weights));
  }

  private static double[] scores(double squared, double absolute, double quantile) {
    return new WeightedLoss(squared, absolute, quantile)
        .computeScoreArray(TARGETS, PREDICTIONS, IDENTITY, null)
        .toDoubleVector();
  }

  private static double score(WeightedLoss loss, IActivation activation, int row, double by) {
    INDArray moved = PREDICTIONS.dup();
    moved.putScalar(row, 0, moved.getDouble(row, 0) + by);
    return loss.computeScore(TARGETS, moved, activation, null, false);
  }
}
