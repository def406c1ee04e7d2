package dev.rung.studyfile;

import dev.rung.expr.Expressions;
import dev.rung.expr.Expressions.Compiled;
import dev.rung.expr.Expressions.Fault;
import dev.rung.expr.Expressions.Rejected;
import dev.rung.space.Parameter;
import dev.rung.space.Value;
import dev.rung.study.Needs;
import dev.rung.study.Needs.Amount;
import dev.rung.studyfile.YamlNode.Mapping;
import dev.rung.studyfile.YamlNode.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads what trials need of the node that they are trained on. */
final class NeedsReader {
  private static final int MAX_LABELS = 32;
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final String LABEL_RULE = "1 to 64 of [A-Za-z0-9._-]";
  private static final Needs ANY_SLOT = new Needs(Amount.of(1), Map.of(), Map.of());
  private static final String AMOUNT = "a number, or a formula of parameters in CEL";

  private final Fields trainer;
  private final List<Parameter> parameters;
  private final Problems problems;

  NeedsReader(Fields trainer, List<Parameter> parameters, Problems problems) {
    this.trainer = trainer;
    this.parameters = parameters;
    this.problems = problems;
  }

  /** The needs; empty: one slot of any node, or something is wrong. */
  Optional<Needs> read() {
    if (!trainer.has("slots") && !trainer.has("labels") && !trainer.has("least")) {
      return Optional.empty();
    }
    Map<String, String> labels = new LinkedHashMap<>();
    members("labels")
        .forEach((name, node) -> label(name, node).ifPresent(v -> labels.put(name, v)));
    Map<String, Amount> least = new LinkedHashMap<>();
    members("least")
        .forEach(
            (name, node) -> amount(path("least", name), node).ifPresent(v -> least.put(name, v)));
    Optional<Amount> slots =
        trainer.node("slots").flatMap(node -> amount(trainer.path("slots"), node));
    slots.ifPresent(this::checkSlots);
    Needs needs = new Needs(slots.orElse(Amount.of(1)), labels, least);
    return needs.equals(ANY_SLOT) ? Optional.empty() : Optional.of(needs);
  }

  private void checkSlots(Amount slots) {
    boolean isCount =
        slots.fixed() >= 1
            && slots.fixed() <= Needs.MOST_SLOTS
            && slots.fixed() == Math.rint(slots.fixed());
    if (slots.formula().isEmpty() && !isCount) {
      trainer.mismatch("slots", "a whole number from 1 to " + Needs.MOST_SLOTS);
    }
  }

  private Map<String, YamlNode> members(String key) {
    Map<String, YamlNode> members = new LinkedHashMap<>();
    Optional<YamlNode> node = trainer.node(key);
    if (node.isEmpty()) {
      return members;
    }
    if (!(node.get() instanceof Mapping mapping)) {
      trainer.mismatch(key, "a mapping of labels of nodes");
      return members;
    }
    if (mapping.members().size() > MAX_LABELS) {
      trainer.error(
          key,
          "expected at most %d labels, but came %d"
              .formatted(MAX_LABELS, mapping.members().size()));
    }
    mapping
        .members()
        .forEach((name, member) -> {
          if (LABEL.matcher(name).matches()) {
            members.put(name, member.value());
          } else {
            problems.error(
                member.keyAt(), path(key, name), "expected a label's name of " + LABEL_RULE);
          }
        });
    return members;
  }

  private String path(String key, String name) {
    return trainer.path(key) + "." + Shown.key(name);
  }

  /** Text, or a number or a truth value as it is written. */
  private Optional<String> label(String name, YamlNode node) {
    if (node instanceof Scalar scalar && LABEL.matcher(scalar.text()).matches()) {
      return Optional.of(scalar.text());
    }
    Scalars.mismatch(node, path("labels", name), "a label's value of " + LABEL_RULE, problems);
    return Optional.empty();
  }

  private Optional<Amount> amount(String path, YamlNode node) {
    if (node instanceof Scalar scalar) {
      switch (scalar.kind()) {
        case TEXT -> {
          return formula(path, scalar);
        }
        case WHOLE, REAL -> {
          return Scalars.number(node, path, problems).map(NeedsReader::amount);
        }
        case FLAG, NOTHING -> {
          // Reported with all else that is no amount.
        }
      }
    }
    Scalars.mismatch(node, path, AMOUNT, problems);
    return Optional.empty();
  }

  private static Amount amount(Value number) {
    return Amount.of(
        number instanceof Value.IntValue(long whole)
            ? whole
            : ((Value.DoubleValue) number).value());
  }

  private Optional<Amount> formula(String path, Scalar scalar) {
    return switch (Expressions.ofNumbers(parameters, List.of()).compile(scalar.text())) {
      case Compiled(var formula) -> Optional.of(new Amount(0, Optional.of(formula)));
      case Rejected(List<Fault> faults) -> {
        faults.forEach(fault ->
            problems.error(
                scalar.at(), path, Conditions.message(AMOUNT, scalar.text(), fault, names())));
        yield Optional.empty();
      }
    };
  }

  private List<String> names() {
    return parameters.stream().map(Parameter::name).toList();
  }
}
