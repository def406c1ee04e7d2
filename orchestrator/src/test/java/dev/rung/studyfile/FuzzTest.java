package dev.rung.studyfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import dev.rung.study.StudyPlan;
import dev.rung.studyfile.StudyFile.Invalid;
import dev.rung.studyfile.StudyFile.Result;
import dev.rung.studyfile.StudyFile.Valid;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever a file holds, it gives a plan that can be run or problems, and soon. */
class FuzzTest {
  private static final int MUTANTS = 10_000;
  private static final Duration LONGEST = Duration.ofSeconds(1);
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Path EXAMPLES = Path.of("../docs/examples");
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ":",
          ": ",
          ",",
          "-",
          "- ",
          "? ",
          "#",
          " #",
          "&a ",
          "*a",
          "!",
          "!!str ",
          "!%5",
          "%",
          "|",
          ">",
          "'",
          "\"",
          "\\",
          "\\0",
          "\\ud800",
          "~",
          "null",
          "true",
          "no",
          "<<: ",
          "---\n",
          "...\n",
          "\n",
          "\r",
          "\t",
          "  ",
          "\u0000",
          "\uFEFF",
          "\uD800",
          "\u2028",
          "0",
          "1",
          "-1",
          "0.0",
          "-0.0",
          "1e999",
          "1e-320",
          ".inf",
          ".nan",
          "9223372036854775808",
          "9007199254740992",
          "0x7f",
          "1.0e+308",
          "-1.0e+308",
          "eta: 1\n",
          "max: ",
          "min: ",
          "step: ",
          "log: true",
          "values: ",
          "type: int",
          "type: float");

  @Test
  void shouldSurviveAnyMutationOfAGoodFile() throws IOException {
    long seed = Long.getLong("rung.fuzz.seed", 20_250_131L);
    System.out.println("study file fuzz: seed " + seed + " (-Drung.fuzz.seed)");
    Random random = new Random(seed);
    List<String> originals =
        List.of(
            Files.readString(EXAMPLES.resolve("digits.yaml")),
            Files.readString(EXAMPLES.resolve("tabular.yaml")));
    int valid = 0;
    for (int i = 0; i < MUTANTS; i++) {
      String text = originals.get(i % originals.size());
      // Few changes leave a file that still means something; many try the parser.
      for (int changes = 1 + random.nextInt(i % 4 == 0 ? 20 : 3); changes > 0; changes--) {
        text = mutated(text, random);
      }
      valid += isValid("seed " + seed + ", mutant " + i, text) ? 1 : 0;
    }
    // Else the mutations try nothing but the parser, or nothing at all.
    assertThat(valid).isBetween(MUTANTS / 20, MUTANTS * 19 / 20);
  }

  static List<String> large() {
    return List.of(
        "[".repeat(250_000),
        "{a: ".repeat(60_000),
        "? ".repeat(100_000),
        "- ".repeat(100_000),
        "a: [" + "[],".repeat(80_000) + "]",
        "a: [" + "{},".repeat(80_000) + "]",
        "k: 1\n".repeat(50_000),
        "&a ".repeat(80_000),
        "a: [" + "&a x,".repeat(50_000) + "]",
        "!".repeat(250_000),
        "!<" + "%41".repeat(80_000) + ">",
        "\n".repeat(250_000),
        "#".repeat(250_000),
        "a: |\n" + " x\n".repeat(80_000),
        "a: " + "\n ".repeat(100_000) + "b",
        "'" + "\n".repeat(250_000),
        "\u0000".repeat(250_000),
        "eta: " + "9".repeat(250_000),
        "budget: {target: " + "9".repeat(250_000) + ".5}",
        "budget: {target: ." + "0".repeat(250_000) + "1}",
        "x".repeat(250_000) + ": 1",
        "space: {" + "min: 1, ".repeat(30_000) + "}",
        "space: {a: {values: [" + "1, ".repeat(80_000) + "]}}");
  }

  @ParameterizedTest
  @MethodSource("large")
  void shouldAnswerSoonWhenAFileIsLarge(String text) {
    assertThat(isValid(text.substring(0, 8), text)).isFalse();
  }

  private static boolean isValid(String name, String text) {
    // Of this thread alone: what else the machine does is not the parser's fault.
    long start = THREADS.getCurrentThreadCpuTime();
    Result result = StudyFile.parse(text, "mutant.yaml", () -> 1);
    Duration took = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start);
    assertThat(took).as(name).isLessThan(LONGEST);
    return switch (result) {
      case Valid valid -> {
        assertCanRun(name + "\n" + text, valid.plan());
        yield true;
      }
      case Invalid(List<Problem> problems) -> {
        assertThat(problems).as(name).isNotEmpty().hasSizeLessThanOrEqualTo(Problems.LIMIT + 1);
        assertThat(problems)
            .as(name)
            .allMatch(p -> p.line() >= 1 && p.column() >= 1 && !p.message().isBlank())
            .allMatch(p -> p.toString().codePoints().allMatch(Shown::isPrintable));
        yield false;
      }
    };
  }

  private static void assertCanRun(String name, StudyPlan plan) {
    plan.space().encode(plan.searcher().suggest(1).orElseThrow());
    assertThat(plan.rule().ladder(plan.resource().min(), plan.resource().max()).size())
        .as(name)
        .isPositive();
    SearchSpace space = plan.space();
    assertThat(space.parameters()).as(name).isNotEmpty();
    for (double u : new double[] {0, 0.3, 0.999, 1}) {
      double[] point = new double[space.dimensions().size()];
      Arrays.fill(point, u);
      Assignment assignment = space.decode(point);
      double[] encoded = space.encode(assignment);
      assertThat(Arrays.stream(encoded))
          .as(name)
          .allMatch(x -> Double.isNaN(x) || (x >= 0 && x <= 1));
    }
  }

  private static String mutated(String text, Random random) {
    int from = random.nextInt(text.length() + 1);
    int to = Math.min(text.length(), from + random.nextInt(12));
    String rest = text.substring(to);
    return switch (random.nextInt(5)) {
      case 0 -> text.substring(0, from) + rest;
      case 1 -> text.substring(0, to) + text.substring(from);
      case 2 -> text.substring(0, from) + PIECES.get(random.nextInt(PIECES.size())) + rest;
      case 3 ->
          text.substring(0, from)
              + PIECES.get(random.nextInt(PIECES.size()))
              + text.substring(from);
      default -> text.substring(0, from) + (char) (random.nextInt(0x80) + 1) + text.substring(from);
    };
  }
}
