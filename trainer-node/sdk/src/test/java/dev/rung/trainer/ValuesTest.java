package dev.rung.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.entry;

import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.ListValue;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.Value;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValuesTest {
  private final Values values =
      Values.fromProto(
          Assignment.newBuilder()
              .addParameters(parameter("width", Value.newBuilder().setIntValue(3)))
              .addParameters(parameter("rate", Value.newBuilder().setDoubleValue(0.25)))
              .addParameters(parameter("act", Value.newBuilder().setStringValue("relu")))
              .addParameters(parameter("bias", Value.newBuilder().setBoolValue(true)))
              .addParameters(parameter("mix", Value.newBuilder().setListValue(list(1, 0.5))))
              .addParameters(parameter("decay", Value.newBuilder().setScheduleValue(cosine())))
              .build());

  @Test
  void shouldReadEachKindWhenAskedByItsKind() {
    assertThat(values.getLong("width")).isEqualTo(3L);
    assertThat(values.getInt("width")).isEqualTo(3);
    assertThat(values.getDouble("rate")).isEqualTo(0.25);
    assertThat(values.getString("act")).isEqualTo("relu");
    assertThat(values.getBoolean("bias")).isTrue();
    assertThat(values.getDoubles("mix")).containsExactly(1.0, 0.5);
    assertThat(values.getSchedule("decay")).isEqualTo(Schedule.fromProto(cosine()));
    assertThat(values.getSchedule("rate").at(5)).isEqualTo(0.25);
    assertThat(values.getSchedule("width")).isEqualTo(Schedule.constant(3));
  }

  @Test
  void shouldKeepAssignmentOrderWhenNamesAreListed() {
    assertThat(values.names()).containsExactly("width", "rate", "act", "bias", "mix", "decay");
  }

  @Test
  void shouldWidenIntegerWhenDoubleIsAsked() {
    assertThat(values.getDouble("width")).isEqualTo(3.0);
  }

  @Test
  void shouldRefuseDoubleWhenIntegerIsAsked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Values.of(Map.of("depth", 3.0)).getLong("depth"))
        .withMessage("expected 'depth' to be a whole number, but it is the real number 3.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Values.of(Map.of("depth", 3.0)).getInt("depth", 1));
  }

  @Test
  void shouldRefuseLargeIntegerWhenIntIsAsked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Values.of(Map.of("n", 1L << 31)).getInt("n"))
        .withMessage(
            "expected 'n' to be a whole number of 32 bits, but it is the whole number 2147483648");
  }

  @Test
  void shouldNameWhatIsThereWhenNameIsAbsent() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> values.getDouble("momentum"))
        .withMessage(
            "expected a number named 'momentum', but there are only"
                + " [width, rate, act, bias, mix, decay]");
  }

  @Test
  void shouldReturnFallbackOnlyWhenNameIsAbsent() {
    assertThat(values.getDouble("momentum", 0.9)).isEqualTo(0.9);
    assertThat(values.getLong("momentum", 5)).isEqualTo(5);
    assertThat(values.getString("momentum", "x")).isEqualTo("x");
    assertThat(values.getBoolean("momentum", true)).isTrue();
    assertThat(values.getDouble("rate", 0.9)).isEqualTo(0.25);
    assertThatIllegalArgumentException().isThrownBy(() -> values.getDouble("act", 0.9));
  }

  @Test
  void shouldBeEmptyOnlyWhenNameIsAbsent() {
    assertThat(values.findDouble("momentum")).isEmpty();
    assertThat(values.findLong("momentum")).isEmpty();
    assertThat(values.findString("momentum")).isEmpty();
    assertThat(values.findDouble("rate")).hasValue(0.25);
    assertThat(values.findLong("width")).hasValue(3);
    assertThat(values.findString("act")).contains("relu");
    assertThatIllegalArgumentException().isThrownBy(() -> values.findDouble("act"));
  }

  @Test
  void shouldReadWeightsInTheirOrderAndByName() {
    ListValue named = list(1, 0.5).toBuilder().addNames("kl").addNames("ce").build();
    Values weights =
        Values.fromProto(Map.of("losses", Value.newBuilder().setListValue(named).build()));
    assertThat(weights.getWeights("losses")).containsExactly(1, 0.5);
    assertThat(weights.getWeightsByName("losses"))
        .containsExactly(entry("kl", 1.0), entry("ce", 0.5));
    assertThat(weights.getDoubles("losses")).containsExactly(1.0, 0.5);
    assertThat(weights.kind("losses")).isEqualTo(Values.Kind.LIST);
    assertThat(Values.of(Map.of("w", Map.of("a", 0.25))).getWeightsByName("w"))
        .containsExactly(entry("a", 0.25));
    assertThat(values.getWeights("mix")).containsExactly(1, 0.5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> values.getWeightsByName("mix"))
        .withMessage("expected 'mix' to be weights with names, but it is a list");
    ListValue unnamed = list(1, 0.5).toBuilder().addNames("kl").build();
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> Values.fromProto(Map.of("w", Value.newBuilder().setListValue(unnamed).build())))
        .withMessage("expected a name of its own for each of 2 values of 'w', but there are [kl]");
  }

  @Test
  void shouldNameTheElementWhenListHoldsOtherKinds() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Values.of(Map.of("mix", List.of(1, "a"))).getDoubles("mix"))
        .withMessage("expected 'mix[1]' to be a number, but it is the text \"a\"");
  }

  @Test
  void shouldRefuseAssignmentWhenNameOccursTwiceOrKindIsUnknown() {
    Parameter once = parameter("a", Value.newBuilder().setIntValue(1));
    Assignment twice = Assignment.newBuilder().addParameters(once).addParameters(once).build();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Values.fromProto(twice))
        .withMessageContaining("'a'");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Values.fromProto(Map.of("b", Value.getDefaultInstance())))
        .withMessageContaining("'b'");
  }

  @Test
  void shouldEqualProtoValuesWhenMadeFromJava() {
    Map<String, Value> config =
        Map.of(
            "n", Value.newBuilder().setIntValue(2).build(),
            "x", Value.newBuilder().setDoubleValue(2).build());
    assertThat(Values.fromProto(config)).isEqualTo(Values.of(Map.of("n", 2, "x", 2.0)));
    assertThat(Values.fromProto(config)).isNotEqualTo(Values.of(Map.of("n", 2, "x", 2)));
  }

  private static Parameter parameter(String name, Value.Builder value) {
    return Parameter.newBuilder().setName(name).setValue(value).build();
  }

  private static ListValue list(long first, double second) {
    return ListValue.newBuilder()
        .addValues(Value.newBuilder().setIntValue(first))
        .addValues(Value.newBuilder().setDoubleValue(second))
        .build();
  }

  private static dev.rung.proto.v1.Schedule cosine() {
    return dev.rung.proto.v1.Schedule.newBuilder()
        .setForm("cosine")
        .putCoefficients("initial", 0.1)
        .putCoefficients("final", 0)
        .putCoefficients("total", 9)
        .build();
  }
}
