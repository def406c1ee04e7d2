package dev.rung.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The vectors are those that the trainers' SDK is held to as well. */
class ScheduleFormTest {
  static List<String> vectors() throws IOException {
    return Files.readAllLines(Path.of("../proto/vectors/schedules.csv")).stream()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void shouldGiveTheValuesOfTheFormula(String line) {
    String[] parts = line.split("; ", -1);
    ScheduleForm form = ScheduleForm.of(parts[0]).orElseThrow();
    Map<String, Double> coefficients = numbers(parts[1]);
    // Only a warm-up may be left out.
    coefficients.putIfAbsent("warmup", 0.0);
    numbers(parts[2])
        .forEach((step, value) ->
            assertThat(form.at(coefficients, Double.parseDouble(step)))
                .as("%s at %s", parts[0], step)
                .isCloseTo(value, within(1e-15)));
  }

  @Test
  void shouldHaveAVectorOfEveryForm() throws IOException {
    assertThat(vectors().stream().map(line -> line.split(";", -1)[0]).distinct())
        .containsExactlyInAnyOrder("constant", "exponential", "cosine", "one_cycle", "piecewise");
    assertThat(ScheduleForm.values()).hasSize(5);
    assertThat(ScheduleForm.of("COSINE")).isEmpty();
  }

  @Test
  void shouldSayWhichCoefficientIsMissing() {
    assertThatThrownBy(() -> ScheduleForm.CONSTANT.at(Map.of("initial", 1.0), 0))
        .hasMessage("expected a coefficient value, but came [initial]");
  }

  private static Map<String, Double> numbers(String text) {
    Map<String, Double> numbers = new HashMap<>();
    for (String pair : text.split(" ", -1)) {
      numbers.put(
          pair.substring(0, pair.indexOf('=')),
          Double.valueOf(pair.substring(pair.indexOf('=') + 1)));
    }
    return numbers;
  }
}
