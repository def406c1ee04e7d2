package dev.rung.expr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.expr.Expressions.Compiled;
import dev.rung.expr.Expressions.Rejected;
import dev.rung.space.Parameter;
import dev.rung.space.Parameter.BooleanParameter;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.ConstantParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.Parameter.OrdinalParameter;
import dev.rung.space.ScheduleForm;
import dev.rung.space.ScheduleParameter;
import dev.rung.space.SimplexParameter;
import dev.rung.space.Value;
import dev.rung.space.Value.BoolValue;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import dev.rung.space.Value.ListValue;
import dev.rung.space.Value.ScheduleValue;
import dev.rung.space.Value.StringValue;
import dev.rung.space.Value.WeightsValue;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpressionsTest {
  private static final List<Parameter> PARAMETERS =
      List.of(
          new FloatParameter("lr", 0, 1, false, 0),
          new IntParameter("layers", 1, 9, false, 1),
          new BooleanParameter("bias"),
          new CategoricalParameter("optimizer", List.of(new StringValue("adam"))),
          new OrdinalParameter("size", List.of(new IntValue(1), new StringValue("large"))),
          new ConstantParameter("seed", new IntValue(7)),
          new SimplexParameter("losses", List.of("ce", "kl"), List.of(1.0, 1.0)),
          new SimplexParameter("mix", List.of(), List.of(1.0, 1.0)),
          new ScheduleParameter("rate", ScheduleForm.CONSTANT, List.of()),
          new FloatParameter("optimizer.momentum", 0, 1, false, 0));

  private static final Map<String, Value> VALUES =
      Map.of(
          "lr", new DoubleValue(0.5),
          "layers", new IntValue(3),
          "bias", new BoolValue(true),
          "optimizer", new StringValue("adam"),
          "size", new StringValue("large"),
          "seed", new IntValue(7),
          "losses", new WeightsValue(List.of("ce", "kl"), List.of(0.25, 0.75)),
          "mix", new WeightsValue(List.of(), List.of(0.25, 0.75)),
          "rate", new ScheduleValue("constant", Map.of("value", 0.1)),
          "optimizer.momentum", new DoubleValue(0.9));

  private final Expressions expressions = new Expressions(PARAMETERS, List.of("untyped"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lr == 0.5 && layers > 2",
        "lr < 1",
        "layers > 2.5",
        "bias",
        "optimizer == 'adam'",
        "optimizer in ['sgd', 'adam']",
        "optimizer.matches('^a.*m$')",
        "optimizer.momentum > 0.8",
        "size == 'large'",
        "seed == 7",
        "losses.kl > 0.5",
        "losses['ce'] < 0.5",
        "mix[1] > mix[0]",
        "rate.value == 0.1",
        "double(layers) * lr == 1.5",
        "true"
      })
  void shouldTellWhatHolds(String text) {
    CelExpression expression = expressions.known(text);
    assertThat(expression.holds(VALUES)).isTrue();
    assertThat(expressions.known("!(" + text + ")").holds(VALUES)).isFalse();
    assertThat(expression.source()).isEqualTo(text);
  }

  @Test
  void shouldSayWhatAConditionNames() {
    assertThat(expressions.known("optimizer.momentum > 0.8 && (bias || lr < 0.5)").names())
        .containsExactlyInAnyOrder("optimizer.momentum", "bias", "lr");
    assertThat(expressions.known("type(lr) == double && optimizer.size() > 2").names())
        .containsExactlyInAnyOrder("lr", "optimizer");
  }

  /** Whatever an inactive parameter would be: only what is true then holds. */
  @Test
  void shouldNotHoldWhenItHangsOnAnInactiveParameter() {
    Map<String, Value> active = Map.of("optimizer", new StringValue("adam"));
    assertThat(expressions.known("lr > 0.1").holds(active)).isFalse();
    assertThat(expressions.known("!(lr > 0.1)").holds(active)).isFalse();
    assertThat(expressions.known("optimizer == 'adam' || lr > 0.1").holds(active)).isTrue();
    assertThat(expressions.known("lr > 0.1 || optimizer == 'adam'").holds(active)).isTrue();
    assertThat(expressions.known("optimizer == 'adam' && lr > 0.1").holds(active)).isFalse();
    assertThat(expressions.known("losses.kl > 0.1").holds(active)).isFalse();
  }

  @Test
  void shouldNotHoldWhenItFails() {
    CelExpression expression = expressions.known("6 / (layers - 3) > 1");
    assertThat(expression.holds(VALUES)).isFalse();
    assertThat(expression.fault(VALUES)).contains("divide by zero");
    assertThat(expression.holds(Map.of("layers", new IntValue(4)))).isTrue();
    assertThat(expression.fault(Map.of("layers", new IntValue(4)))).isEmpty();
    assertThat(expressions.known("untyped").holds(Map.of("untyped", new IntValue(1)))).isFalse();
    assertThat(
            expressions
                .known("untyped[0] == 1")
                .holds(Map.of("untyped", new ListValue(List.of(new IntValue(1))))))
        .isTrue();
  }

  @Test
  void shouldSayWhereAConditionIsWrong() {
    assertThat(expressions.compile("lr > 0.1 &&\n  nope"))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected -> {
              assertThat(rejected.faults()).hasSize(1);
              assertThat(rejected.faults().get(0).line()).isEqualTo(2);
              assertThat(rejected.faults().get(0).column()).isEqualTo(3);
              assertThat(rejected.faults().get(0).message()).contains("'nope'");
            });
    assertThatThrownBy(() -> expressions.known("layers"))
        .hasMessage("expected a condition, but of 'layers': expected type 'bool' but found 'int'");
  }

  @Test
  void shouldRefuseWhatCouldCostMuch() {
    assertThat(expressions.compile("[1, 2, 3].all(x, x > 1)")).isInstanceOf(Rejected.class);
    assertThat(expressions.compile("(".repeat(40) + "bias" + ")".repeat(40)))
        .isInstanceOf(Rejected.class);
    String padded = "bias" + " ".repeat(Expressions.MAX_LENGTH - 4);
    assertThat(expressions.compile(padded)).isInstanceOf(Compiled.class);
    assertThat(expressions.compile(padded + " "))
        .isInstanceOfSatisfying(
            Rejected.class,
            rejected ->
                assertThat(rejected.faults().get(0).message())
                    .isEqualTo("it has 1025 characters, at most 1024 are allowed"));
    assertThat(expressions.compile("bias" + "||bias".repeat(170))).isInstanceOf(Compiled.class);
    assertThat(expressions.compile("1<2" + "||1<2".repeat(200))).isInstanceOf(Rejected.class);
  }

  @Test
  void shouldEqualAConditionOfTheSameText() {
    assertThat(expressions.known("bias"))
        .isEqualTo(new Expressions(PARAMETERS).known("bias"))
        .hasSameHashCodeAs(expressions.known("bias"))
        .hasToString("bias")
        .isNotEqualTo(expressions.known("!bias"));
  }
}
