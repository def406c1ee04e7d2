package dev.rung.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KitTest {
  @TempDir Path folder;

  @Test
  void shouldFindThatTheJavaSdkKeepsEveryRule() throws Exception {
    shouldKeepEveryRule("thread");
  }

  @Test
  @Tag("nightly")
  void shouldFindThatTheJavaSdkKeepsEveryRuleInProcesses() throws Exception {
    shouldKeepEveryRule("process");
  }

  private void shouldKeepEveryRule(String isolation) throws Exception {
    List<String> node = new ArrayList<>(javaNode());
    node.addAll(List.of("--isolation", isolation));
    List<Kit.Result> results = Kit.check(node, only(), folder, KitTest::print);
    assertThat(broken(results)).isEmpty();
    assertThat(Kit.rules()).hasSizeGreaterThanOrEqualTo(25).doesNotHaveDuplicates();
  }

  @Test
  void shouldBeDocumentedRuleByRule() throws Exception {
    List<String> documented =
        Pattern.compile("^\\| `([a-z-]+)` \\| (.*) \\|$", Pattern.MULTILINE)
            .matcher(Files.readString(Path.of("../docs/protocol.md")))
            .results()
            .map(row -> row.group(1))
            .toList();
    assertThat(documented).isEqualTo(Kit.rules());
  }

  /** Rules to look at alone, for work on them: -Drung.rules=fence,drain. */
  private static Set<String> only() {
    String rules = System.getProperty("rung.rules", "");
    return rules.isEmpty() ? Set.of() : Set.of(rules.split(","));
  }

  /** The rules that were not kept. */
  static List<String> broken(List<Kit.Result> results) {
    return results.stream().filter(result -> !result.kept()).map(Kit.Result::rule).toList();
  }

  static void print(Kit.Result result) {
    System.out.printf(
        "%-16s %-6s %5d ms %s%n",
        result.rule(),
        result.kept() ? "kept" : "BROKEN",
        result.took().toMillis(),
        result.violation().orElse(""));
  }

  static List<String> javaNode() {
    return Stream.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            JavaNode.class.getName(),
            "--server",
            "{server}",
            "--name",
            "{name}",
            "--data",
            "{data}",
            "--slots",
            "{slots}",
            "--parent-pid",
            Long.toString(ProcessHandle.current().pid()))
        .toList();
  }
}
