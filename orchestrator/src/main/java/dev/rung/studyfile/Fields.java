package dev.rung.studyfile;

import dev.rung.space.Value;
import dev.rung.space.Value.IntValue;
import dev.rung.studyfile.YamlNode.Kind;
import dev.rung.studyfile.YamlNode.Mapping;
import dev.rung.studyfile.YamlNode.Member;
import dev.rung.studyfile.YamlNode.Refused;
import dev.rung.studyfile.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Typed access to a mapping whose keys are fixed. Whatever is not as asked for is reported, and
 * counts as absent; an absent key that is required is reported at the start.
 */
final class Fields {
  private final Mapping mapping;
  private final String path;
  private final Problems problems;

  private Fields(Mapping mapping, String path, Problems problems) {
    this.mapping = mapping;
    this.path = path;
    this.problems = problems;
  }

  /** The keys of a section, after a check that it has the required ones and no others. */
  static Optional<Fields> of(YamlNode node, String path, Section section, Problems problems) {
    if (!(node instanceof Mapping mapping)) {
      String keys = String.join(", ", section.keys());
      Scalars.mismatch(node, path, "a mapping with keys of " + keys, problems);
      return Optional.empty();
    }
    Fields fields = new Fields(mapping, path, problems);
    mapping.members().forEach((key, member) -> fields.checkKey(section, key, member));
    for (String key : section.keys()) {
      if (section.required().contains(key) && !fields.has(key)) {
        problems.error(mapping.at(), fields.path(key), "expected this key, but it is missing");
      }
    }
    return Optional.of(fields);
  }

  private void checkKey(Section section, String key, Member member) {
    if (section.keys().contains(key) || problems.isFull()) {
      return;
    }
    String message =
        section.later().contains(key)
            ? "not supported in this version"
            : "unknown key; "
                + section
                    .meant(key)
                    .map(near -> "did you mean " + near + "?")
                    .orElse("expected one of " + String.join(", ", section.keys()));
    problems.error(member.keyAt(), path(key), message);
  }

  /** Where the mapping begins. */
  Position at() {
    return mapping.at();
  }

  /** The path of a key; of the mapping itself where the key is empty. */
  String path(String key) {
    if (key.isEmpty()) {
      return path;
    }
    return path.isEmpty() ? Shown.key(key) : path + "." + Shown.key(key);
  }

  /** Whether the mapping has the key, with whatever value. */
  boolean has(String key) {
    return mapping.members().containsKey(key);
  }

  /**
   * Reports known keys that do not go together with what the mapping is.
   *
   * @param what it is, in words
   * @param allowed keys that do
   */
  void refuseBeside(String what, Collection<String> allowed) {
    for (String key : mapping.members().keySet()) {
      if (Section.PARAMETER.keys().contains(key) && !allowed.contains(key)) {
        error(key, "expected no %s beside %s".formatted(key, what));
      }
    }
  }

  /** The value of a key as it stands there; empty also where it was refused before. */
  Optional<YamlNode> node(String key) {
    return Optional.ofNullable(mapping.members().get(key))
        .map(Member::value)
        .filter(node -> !(node instanceof Refused));
  }

  /** The value of a key that is a section of its own. */
  Optional<Fields> section(String key, Section section) {
    return node(key).flatMap(node -> of(node, path(key), section, problems));
  }

  /** A scalar as it is written, cut at a length that a message can hold. */
  Optional<String> word(String key) {
    return node(key)
        .flatMap(
            node -> node instanceof Scalar s ? Optional.of(Shown.escaped(s)) : Optional.empty());
  }

  /** Text. */
  Optional<String> text(String key, TextRule rule) {
    return node(key).flatMap(node -> text(key, node, rule));
  }

  private Optional<String> text(String key, YamlNode node, TextRule rule) {
    if (node instanceof Scalar scalar && scalar.kind() == Kind.TEXT) {
      if (rule.accepts(scalar.text())) {
        return Optional.of(scalar.text());
      }
      Scalars.mismatch(node, path(key), rule.expected(), problems);
    } else {
      boolean mayBeQuoted = node instanceof Scalar scalar && scalar.kind() != Kind.NOTHING;
      Scalars.mismatch(
          node, path(key), mayBeQuoted ? "text (quotes make it so)" : "text", problems);
    }
    return Optional.empty();
  }

  /** One of several words. */
  Optional<String> oneOf(String key, Iterable<String> words) {
    List<String> known = new ArrayList<>();
    words.forEach(known::add);
    Optional<YamlNode> node = node(key);
    Optional<String> word =
        node.map(n -> n instanceof Scalar scalar ? scalar.text() : "").filter(known::contains);
    if (word.isEmpty()) {
      node.ifPresent(
          n -> Scalars.mismatch(n, path(key), "one of " + String.join(", ", known), problems));
    }
    return word;
  }

  /** One of an enum's constants, written in lower case. */
  <E extends Enum<E>> Optional<E> constant(String key, Class<E> type) {
    List<String> words = new ArrayList<>();
    for (E constant : type.getEnumConstants()) {
      words.add(constant.name().toLowerCase(Locale.ROOT));
    }
    return oneOf(key, words).map(word -> Enum.valueOf(type, word.toUpperCase(Locale.ROOT)));
  }

  /** True or false. */
  Optional<Boolean> flag(String key) {
    Optional<YamlNode> node = node(key);
    if (node.isPresent() && node.get() instanceof Scalar scalar && scalar.kind() == Kind.FLAG) {
      return Optional.of(scalar.text().equalsIgnoreCase("true"));
    }
    node.ifPresent(n -> Scalars.mismatch(n, path(key), "true or false", problems));
    return Optional.empty();
  }

  /** A whole number of 64 bits or a finite real number. */
  Optional<Value> number(String key) {
    return node(key).flatMap(node -> Scalars.number(node, path(key), problems));
  }

  /** A finite number. */
  OptionalDouble real(String key) {
    Optional<Value> number = number(key);
    return number.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(real(number.get()));
  }

  /** A number as a real one. */
  static double real(Value number) {
    return number
        .number()
        .orElseThrow(() -> new IllegalArgumentException("expected a number, but came " + number));
  }

  /** A whole number within bounds. */
  OptionalLong whole(String key, long min, long max) {
    Optional<YamlNode> node = node(key);
    String expected =
        min == Long.MIN_VALUE
            ? "a whole number of 64 bits"
            : "a whole number from %d to %d".formatted(min, max);
    if (node.isPresent() && node.get() instanceof Scalar scalar && scalar.kind() == Kind.WHOLE) {
      Optional<Value> value = Scalars.number(scalar, path(key), problems);
      if (value.isPresent() && value.get() instanceof IntValue(long x)) {
        if (x >= min && x <= max) {
          return OptionalLong.of(x);
        }
        error(key, "expected %s, but came %d".formatted(expected, x));
      }
    } else {
      node.ifPresent(n -> Scalars.mismatch(n, path(key), expected, problems));
    }
    return OptionalLong.empty();
  }

  /** Reports a value of the wrong kind, if there is one. */
  void mismatch(String key, String expected) {
    node(key).ifPresent(node -> Scalars.mismatch(node, path(key), expected, problems));
  }

  /** Reports a value. */
  void error(String key, String message) {
    problems.error(valueAt(key), path(key), message);
  }

  /** Warns of a value. */
  void warn(String key, String message) {
    problems.warn(valueAt(key), path(key), message);
  }

  /** The place of a key's value; of the mapping where it has none. */
  Position valueAt(String key) {
    Member member = mapping.members().get(key);
    return member == null ? mapping.at() : member.value().at();
  }
}
