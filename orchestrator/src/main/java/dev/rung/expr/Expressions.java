package dev.rung.expr;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelReference;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.rung.space.Parameter;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Compiles conditions on the parameters of a space. They are short, without macros and so without
 * loops, and their regular expressions are RE2: what one costs grows with its length alone.
 */
public final class Expressions {
  /** Most code points of a condition. */
  public static final int MAX_LENGTH = 1024;

  /** Most operators, names and literals of a condition. */
  private static final int MAX_NODES = 512;

  private static final int MAX_DEPTH = 32;
  private static final int MAX_REGEX = 1_000;

  private static final CelOptions OPTIONS =
      CelOptions.current()
          .enableHeterogeneousNumericComparisons(true)
          .enableComprehension(false)
          .comprehensionMaxIterations(0)
          .maxExpressionCodePointSize(MAX_LENGTH)
          .maxParseExpressionNodeCount(MAX_NODES)
          .maxParseRecursionDepth(MAX_DEPTH)
          .maxRegexProgramSize(MAX_REGEX)
          .build();

  /** Made when a condition is first compiled: most studies have none. */
  private static final class Evaluation {
    /** The other runtime fails where a variable is missing, and does not say that it is unknown. */
    private static final CelRuntime RUNTIME =
        CelRuntimeFactory.legacyCelRuntimeBuilder().setOptions(OPTIONS).build();
  }

  private static final Set<CelType> CONDITION = Set.of(SimpleType.BOOL, SimpleType.DYN);
  private static final Set<CelType> NUMBER =
      Set.of(SimpleType.INT, SimpleType.UINT, SimpleType.DOUBLE, SimpleType.DYN);

  private final Set<CelType> results;
  private final Set<String> names = new HashSet<>();
  private final CelCompiler compiler;

  /** What became of a text. */
  public sealed interface Result {}

  /** A condition. */
  public record Compiled(CelExpression expression) implements Result {}

  /**
   * A text that is no condition.
   *
   * @param faults at least one
   */
  public record Rejected(List<Fault> faults) implements Result {
    /** Copies the faults. */
    public Rejected {
      faults = List.copyOf(faults);
    }
  }

  /**
   * Something wrong with a text.
   *
   * @param line from 1
   * @param column in code points, from 1
   * @param message what CEL says, on one line
   */
  public record Fault(int line, int column, String message) {}

  /** For conditions on some parameters. */
  public Expressions(List<Parameter> parameters) {
    this(parameters, List.of());
  }

  /**
   * For conditions on some parameters.
   *
   * @param untyped names of further parameters, of which nothing is known but that they are there
   */
  public Expressions(List<Parameter> parameters, Collection<String> untyped) {
    this(parameters, untyped, CONDITION);
  }

  private Expressions(
      List<Parameter> parameters, Collection<String> untyped, Set<CelType> results) {
    this.results = results;
    CelCompilerBuilder builder =
        CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(List.of());
    if (results.equals(CONDITION)) {
      builder.setResultType(SimpleType.BOOL);
    }
    for (Parameter parameter : parameters) {
      if (names.add(parameter.name())) {
        builder.addVar(parameter.name(), CelTypes.type(parameter));
      }
    }
    for (String name : untyped) {
      if (names.add(name)) {
        builder.addVar(name, SimpleType.DYN);
      }
    }
    this.compiler = builder.build();
  }

  /** For formulas of some parameters that give a number. */
  public static Expressions ofNumbers(List<Parameter> parameters, Collection<String> untyped) {
    return new Expressions(parameters, untyped, NUMBER);
  }

  /** Compiles a condition or a formula. */
  public Result compile(String text) {
    int length = text.codePointCount(0, text.length());
    if (length > MAX_LENGTH) {
      String message = "it has %d characters, at most %d are allowed".formatted(length, MAX_LENGTH);
      return new Rejected(List.of(new Fault(1, 1, message)));
    }
    try {
      CelAbstractSyntaxTree tree = compiler.compile(text).getAst();
      if (!results.contains(tree.getResultType())) {
        String message = "it gives " + tree.getResultType().name() + ", and not a number";
        return new Rejected(List.of(new Fault(1, 1, message)));
      }
      Set<String> named =
          tree.getReferenceMap().values().stream()
              .map(CelReference::name)
              .filter(names::contains)
              .collect(Collectors.toSet());
      return new Compiled(new CelExpression(text, named, Evaluation.RUNTIME.createProgram(tree)));
    } catch (CelValidationException e) {
      return new Rejected(e.getErrors().stream().map(Expressions::fault).toList());
    } catch (CelEvaluationException e) {
      return new Rejected(List.of(new Fault(1, 1, String.valueOf(e.getMessage()))));
    }
  }

  /**
   * Compiles a condition that has been compiled before.
   *
   * @throws IllegalArgumentException it is none
   */
  public CelExpression known(String text) {
    return switch (compile(text)) {
      case Compiled(CelExpression expression) -> expression;
      case Rejected(List<Fault> faults) ->
          throw new IllegalArgumentException(
              "expected a condition, but of '%s': %s".formatted(text, faults.get(0).message()));
    };
  }

  private static Fault fault(CelIssue issue) {
    return new Fault(
        Math.max(1, issue.getSourceLocation().getLine()),
        Math.max(0, issue.getSourceLocation().getColumn()) + 1,
        issue.getMessage().lines().findFirst().orElse(""));
  }
}
