package dev.rung.dl4j;

import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.core.JsonGenerator;
import org.nd4j.shade.jackson.databind.JsonSerializer;
import org.nd4j.shade.jackson.databind.SerializerProvider;
import org.nd4j.shade.jackson.databind.annotation.JsonSerialize;
import org.nd4j.shade.jackson.databind.jsontype.TypeSerializer;

/**
 * A weighted sum of three losses of real numbers, with e the prediction less the target:
 *
 * <ul>
 *   <li>squared: {@code e^2}, least where the mean is predicted
 *   <li>absolute: {@code |e|}, least where the median is
 *   <li>quantile: {@code 0.9 max(-e, 0) + 0.1 max(e, 0)}, least where the ninth decile is (Koenker
 *       and Bassett: Regression Quantiles, Econometrica 46, 1978)
 * </ul>
 *
 * <p>Each is the mean over the outputs. In a saved network it is the mean squared error of ND4J:
 * predictions do not depend on it.
 */
@JsonSerialize(using = WeightedLoss.AsSquared.class)
final class WeightedLoss implements ILossFunction {
  private static final long serialVersionUID = 1L;
  private static final double QUANTILE = 0.9;

  /** The names of the weights. */
  static final List<String> NAMES = List.of("squared", "absolute", "quantile");

  private final double squared;
  private final double absolute;
  private final double quantile;

  WeightedLoss(double squared, double absolute, double quantile) {
    this.squared = squared;
    this.absolute = absolute;
    this.quantile = quantile;
  }

  @Override
  public double computeScore(
      INDArray labels,
      INDArray preOutput,
      IActivation activation,
      @Nullable INDArray mask,
      boolean average) {
    double sum = computeScoreArray(labels, preOutput, activation, mask).sumNumber().doubleValue();
    return average ? sum / labels.size(0) : sum;
  }

  @Override
  public INDArray computeScoreArray(
      INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
    INDArray error = error(labels, preOutput, activation, mask);
    INDArray size = Transforms.abs(error, true);
    // 0.9 max(-e, 0) + 0.1 max(e, 0) = |e| / 2 - 0.4 e.
    INDArray score =
        error
            .mul(error)
            .muli(squared)
            .addi(size.mul(absolute + quantile / 2))
            .subi(error.mul(quantile * (QUANTILE - 0.5)));
    return score.sum(true, 1).divi(labels.size(1));
  }

  @Override
  public INDArray computeGradient(
      INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
    INDArray error = error(labels, preOutput, activation, mask);
    INDArray gradient =
        error
            .mul(2 * squared)
            .addi(Transforms.sign(error, true).muli(absolute + quantile / 2))
            .subi(quantile * (QUANTILE - 0.5))
            .divi(labels.size(1));
    if (mask != null) {
      gradient.muliColumnVector(mask);
    }
    return activation.backprop(preOutput, gradient).getFirst();
  }

  @Override
  public Pair<Double, INDArray> computeGradientAndScore(
      INDArray labels,
      INDArray preOutput,
      IActivation activation,
      @Nullable INDArray mask,
      boolean average) {
    return Pair.of(
        computeScore(labels, preOutput, activation, mask, average),
        computeGradient(labels, preOutput, activation, mask));
  }

  @Override
  public String name() {
    return "weighted";
  }

  private static INDArray error(
      INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
    INDArray output = activation.getActivation(preOutput.dup(), true);
    INDArray error = output.subi(labels.castTo(output.dataType()));
    return mask == null ? error : error.muliColumnVector(mask);
  }

  /** Writes the class that others know. */
  static final class AsSquared extends JsonSerializer<WeightedLoss> {
    @Override
    public void serialize(WeightedLoss value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeStartObject();
      out.writeStringField("@class", LossMSE.class.getName());
      out.writeEndObject();
    }

    @Override
    public void serializeWithType(
        WeightedLoss value, JsonGenerator out, SerializerProvider provider, TypeSerializer type)
        throws IOException {
      serialize(value, out, provider);
    }
  }
}
