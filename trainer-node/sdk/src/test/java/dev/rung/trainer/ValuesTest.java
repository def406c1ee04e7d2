package dev.rung.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.ListValue;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.Schedule;
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
    assertThat(values.getSchedule("decay")).isEqualTo(cosine());
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

  private static Schedule cosine() {
    return Schedule.newBuilder().setForm("cosine").putCoefficients("start", 0.1).build();
  }
}
