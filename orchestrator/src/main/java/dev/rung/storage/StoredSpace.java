package dev.rung.storage;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.util.StdConverter;
import dev.rung.expr.Expressions;
import dev.rung.space.Condition;
import dev.rung.space.Expression;
import dev.rung.space.Parameter;
import dev.rung.space.SearchSpace;
import java.util.List;
import java.util.Optional;

/**
 * A space as it is stored: its expressions as their text. What came later is not written where it
 * is absent, so that old events keep their bytes.
 */
record StoredSpace(
    List<Parameter> parameters,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<List<When>> conditions,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<List<String>> forbidden) {

  /** What must hold for a parameter to be active. */
  record When(String parameter, String when) {}

  private static StoredSpace of(SearchSpace space) {
    List<When> conditions =
        space.conditions().stream()
            .map(condition -> new When(condition.parameter(), condition.when().source()))
            .toList();
    List<String> forbidden = space.forbidden().stream().map(Expression::source).toList();
    return new StoredSpace(space.parameters(), unlessEmpty(conditions), unlessEmpty(forbidden));
  }

  private static <T> Optional<List<T>> unlessEmpty(List<T> list) {
    return Optional.of(list).filter(all -> !all.isEmpty());
  }

  private SearchSpace space() {
    if (conditions.isEmpty() && forbidden.isEmpty()) {
      return new SearchSpace(parameters);
    }
    Expressions expressions = new Expressions(parameters);
    return new SearchSpace(
        parameters,
        conditions.orElse(List.of()).stream()
            .map(c -> new Condition(c.parameter(), expressions.known(c.when())))
            .toList(),
        forbidden.orElse(List.of()).stream().<Expression>map(expressions::known).toList());
  }

  /** Before it is written. */
  static final class Pack extends StdConverter<SearchSpace, StoredSpace> {
    @Override
    public StoredSpace convert(SearchSpace space) {
      return of(space);
    }
  }

  /** After it is read. */
  static final class Unpack extends StdConverter<StoredSpace, SearchSpace> {
    @Override
    public SearchSpace convert(StoredSpace stored) {
      return stored.space();
    }
  }
}
