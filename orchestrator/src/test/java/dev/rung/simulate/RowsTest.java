package dev.rung.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.StringValue;
import dev.rung.study.StudyPlan;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/** Places of rows, where not every parameter is active. */
final class RowsTest {
  private static final SearchSpace SPACE = space();

  private static SearchSpace space() {
    StudyPlan plan =
        RecordedStudy.plan(
            """
            name: rows
            metric: {name: loss, goal: minimize}
            resource: {unit: epoch, max: 9}
            budget: {trials: 2}
            space:
              optimizer: {values: [sgd, adam]}
              momentum: {min: 0.0, max: 1.0, when: optimizer == "sgd"}
            trainer: {kind: none}
            """);
    return plan.space();
  }

  private static Assignment sgd(double momentum) {
    return SPACE.read(
        Map.of(
            "optimizer", new StringValue("sgd"),
            "momentum", new DoubleValue(momentum)));
  }

  private static Assignment adam() {
    return SPACE.read(Map.of("optimizer", new StringValue("adam")));
  }

  /** From sgd at 0.2: 0.7 away, and as far as the optimizer and a whole momentum. */
  @Test
  void shouldFindTheNearestRowWhereParametersAreInactive() {
    SequencedMap<Assignment, String> known = new LinkedHashMap<>();
    known.put(adam(), "adam");
    known.put(sgd(0.9), "sgd");
    Rows<String> rows = new Rows<>(SPACE, known);

    assertThat(rows.known(sgd(0.2))).isEqualTo("sgd");
    assertThat(rows.known(adam())).isEqualTo("adam");
    assertThat(rows.nearest(adam(), new BitSet())).isZero();
    BitSet used = new BitSet();
    used.set(1);
    assertThat(rows.nearest(sgd(0.2), used)).isZero();
    used.set(0);
    assertThat(rows.nearest(sgd(0.2), used)).isEqualTo(-1);
  }
}
