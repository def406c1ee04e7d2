package dev.rung.studyfile;

import dev.rung.space.Value;
import dev.rung.space.Value.BoolValue;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import dev.rung.space.Value.StringValue;
import dev.rung.studyfile.YamlNode.Refused;
import dev.rung.studyfile.YamlNode.Scalar;
import java.util.Optional;

/** Turns scalars into typed values; what cannot be one is a problem. */
final class Scalars {
  private static final int LONGEST_NUMBER = 400;

  private Scalars() {}

  /**
   * The value of a scalar, of the kind that it is written as.
   *
   * @param expected what may stand there, for the problem where none of it does
   * @param rule of text
   */
  static Optional<Value> value(
      YamlNode node, String path, String expected, TextRule rule, Problems problems) {
    if (!(node instanceof Scalar scalar)) {
      mismatch(node, path, expected, problems);
      return Optional.empty();
    }
    return switch (scalar.kind()) {
      case WHOLE, REAL -> number(scalar, path, problems);
      case FLAG -> Optional.of(new BoolValue(scalar.text().equalsIgnoreCase("true")));
      case TEXT -> {
        if (!rule.accepts(scalar.text())) {
          mismatch(scalar, path, rule.expected(), problems);
          yield Optional.empty();
        }
        yield Optional.of(new StringValue(scalar.text()));
      }
      case NOTHING -> {
        mismatch(scalar, path, expected, problems);
        yield Optional.empty();
      }
    };
  }

  /** A whole number of 64 bits or a finite real one. */
  static Optional<Value> number(YamlNode node, String path, Problems problems) {
    Optional<Value> value = Optional.empty();
    String expected = "a number";
    if (node instanceof Scalar scalar && scalar.kind() == YamlNode.Kind.WHOLE) {
      expected = "a whole number of 64 bits";
      value = whole(scalar.text());
    } else if (node instanceof Scalar scalar && scalar.kind() == YamlNode.Kind.REAL) {
      expected = "a finite number of 64 bits";
      value = real(scalar.text());
    }
    if (value.isEmpty()) {
      mismatch(node, path, expected, problems);
    }
    return value;
  }

  /** Reports a name that code could not look up. */
  static void checkName(String name, Position at, String path, Problems problems) {
    if (!TextRule.NAME.accepts(name)) {
      String expected = TextRule.NAME.expected();
      problems.error(at, path, "expected %s, but came %s".formatted(expected, Shown.quoted(name)));
    }
  }

  /** Reports a value of the wrong kind, unless it was refused already. */
  static void mismatch(YamlNode node, String path, String expected, Problems problems) {
    if (!(node instanceof Refused)) {
      problems.error(
          node.at(), path, "expected %s, but came %s".formatted(expected, Shown.value(node)));
    }
  }

  private static Optional<Value> whole(String text) {
    try {
      if (text.startsWith("0x")) {
        return Optional.of(new IntValue(Long.parseLong(text.substring(2), 16)));
      } else if (text.startsWith("0o")) {
        return Optional.of(new IntValue(Long.parseLong(text.substring(2), 8)));
      }
      return Optional.of(new IntValue(Long.parseLong(text)));
    } catch (NumberFormatException tooLarge) {
      return Optional.empty();
    }
  }

  private static Optional<Value> real(String text) {
    // Among the forms that the core schema calls real, only .inf and .nan have these letters.
    if (text.length() > LONGEST_NUMBER || text.matches(".*[iInN].*")) {
      return Optional.empty();
    }
    // Adding zero turns -0.0, which is not below 0.0 and yet differs from it, into 0.0.
    double value = Double.parseDouble(text) + 0.0;
    return Double.isFinite(value) ? Optional.of(new DoubleValue(value)) : Optional.empty();
  }
}
