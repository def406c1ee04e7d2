package dev.rung.dl4j;

import java.io.IOException;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.impl.ActivationSwish;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.core.JsonGenerator;
import org.nd4j.shade.jackson.databind.JsonSerializer;
import org.nd4j.shade.jackson.databind.SerializerProvider;
import org.nd4j.shade.jackson.databind.annotation.JsonSerialize;
import org.nd4j.shade.jackson.databind.jsontype.TypeSerializer;

/**
 * Swish, x sigmoid(x), whose derivative stays a number. That of ND4J 1.0.0-M2.1 squares exp(x) in
 * 32 bits and is NaN from about x = 44.5 on. In a saved network it is ND4J's own swish.
 */
@JsonSerialize(using = StableSwish.AsSwish.class)
final class StableSwish extends ActivationSwish {

  /** From here on the derivative is 1 in 32 bits: 1 + 30 exp(-30) = 1 + 3e-12. */
  private static final double FLAT = 30;

  @Override
  public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
    return super.backprop(Transforms.min(in, FLAT, false), epsilon);
  }

  /** Writes the class that others know. */
  static final class AsSwish extends JsonSerializer<StableSwish> {
    @Override
    public void serialize(StableSwish value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeStartObject();
      out.writeStringField("@class", ActivationSwish.class.getName());
      out.writeEndObject();
    }

    @Override
    public void serializeWithType(
        StableSwish value, JsonGenerator out, SerializerProvider provider, TypeSerializer type)
        throws IOException {
      serialize(value, out, provider);
    }
  }
}
