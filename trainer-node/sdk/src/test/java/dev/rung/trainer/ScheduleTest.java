package dev.rung.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
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

/** The vectors are those that the orchestrator is held to as well. */
class ScheduleTest {
  static List<String> vectors() throws IOException {
    return Files.readAllLines(Path.of("../../proto/vectors/schedules.csv")).stream()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void shouldGiveTheValuesOfTheFormula(String line) {
    String[] parts = line.split("; ", -1);
    Schedule schedule = Schedule.of(parts[0], numbers(parts[1]));
    numbers(parts[2])
        .forEach((step, value) ->
            assertThat(schedule.at(Double.parseDouble(step)))
                .as("%s at %s", schedule, step)
                .isCloseTo(value, within(1e-15)));
  }

  @Test
  void shouldReadNineVectors() throws IOException {
    assertThat(vectors()).hasSize(9);
  }

  @Test
  void shouldSayWhatIsMissing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Schedule.of("sine", Map.of()))
        .withMessage(
            "expected a schedule of a form of [constant, cosine, exponential, one_cycle,"
                + " piecewise], but it is sine");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Schedule.of("cosine", Map.of("initial", 0.1, "total", 9.0)))
        .withMessage(
            "expected a coefficient final of a cosine schedule, but there are only"
                + " [initial, total]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Schedule.of("piecewise", Map.of("value_0", 0.1, "at_1", 9.0)))
        .withMessageContaining("value_1");
  }

  @Test
  void shouldBeReadOffATrial() {
    FakeTrial trial = new FakeTrial(Map.of("lr", Schedule.constant(0.1), "l2", 0.5), Map.of());
    assertThat(trial.schedule("lr").at(3)).isEqualTo(0.1);
    assertThat(trial.schedule("l2").at(3)).isEqualTo(0.5);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trial.schedule("momentum"))
        .withMessageContaining("momentum");
  }

  private static Map<String, Double> numbers(String text) {
    Map<String, Double> numbers = new HashMap<>();
    for (String pair : text.split(" ", -1)) {
      int split = pair.indexOf('=');
      numbers.put(pair.substring(0, split), Double.valueOf(pair.substring(split + 1)));
    }
    return numbers;
  }
}
