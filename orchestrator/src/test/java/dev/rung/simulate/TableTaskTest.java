package dev.rung.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.rung.searcher.Observation;
import dev.rung.searcher.Searcher;
import dev.rung.space.Assignment;
import dev.rung.space.Parameter;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import dev.rung.space.Value.StringValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A table as a task: its space, and the rows that proposals become. */
final class TableTaskTest {

  private static CurveTable table(List<Map<String, Value>> settings) {
    List<CurveTable.Row> rows = new ArrayList<>();
    for (int i = 0; i < settings.size(); i++) {
      rows.add(
          new CurveTable.Row(
              settings.get(i), new TreeMap<>(Map.of("loss", new double[] {i, i + 0.5}))));
    }
    return new CurveTable(rows);
  }

  private static Value real(double x) {
    return new DoubleValue(x);
  }

  /** Eleven settings, each hyper-parameter spread evenly on another scale. */
  private static CurveTable scales() {
    return table(
        IntStream.rangeClosed(0, 10)
            .mapToObj(i ->
                Map.<String, Value>of(
                    "rate", real(Math.pow(10, -5 + i * 0.5)),
                    "momentum", real(1 - Math.pow(10, -4 + i * 0.4)),
                    "dropout", real(0.1 + i * 0.05),
                    "layers", new IntValue(1 + i),
                    "activation", new StringValue(i % 2 == 0 ? "relu" : "tanh")))
            .toList());
  }

  @Test
  void shouldFindTheScaleOnWhichEachHyperParameterIsSpread() {
    List<Parameter> parameters = new TableTask(scales()).space().parameters();

    assertThat(parameters.stream().map(Parameter::name))
        .containsExactly("activation", "dropout", "layers", "one_minus_momentum", "rate");
    assertThat(parameters.get(0))
        .isEqualTo(
            new CategoricalParameter(
                "activation", List.of(new StringValue("relu"), new StringValue("tanh"))));
    assertThat(((FloatParameter) parameters.get(1)).log()).isFalse();
    assertThat(parameters.get(2)).isEqualTo(new IntParameter("layers", 1, 11, false, 1));
    FloatParameter complement = (FloatParameter) parameters.get(3);
    assertThat(complement.log()).isTrue();
    assertThat(complement.min()).isCloseTo(1e-4, within(1e-12));
    assertThat(complement.max()).isEqualTo(1);
    assertThat(((FloatParameter) parameters.get(4)).log()).isTrue();
  }

  @Test
  void shouldHoldEveryRowInItsSpace() {
    TableTask task = new TableTask(scales());

    for (int row = 0; row < task.rows().size(); row++) {
      assertThat(task.space().contains(task.rows().assignment(row))).isTrue();
      assertThat(task.rows().row(task.rows().assignment(row))).isEqualTo(row);
    }
  }

  @Test
  void shouldMeasureTheRowAtTheStep() {
    TableTask task = new TableTask(scales());

    assertThat(task.measure(task.rows().assignment(3), 1, 1))
        .containsExactly(Map.entry("loss", 3.0));
    assertThat(task.measure(task.rows().assignment(3), 1, 2))
        .containsExactly(Map.entry("loss", 3.5));
    assertThat(task.lastStep()).hasValue(2);
  }

  /** Rows at 0.1, 0.2, 0.4 and 0.8 of a space from 0 to 1. */
  private static TableTask line() {
    return new TableTask(
        table(
            List.of(
                Map.of("x", real(0.1)),
                Map.of("x", real(0.2)),
                Map.of("x", real(0.4)),
                Map.of("x", real(0.8)))),
        new SearchSpace(List.of(new FloatParameter("x", 0, 1, false, 0))));
  }

  private static Searcher always(double x) {
    return new Searcher() {
      @Override
      public String name() {
        return "test";
      }

      @Override
      public Optional<Assignment> suggest(int trial) {
        return Optional.of(new Assignment(List.of(real(x))));
      }
    };
  }

  private static List<Double> all(Searcher searcher) {
    List<Double> values = new ArrayList<>();
    for (int trial = 1; ; trial++) {
      Optional<Assignment> next = searcher.suggest(trial);
      if (next.isEmpty()) {
        return values;
      }
      values.add(((DoubleValue) next.get().values().get(0)).value());
      searcher.observe(new Observation.Begun(trial, next.get()));
    }
  }

  /** From 0.35: 0.05, 0.15, 0.25 and 0.45 away. */
  @Test
  void shouldGiveTheNearestUnusedRowUntilNoneIsLeft() {
    assertThat(all(line().limit(always(0.35), 1))).containsExactly(0.4, 0.2, 0.1, 0.8);
  }

  /** The same setting twice is one row, with the curve that came first. */
  @Test
  void shouldTakeTheFirstRowOfASetting() {
    TableTask twice = new TableTask(table(List.of(Map.of("x", real(0.5)), Map.of("x", real(0.5)))));

    assertThat(all(twice.limit(always(0.5), 1))).containsExactly(0.5);
    assertThat(twice.measure(twice.rows().assignment(0), 1, 1)).containsEntry("loss", 0.0);
  }

  @Test
  void shouldDrawEveryRowOnceWhereTheSearchIsRandom() {
    Searcher random =
        new Searcher() {
          @Override
          public String name() {
            return "random";
          }

          @Override
          public Optional<Assignment> suggest(int trial) {
            throw new AssertionError("rows are drawn");
          }
        };
    List<List<Double>> orders =
        IntStream.range(0, 50).mapToObj(seed -> all(line().limit(random, seed))).toList();

    assertThat(orders)
        .allSatisfy(order -> assertThat(order).containsExactlyInAnyOrder(0.1, 0.2, 0.4, 0.8));
    assertThat(orders.stream().distinct().count()).isGreaterThan(10);
  }

  /** A copy of a trial with a changed value has no row of its own. */
  @Test
  void shouldMeasureTheNearestRowOfAnythingElse() {
    assertThat(line().measure(new Assignment(List.of(real(0.31))), 1, 1))
        .containsExactly(Map.entry("loss", 2.0));
  }

  @Test
  void shouldRefuseASpaceThatTheTableIsNotOf() {
    CurveTable table = table(List.of(Map.of("x", real(2))));

    assertThatThrownBy(() ->
            new TableTask(table, new SearchSpace(List.of(new FloatParameter("x", 0, 1, false, 0)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("space: expected all of the table, but entry 1 is outside: {x=");
    assertThatThrownBy(() ->
            new TableTask(table, new SearchSpace(List.of(new FloatParameter("y", 0, 1, false, 0)))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("space.y: expected a hyper-parameter of the table, which has [x]");
  }
}
