package dev.rung.searcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.searcher.Searchers.Settings;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.SearchSpace;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SearchersTest {
  private static final SearchSpace SPACE =
      new SearchSpace(List.of(new IntParameter("hidden", 1, 9, false, 1)));
  private static final Settings SETTINGS = new Settings(5, 3, OptionalInt.empty());

  @Test
  void shouldMakeEverySearcherByItsName() {
    assertThat(Searchers.names())
        .containsExactly("auto", "external", "grid", "random", "sobol", "tpe");
    for (String name : Searchers.names()) {
      Searcher searcher = Searchers.of(name, SPACE, SETTINGS);
      assertThat(searcher.name()).isEqualTo(name);
      assertThat(searcher.suggest(1)).as(name).isPresent().isEqualTo(searcher.suggest(1));
    }
  }

  @Test
  void shouldNameTheKnownSearchersWhenAnotherIsAskedFor() {
    assertThatThrownBy(() -> Searchers.of("genetic", SPACE, SETTINGS))
        .hasMessage(
            "expected a searcher of [auto, external, grid, random, sobol, tpe], but came genetic");
  }

  @Test
  void shouldNameTheParameterThatAGridHasNoEndOf() {
    SearchSpace endless = new SearchSpace(List.of(new FloatParameter("lr", 0, 1, false, 0)));
    assertThatThrownBy(() -> Searchers.of("grid", endless, SETTINGS))
        .hasMessage(
            "expected a parameter with finitely many values or a number of points to take of"
                + " each, but lr takes any value");
  }
}
