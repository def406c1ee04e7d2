package dev.rung.storage;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.rung.space.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Hyper-parameter values as the encoding's own kinds: integer, floating point, text, boolean,
 * array, and null for an inactive parameter. What it has no kind for is an object with its logical
 * name.
 */
final class Values {
  private static final String KIND = "kind";
  private static final String SCHEDULE = "schedule";
  private static final String WEIGHTS = "weights";

  private Values() {}

  static SimpleModule module() {
    return new SimpleModule("values")
        .addSerializer(Value.class, new Writer())
        .addDeserializer(Value.class, new Reader());
  }

  private static final class Writer extends StdSerializer<Value> {
    Writer() {
      super(Value.class);
    }

    @Override
    public void serialize(Value value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      switch (value) {
        case Value.IntValue(long number) -> out.writeNumber(number);
        case Value.DoubleValue(double number) -> out.writeNumber(number);
        case Value.StringValue(String text) -> out.writeString(text);
        case Value.BoolValue(boolean flag) -> out.writeBoolean(flag);
        case Value.ListValue(List<Value> values) -> {
          out.writeStartArray(values, values.size());
          for (Value element : values) {
            serialize(element, out, provider);
          }
          out.writeEndArray();
        }
        case Value.InactiveValue inactive -> out.writeNull();
        case Value.WeightsValue(List<String> names, List<Double> weights) -> {
          out.writeStartObject(value, 3);
          out.writeStringField(KIND, WEIGHTS);
          out.writeArrayFieldStart("names");
          for (String name : names) {
            out.writeString(name);
          }
          out.writeEndArray();
          out.writeArrayFieldStart("weights");
          for (double weight : weights) {
            out.writeNumber(weight);
          }
          out.writeEndArray();
          out.writeEndObject();
        }
        case Value.ScheduleValue(String form, Map<String, Double> coefficients) -> {
          out.writeStartObject(value, 3);
          out.writeStringField(KIND, SCHEDULE);
          out.writeStringField("form", form);
          out.writeObjectFieldStart("coefficients");
          for (Map.Entry<String, Double> coefficient : new TreeMap<>(coefficients).entrySet()) {
            out.writeNumberField(coefficient.getKey(), coefficient.getValue());
          }
          out.writeEndObject();
          out.writeEndObject();
        }
      }
    }
  }

  private static final class Reader extends StdDeserializer<Value> {
    Reader() {
      super(Value.class);
    }

    @Override
    public Value deserialize(JsonParser in, DeserializationContext context) throws IOException {
      JsonToken token = in.currentToken();
      if (token == JsonToken.VALUE_NUMBER_INT) {
        return new Value.IntValue(in.getLongValue());
      } else if (token == JsonToken.VALUE_NUMBER_FLOAT) {
        return new Value.DoubleValue(in.getDoubleValue());
      } else if (token == JsonToken.VALUE_STRING) {
        return new Value.StringValue(in.getText());
      } else if (token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE) {
        return new Value.BoolValue(in.getBooleanValue());
      } else if (token == JsonToken.START_ARRAY) {
        List<Value> values = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
          values.add(deserialize(in, context));
        }
        return new Value.ListValue(values);
      } else if (token == JsonToken.START_OBJECT) {
        return named(context.readTree(in), context);
      }
      throw context.wrongTokenException(in, Value.class, JsonToken.VALUE_STRING, "no value");
    }

    @Override
    public Value getNullValue(DeserializationContext context) {
      return new Value.InactiveValue();
    }

    private static Value named(JsonNode node, DeserializationContext context) throws IOException {
      return switch (node.path(KIND).asText()) {
        case SCHEDULE -> schedule(node);
        case WEIGHTS -> weights(node);
        case String other ->
            context.reportInputMismatch(
                Value.class,
                "expected a value of kind %s or %s, but came %s",
                SCHEDULE,
                WEIGHTS,
                other);
      };
    }

    private static Value schedule(JsonNode node) {
      Map<String, Double> coefficients = new TreeMap<>();
      node.path("coefficients")
          .properties()
          .forEach(field -> coefficients.put(field.getKey(), field.getValue().doubleValue()));
      return new Value.ScheduleValue(node.path("form").asText(), coefficients);
    }

    private static Value weights(JsonNode node) {
      List<String> names = new ArrayList<>();
      node.path("names").forEach(name -> names.add(name.asText()));
      List<Double> weights = new ArrayList<>();
      node.path("weights").forEach(weight -> weights.add(weight.doubleValue()));
      return new Value.WeightsValue(names, weights);
    }
  }
}
