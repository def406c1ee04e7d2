package dev.rung.searcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.space.Assignment;
import dev.rung.space.Expression;
import dev.rung.space.Parameter.ConstantParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Searchers never propose what is forbidden. */
class ForbiddenTest {
  private static final FloatParameter X = new FloatParameter("x", 0, 1, false, 0);

  @Test
  void shouldDrawAgainWhatIsForbidden() {
    SearchSpace half = new SearchSpace(List.of(X), List.of(), List.of(new Above(0.5)));
    Searcher searcher = searcher("random", half);
    Searcher free = searcher("random", new SearchSpace(List.of(X)));
    for (int trial = 1; trial <= 200; trial++) {
      Assignment drawn = searcher.suggest(trial).orElseThrow();
      assertThat(x(drawn)).isLessThanOrEqualTo(0.5);
      Assignment first = free.suggest(trial).orElseThrow();
      // What was allowed at once stays what it is without the condition.
      assertThat(x(first) > 0.5 || first.equals(drawn)).isTrue();
      assertThat(searcher.suggest(trial)).contains(drawn);
    }
  }

  @Test
  void shouldGoOnToTheNextSobolPointThatIsAllowed() {
    SearchSpace half = new SearchSpace(List.of(X), List.of(), List.of(new Above(0.5)));
    Searcher all = searcher("sobol", new SearchSpace(List.of(X)));
    List<Double> allowed = new ArrayList<>();
    for (int trial = 1; trial <= 64; trial++) {
      double x = x(all.suggest(trial).orElseThrow());
      if (x <= 0.5) {
        allowed.add(x);
      }
    }
    // Of the first 64 points each interval of length 1/64 holds one.
    assertThat(allowed).hasSize(32);
    Searcher searcher = searcher("sobol", half);
    assertThat(x(searcher.suggest(32).orElseThrow())).isEqualTo(allowed.get(31));
    for (int trial = 1; trial <= 32; trial++) {
      assertThat(x(searcher.suggest(trial).orElseThrow())).isEqualTo(allowed.get(trial - 1));
    }
    assertThat(searcher("sobol", half).suggest(7)).isEqualTo(searcher.suggest(7));
  }

  @Test
  void shouldRunOutWhereNothingIsAllowed() {
    SearchSpace none = new SearchSpace(List.of(X), List.of(), List.of(new Above(-1)));
    assertThat(searcher("random", none).suggest(1)).isEmpty();
    assertThat(searcher("sobol", none).suggest(1)).isEmpty();
  }

  @Test
  void shouldSearchASpaceWithoutCoordinates() {
    SearchSpace constant = new SearchSpace(List.of(new ConstantParameter("c", new IntValue(7))));
    Optional<Assignment> only = Optional.of(new Assignment(List.of(new IntValue(7))));
    assertThat(searcher("random", constant).suggest(1)).isEqualTo(only);
    assertThat(searcher("sobol", constant).suggest(5)).isEqualTo(only);
  }

  private static Searcher searcher(String name, SearchSpace space) {
    return Searchers.of(name, space, new Searchers.Settings(3, 3, OptionalInt.empty()));
  }

  private static double x(Assignment assignment) {
    return ((DoubleValue) assignment.values().get(0)).value();
  }

  private record Above(double bound) implements Expression {
    @Override
    public OptionalDouble number(Map<String, Value> values) {
      return OptionalDouble.empty();
    }

    @Override
    public String source() {
      return "x > " + bound;
    }

    @Override
    public Set<String> names() {
      return Set.of("x");
    }

    @Override
    public boolean holds(Map<String, Value> values) {
      return values.get("x") instanceof DoubleValue(double x) && x > bound;
    }
  }
}
