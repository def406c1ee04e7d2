package dev.rung.cli;

import dev.rung.conformance.Kit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.Stack;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Plays the server against a trainer node and says which rules of the protocol it keeps. */
final class Conformance implements Callable<Integer> {
  private static final String FOLDER = "rung-conformance-";

  private final Console console;

  @Mixin private final OutputOption output = new OutputOption();

  @Option(
      names = "--trainer",
      required = true,
      paramLabel = "COMMAND",
      parameterConsumer = Rest.class,
      description =
          "Starts a node with the kind 'conformance': all that follows, where {server}, {name},"
              + " {data} and {slots} stand for what it is to use.")
  private List<String> trainer = new ArrayList<>();

  @Option(
      names = "--only",
      paramLabel = "RULE",
      split = ",",
      description = "Checks these rules, in place of all.")
  private Set<String> only = new LinkedHashSet<>();

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      description =
          "What the node keeps and prints stays here; default: a new folder, which stays only where a"
              + " rule is broken.")
  private Path folder = Path.of("");

  /** Takes every argument that is left. */
  static final class Rest implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> arguments, ArgSpec spec, CommandSpec command) {
      List<String> rest = new ArrayList<>();
      while (!arguments.isEmpty()) {
        rest.add(arguments.pop());
      }
      spec.setValue(rest);
    }
  }

  Conformance(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    if (trainer.isEmpty()) {
      throw new Failure(Failure.USAGE, "expected a command after --trainer, got nothing");
    }
    try {
      Path work = folder.toString().isEmpty() ? Files.createTempDirectory(FOLDER) : folder;
      List<Kit.Result> results = Kit.check(trainer, only, work, this::show);
      boolean allKept = results.stream().allMatch(Kit.Result::kept);
      sum(results, work);
      if (allKept && folder.toString().isEmpty()) {
        delete(work);
      }
      return allKept ? 0 : Failure.FAILED;
    } catch (IllegalArgumentException e) {
      throw new Failure(Failure.USAGE, String.valueOf(e.getMessage()));
    } catch (IOException | UncheckedIOException e) {
      throw new Failure(Failure.FAILED, String.valueOf(e.getMessage()));
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** As each comes: a whole run takes about a minute. */
  private void show(Kit.Result result) {
    if (output.isJson()) {
      return;
    }
    List<String> lines = new ArrayList<>();
    lines.add(
        "%-16s  %-6s  %s"
            .formatted(result.rule(), result.kept() ? "kept" : "BROKEN", result.text()));
    result.violation().ifPresent(why -> why.lines().forEach(line -> lines.add("    " + line)));
    console.print(lines);
  }

  private void sum(List<Kit.Result> results, Path work) {
    long kept = results.stream().filter(Kit.Result::kept).count();
    if (output.isJson()) {
      List<Map<String, Object>> rules =
          results.stream()
              .map(result ->
                  Map.<String, Object>of(
                      "rule", result.rule(),
                      "text", result.text(),
                      "kept", result.kept(),
                      "violation", result.violation().orElse(""),
                      "seconds", result.took().toMillis() / 1e3))
              .toList();
      console.printJson(Map.of("kept", kept, "rules", rules));
    } else if (kept == results.size()) {
      console.print(List.of("All %d rules are kept.".formatted(kept)));
    } else {
      console.print(
          List.of(
              "%d of %d rules are kept. What the trainer printed: %s"
                  .formatted(kept, results.size(), work.resolve("trainer.log"))));
    }
  }
}
