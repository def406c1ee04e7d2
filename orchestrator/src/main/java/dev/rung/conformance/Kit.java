package dev.rung.conformance;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Examines a trainer node: starts it, plays the server, and checks each rule of the protocol. The
 * node offers the kind {@code conformance}, whose training docs/protocol.md describes.
 */
public final class Kit {
  private static final List<Rule> RULES =
      Stream.of(RunRules.all(), OrderRules.all(), CheckpointRules.all(), ContactRules.all())
          .flatMap(List::stream)
          .toList();

  private Kit() {}

  /**
   * What came of a rule.
   *
   * @param rule its id
   * @param text the rule in a sentence
   * @param violation what was expected and what came; empty: the rule is kept
   * @param took how long it took to see
   */
  public record Result(String rule, String text, Optional<String> violation, Duration took) {
    /** Whether the rule is kept. */
    public boolean kept() {
      return violation.isEmpty();
    }
  }

  /** The ids of all rules, in the order in which they are checked. */
  public static List<String> rules() {
    return RULES.stream().map(Rule::id).toList();
  }

  /**
   * Checks a trainer.
   *
   * @param command starts it, with {@code {server}}, {@code {name}}, {@code {data}} and {@code
   *     {slots}} in its arguments
   * @param only ids of rules; empty: all
   * @param folder for what it keeps and prints
   * @param each is told each result as it comes
   * @throws IllegalArgumentException there is no rule of such an id
   * @throws IOException the trainer cannot be started
   */
  public static List<Result> check(
      List<String> command, Set<String> only, Path folder, Consumer<Result> each)
      throws IOException, InterruptedException {
    Set<String> unknown = new HashSet<>(only);
    rules().forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "expected rules of %s, got %s".formatted(rules(), unknown));
    }
    List<Result> results = new ArrayList<>();
    try (Stage stage = new Stage(command, folder)) {
      for (Rule rule : RULES) {
        if (only.isEmpty() || only.contains(rule.id())) {
          Result result = play(rule, stage);
          stage.settle(!result.kept());
          results.add(result);
          each.accept(result);
        }
      }
    }
    return results;
  }

  private static Result play(Rule rule, Stage stage) throws InterruptedException {
    long begun = System.nanoTime();
    Optional<String> violation = Optional.empty();
    try {
      rule.check().run(stage);
    } catch (Violation e) {
      violation = Optional.of(String.valueOf(e.getMessage()));
    }
    return new Result(
        rule.id(), rule.text(), violation, Duration.ofNanos(System.nanoTime() - begun));
  }
}
