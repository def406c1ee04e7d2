package dev.rung.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trainer in a third language, written from docs/protocol.md, and one mutant of it a rule. */
class TypeScriptTest {
  private static final int AT_ONCE = 4;
  private static final Path PROTOCOL = Path.of("../docs/protocol.md");

  @TempDir static Path folder;
  private static String listing = "";
  private static Map<String, List<String>> mutants = Map.of();
  private static TypeScript built = new TypeScript(Path.of(""));

  @BeforeAll
  static void compile() throws Exception {
    listing = Files.readString(TypeScript.EXAMPLE.resolve(TypeScript.LISTING));
    mutants =
        new ObjectMapper()
            .readValue(
                TypeScript.EXAMPLE.resolve("mutants.json").toFile(), new TypeReference<>() {});
    built = TypeScript.install(folder);
    List<String> names = new ArrayList<>(List.of(TypeScript.LISTING));
    Files.writeString(folder.resolve(TypeScript.LISTING), listing);
    for (Map.Entry<String, List<String>> mutant : mutants.entrySet()) {
      String name = name(mutant.getKey());
      Files.writeString(folder.resolve(name), mutated(mutant.getValue()));
      names.add(name);
    }
    built.compile(names);
  }

  private static String name(String rule) {
    return "mutant-" + rule + ".ts";
  }

  private static String mutated(List<String> change) {
    String from = change.get(0);
    assertThat(listing.split(java.util.regex.Pattern.quote(from), -1)).as(from).hasSize(2);
    return listing.replace(from, change.get(1));
  }

  @Test
  void shouldBeTheListingOfTheDocumentation() throws Exception {
    String page = Files.readString(PROTOCOL);
    String block = page.split("```ts\n", -1)[1].split("```", -1)[0];
    assertThat(block).isEqualTo(listing);
    assertThat(listing.lines().count()).isLessThan(200);
  }

  @Test
  void shouldKeepEveryRule() throws Exception {
    List<Kit.Result> results =
        Kit.check(
            built.command(TypeScript.LISTING), Set.of(), folder.resolve("kept"), KitTest::print);
    assertThat(KitTest.broken(results)).isEmpty();
  }

  @Test
  void shouldHaveAMutantForEachRuleThatBreaksIt() throws Exception {
    assertThat(mutants.keySet()).containsExactlyInAnyOrderElementsOf(Kit.rules());
    Map<String, List<String>> broken = brokenByMutants(Set::of);
    assertThat(broken).allSatisfy((rule, found) -> assertThat(found).containsExactly(rule));
  }

  @Test
  @Tag("nightly")
  void shouldHaveAMutantForEachRuleThatBreaksNoOther() throws Exception {
    Map<String, List<String>> broken = brokenByMutants(rule -> Set.of());
    assertThat(broken).allSatisfy((rule, found) -> assertThat(found).containsExactly(rule));
  }

  /** The rules that each mutant breaks, of those that are checked for it. They mostly wait. */
  private static Map<String, List<String>> brokenByMutants(Function<String, Set<String>> rules)
      throws Exception {
    ExecutorService several = Executors.newFixedThreadPool(AT_ONCE);
    try {
      Map<String, Future<List<String>>> checks = new TreeMap<>();
      for (String rule : mutants.keySet()) {
        checks.put(rule, several.submit(() -> broken(rule, rules.apply(rule))));
      }
      Map<String, List<String>> broken = new TreeMap<>();
      for (Map.Entry<String, Future<List<String>>> check : checks.entrySet()) {
        broken.put(check.getKey(), check.getValue().get());
      }
      return broken;
    } finally {
      several.shutdownNow();
    }
  }

  private static List<String> broken(String mutant, Set<String> rules) throws Exception {
    return KitTest.broken(
        Kit.check(
            built.command(name(mutant)),
            rules,
            Files.createTempDirectory(folder, mutant),
            result -> {}));
  }
}
