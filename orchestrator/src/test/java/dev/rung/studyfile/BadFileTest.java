package dev.rung.studyfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.studyfile.StudyFile.Invalid;
import dev.rung.studyfile.StudyFile.Result;
import dev.rung.studyfile.StudyFile.Valid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each bad file has its whole expected output beside it. */
class BadFileTest {
  private static final Path FILES = Path.of("src/test/resources/studyfile");

  static List<String> badFiles() throws IOException {
    try (Stream<Path> files = Files.list(FILES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("badFiles")
  void shouldNameEveryErrorOfABadFile(String name) throws IOException {
    assertOutput(name, Files.readString(FILES.resolve(name)));
  }

  @Test
  void shouldRefuseAFileOf300Kilobytes() throws IOException {
    String digits = Files.readString(Path.of("../docs/examples/digits.yaml"));
    String comment = "# A line of sixty bytes, again and again, to no other purpose.\n";
    String text = digits + comment.repeat((300 * 1024 - digits.length()) / comment.length());
    assertOutput("too-large.yaml", text + "#".repeat(300 * 1024 - text.length()));
  }

  @Test
  void shouldRefuseWhatATerminalWouldObey() throws IOException {
    String text = "\uFEFFname: dig\u0000its\r\nmetric: \u001B[31m\rx: \uD800\n";
    assertOutput("control-codes.yaml", text);
  }

  private static void assertOutput(String name, String text) throws IOException {
    Result result =
        StudyFile.parse(
            text,
            name,
            () -> {
              throw new AssertionError("asked for the seed of an invalid file");
            });
    String output =
        switch (result) {
          case Valid valid -> "valid: " + valid;
          case Invalid(List<Problem> problems) ->
              problems.stream().map(problem -> problem + "\n").collect(Collectors.joining());
        };
    Path expected = FILES.resolve(name.replace(".yaml", ".txt"));
    assertThat(output).isEqualTo(Files.readString(expected));
  }
}
