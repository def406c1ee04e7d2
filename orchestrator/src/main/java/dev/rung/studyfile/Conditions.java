package dev.rung.studyfile;

import dev.rung.expr.CelExpression;
import dev.rung.expr.Expressions;
import dev.rung.expr.Expressions.Compiled;
import dev.rung.expr.Expressions.Fault;
import dev.rung.expr.Expressions.Rejected;
import dev.rung.space.Condition;
import dev.rung.space.Expression;
import dev.rung.space.Parameter;
import dev.rung.space.SearchSpace;
import dev.rung.studyfile.YamlNode.Items;
import dev.rung.studyfile.YamlNode.Kind;
import dev.rung.studyfile.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads when parameters are active and what is forbidden, and so completes a space. */
final class Conditions {
  /** Most conditions of what is forbidden. */
  static final int MAX_FORBIDDEN = 64;

  private static final int MESSAGE_LIMIT = 200;
  private static final Pattern UNKNOWN = Pattern.compile("undeclared reference to '([^']*)'.*");

  private static final Pattern CANDIDATES = Pattern.compile(" \\(candidates: .*");
  private static final Pattern MIXED = Pattern.compile("'\\((double, int|int, double)\\)'");

  private final List<Parameter> parameters;
  private final Map<String, Position> places;
  private final Map<String, List<Written>> written;
  private final Problems problems;

  /** What each text that could be compiled is; the conditions of a group stand there once. */
  private final Map<Written, CelExpression> compiled = new LinkedHashMap<>();

  /** A condition as it stands in the file. */
  record Written(Position at, String path, String text) {}

  /**
   * For one space.
   *
   * @param parameters that could be read
   * @param places of all that stand there
   * @param written conditions of each
   */
  Conditions(
      List<Parameter> parameters,
      Map<String, Position> places,
      Map<String, List<Written>> written,
      Problems problems) {
    this.parameters = parameters;
    this.places = places;
    this.written = written;
    this.problems = problems;
  }

  /**
   * The space; where something is wrong, one without conditions.
   *
   * @param at where its parameters are
   */
  Optional<SearchSpace> read(Fields study, Position at) {
    List<Written> forbidden = forbidden(study);
    List<Written> all =
        places.keySet().stream()
            .flatMap(name -> written.getOrDefault(name, List.of()).stream())
            .distinct()
            .toList();
    if (all.isEmpty() && forbidden.isEmpty()) {
      return Optional.of(new SearchSpace(parameters));
    }
    Expressions expressions = new Expressions(parameters, places.keySet());
    all.forEach(when -> compile(expressions, when));
    forbidden.forEach(condition -> compile(expressions, condition));
    if (hasCycle() || problems.foundErrors()) {
      return Optional.of(new SearchSpace(parameters));
    }
    SearchSpace space =
        new SearchSpace(parameters, conditions(), forbidden.stream().map(this::get).toList());
    new SpaceCheck(space, compiled, problems)
        .check(study.has("forbid") ? study.valueAt("forbid") : at);
    return Optional.of(space);
  }

  private Expression get(Written condition) {
    CelExpression expression = compiled.get(condition);
    if (expression == null) {
      throw new IllegalStateException("expected a compiled condition at " + condition.path());
    }
    return expression;
  }

  private List<Condition> conditions() {
    List<Condition> conditions = new ArrayList<>();
    for (Parameter parameter : parameters) {
      for (Written when : written.getOrDefault(parameter.name(), List.of())) {
        conditions.add(new Condition(parameter.name(), get(when)));
      }
    }
    return conditions;
  }

  private List<Written> forbidden(Fields study) {
    Optional<YamlNode> node = study.node("forbid");
    if (node.isEmpty() || !(node.get() instanceof Items items)) {
      study.mismatch("forbid", "a list of conditions");
      return List.of();
    }
    int count = items.nodes().size();
    if (count > MAX_FORBIDDEN) {
      String message =
          "expected at most %d conditions, but came %d".formatted(MAX_FORBIDDEN, count);
      study.error("forbid", message);
    }
    List<Written> forbidden = new ArrayList<>();
    for (int i = 0; i < Math.min(count, MAX_FORBIDDEN); i++) {
      YamlNode item = items.nodes().get(i);
      String path = "forbid[%d]".formatted(i);
      if (item instanceof Scalar scalar
          && scalar.kind() == Kind.TEXT
          && TextRule.CONDITION.accepts(scalar.text())) {
        forbidden.add(new Written(item.at(), path, scalar.text()));
      } else {
        Scalars.mismatch(item, path, TextRule.CONDITION.expected(), problems);
      }
    }
    return forbidden;
  }

  private void compile(Expressions expressions, Written condition) {
    if (problems.isFull()) {
      return;
    }
    switch (expressions.compile(condition.text())) {
      case Compiled(CelExpression expression) -> compiled.put(condition, expression);
      case Rejected(List<Fault> faults) ->
          faults.forEach(fault ->
              problems.error(
                  condition.at(),
                  condition.path(),
                  message("a condition in CEL", condition.text(), fault, places.keySet())));
    }
  }

  /**
   * What is wrong with a text.
   *
   * @param expected what it should be
   * @param known parameters of the space
   */
  static String message(String expected, String text, Fault fault, Collection<String> known) {
    String where =
        text.contains("\n")
            ? "at line %d, character %d".formatted(fault.line(), fault.column())
            : "at character %d".formatted(fault.column());
    Matcher unknown = UNKNOWN.matcher(fault.message());
    if (unknown.matches()) {
      String name = unknown.group(1);
      return "expected parameters of the space %s, but came %s%s"
          .formatted(where, Shown.key(name), near(name, known));
    }
    // It goes on with every overload that there is.
    String message = CANDIDATES.matcher(fault.message()).replaceFirst("");
    boolean mixesNumbers = MIXED.matcher(message).find();
    return "expected %s, but %s: %s%s"
        .formatted(
            expected,
            where,
            Shown.escaped(message, MESSAGE_LIMIT),
            mixesNumbers ? "; write 2.0 for 2, or double(x) for x" : "");
  }

  private static String near(String name, Collection<String> known) {
    return Nearest.to(name, known).map(near -> "; did you mean " + near + "?").orElse("");
  }

  /** Reports each parameter whose activity depends on itself. */
  private boolean hasCycle() {
    Map<String, Set<String>> needed = new LinkedHashMap<>();
    written.forEach((name, conditions) -> {
      Set<String> names = new TreeSet<>();
      for (Written when : conditions) {
        CelExpression expression = compiled.get(when);
        names.addAll(expression == null ? Set.of() : expression.names());
      }
      needed.put(name, names);
    });
    List<List<String>> cycles = Cycles.of(needed);
    for (List<String> cycle : cycles) {
      String first = cycle.get(0);
      Written when = written.getOrDefault(first, List.of()).getLast();
      problems.error(
          when.at(),
          when.path(),
          "expected a condition on parameters that do not need %s, but %s needs %s"
              .formatted(Shown.key(first), String.join(" needs ", cycle), first));
    }
    return !cycles.isEmpty();
  }
}
