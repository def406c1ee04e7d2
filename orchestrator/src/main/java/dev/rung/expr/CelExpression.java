package dev.rung.expr;

import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime.Program;
import dev.rung.space.Expression;
import dev.rung.space.Value;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A compiled condition or formula. Two of the same text are equal: they stand in plans, which are
 * compared. For use by any thread.
 */
public final class CelExpression implements Expression {
  private final String source;
  private final Set<String> names;
  private final Program program;

  CelExpression(String source, Set<String> names, Program program) {
    this.source = source;
    this.names = Set.copyOf(names);
    this.program = program;
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public Set<String> names() {
    return names;
  }

  @Override
  public boolean holds(Map<String, Value> values) {
    try {
      // Where it hangs on an inactive parameter the result is a set of what is unknown.
      return evaluate(values) instanceof Boolean holds && holds;
    } catch (CelEvaluationException e) {
      return false;
    }
  }

  @Override
  public OptionalDouble number(Map<String, Value> values) {
    try {
      return evaluate(values) instanceof Number number && Double.isFinite(number.doubleValue())
          ? OptionalDouble.of(number.doubleValue())
          : OptionalDouble.empty();
    } catch (CelEvaluationException e) {
      return OptionalDouble.empty();
    }
  }

  /** Why it cannot be said whether it is true of some values; empty: it can. */
  public Optional<String> fault(Map<String, Value> values) {
    try {
      Object unused = evaluate(values);
      return Optional.empty();
    } catch (CelEvaluationException e) {
      // The message is that of a cause that may have none.
      return Optional.of(e.getErrorCode().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
  }

  private Object evaluate(Map<String, Value> values) throws CelEvaluationException {
    Map<String, Object> variables = new HashMap<>();
    for (String name : names) {
      Value value = values.get(name);
      if (value != null) {
        variables.put(name, CelTypes.value(value));
      }
    }
    return program.eval(variables);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CelExpression that && source.equals(that.source);
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return source;
  }
}
