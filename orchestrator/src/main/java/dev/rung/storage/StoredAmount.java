package dev.rung.storage;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.util.StdConverter;
import dev.rung.expr.Expressions;
import dev.rung.space.Expression;
import dev.rung.study.Needs.Amount;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeSet;

/** A number or the text of a formula, which is compiled again when it is read. */
record StoredAmount(
    @JsonInclude(JsonInclude.Include.NON_ABSENT) OptionalDouble number,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Formula> formula) {

  /** A formula and the parameters that it names. */
  record Formula(String text, List<String> names) {}

  /** Before it is written. */
  static final class Pack extends StdConverter<Amount, StoredAmount> {
    @Override
    public StoredAmount convert(Amount amount) {
      return amount
          .formula()
          .map(formula -> new StoredAmount(OptionalDouble.empty(), Optional.of(stored(formula))))
          .orElseGet(() -> new StoredAmount(OptionalDouble.of(amount.fixed()), Optional.empty()));
    }

    private static Formula stored(Expression formula) {
      return new Formula(formula.source(), List.copyOf(new TreeSet<>(formula.names())));
    }
  }

  /** After it is read. */
  static final class Unpack extends StdConverter<StoredAmount, Amount> {
    @Override
    public Amount convert(StoredAmount stored) {
      return new Amount(
          stored.number().orElse(0),
          stored.formula().map(f -> Expressions.ofNumbers(List.of(), f.names()).known(f.text())));
    }
  }
}
