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
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Searchers never propose what is forbidden. */
class ForbiddenTest {
  private static final FloatParameter X = new FloatParameter("x", 0, 1, false, 0);

  @Test
  void shouldDrawAgainWhatIsForbidden() {
    SearchSpace half = new SearchSpace(List.of(X), List.of(), List.of(new Above(0.5)));
    RandomSearcher searcher = new RandomSearcher(half, 3);
    RandomSearcher free = new RandomSearcher(new SearchSpace(List.of(X)), 3);
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
    SobolSearcher all = new SobolSearcher(new SearchSpace(List.of(X)), 3);
    List<Double> allowed = new ArrayList<>();
    for (int trial = 1; trial <= 64; trial++) {
      double x = x(all.suggest(trial).orElseThrow());
      if (x <= 0.5) {
        allowed.add(x);
      }
    }
    // Of the first 64 points each interval of length 1/64 holds one.
    assertThat(allowed).hasSize(32);
    SobolSearcher searcher = new SobolSearcher(half, 3);
    assertThat(x(searcher.suggest(32).orElseThrow())).isEqualTo(allowed.get(31));
    for (int trial = 1; trial <= 32; trial++) {
      assertThat(x(searcher.suggest(trial).orElseThrow())).isEqualTo(allowed.get(trial - 1));
    }
    assertThat(new SobolSearcher(half, 3).suggest(7)).isEqualTo(searcher.suggest(7));
  }

  @Test
  void shouldRunOutWhereNothingIsAllowed() {
    SearchSpace none = new SearchSpace(List.of(X), List.of(), List.of(new Above(-1)));
    assertThat(new RandomSearcher(none, 1).suggest(1)).isEmpty();
    assertThat(new SobolSearcher(none, 1).suggest(1)).isEmpty();
  }

  @Test
  void shouldSearchASpaceWithoutCoordinates() {
    SearchSpace constant = new SearchSpace(List.of(new ConstantParameter("c", new IntValue(7))));
    Optional<Assignment> only = Optional.of(new Assignment(List.of(new IntValue(7))));
    assertThat(new RandomSearcher(constant, 1).suggest(1)).isEqualTo(only);
    assertThat(new SobolSearcher(constant, 1).suggest(5)).isEqualTo(only);
  }

  private static double x(Assignment assignment) {
    return ((DoubleValue) assignment.values().get(0)).value();
  }

  private record Above(double bound) implements Expression {
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
