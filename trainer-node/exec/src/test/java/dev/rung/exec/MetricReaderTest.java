package dev.rung.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricReaderTest {

  private static Report point(long step, Map<String, Double> metrics) {
    return new Report(step, metrics, OptionalDouble.empty(), Optional.empty());
  }

  @Test
  void shouldReadJsonLines() {
    MetricReader reader = new MetricReader(MetricOptions.json(), List.of("loss"), 0);
    assertThat(reader.read("  {\"step\": 3.0, \"loss\": -Infinity, \"n\": null, \"l\": [1]}"))
        .contains(point(3, Map.of("loss", Double.NEGATIVE_INFINITY)));
    assertThat(reader.read("{\"step\": 3, \"loss\": 1} trailing")).isEmpty();
    assertThat(reader.read("loss 3")).isEmpty();
    assertThat(reader.doubts())
        .hasValueSatisfying(doubt -> assertThat(doubt).startsWith("1 lines"));
  }

  @Test
  void shouldCountFromWhereTheCommandCounts() {
    MetricReader reader =
        new MetricReader(
            new MetricOptions("epoch", 1, Optional.empty(), Map.of()), List.of("loss"), 0);
    assertThat(reader.read("{\"epoch\": 0, \"loss\": 1}")).contains(point(1, Map.of("loss", 1.0)));
    assertThatThrownBy(() -> reader.read("{\"epoch\": -1, \"loss\": 1}"))
        .hasMessageStartingWith("expected 'epoch' to be a whole number from 0, got -1");
    assertThatThrownBy(() -> reader.read("{\"epoch\": \"two\", \"loss\": 1}"))
        .hasMessageContaining("got \"two\"");
    assertThatThrownBy(() -> reader.read("{\"epoch\": 1.5, \"loss\": 1}"))
        .hasMessageContaining("got 1.5");
  }

  @Test
  void shouldFindMetricsByPatterns() {
    Map<String, Pattern> patterns = new LinkedHashMap<>();
    patterns.put("val_loss", Pattern.compile("val_loss: (\\S+)"));
    patterns.put("acc", Pattern.compile("acc=([^ ,]+)"));
    MetricReader steps =
        new MetricReader(
            new MetricOptions("step", 0, Optional.of(Pattern.compile("Epoch (\\d+)/")), patterns),
            List.of(),
            0);
    assertThat(steps.read("Epoch 4/27")).isEmpty();
    assertThat(steps.read("45/45 - val_loss: 0.25 - acc=1e-1, lr 3"))
        .contains(point(4, Map.of("val_loss", 0.25, "acc", 0.1)));
    assertThat(steps.read("Epoch 5/27 val_loss: nan"))
        .contains(point(5, Map.of("val_loss", Double.NaN)));
    assertThatThrownBy(() -> steps.read("acc=high"))
        .hasMessage(
            "expected the pattern's first group to be a number, got 'high' in the line: acc=high");

    MetricReader counted =
        new MetricReader(new MetricOptions("step", 0, Optional.empty(), patterns), List.of(), 10);
    assertThat(counted.read("val_loss: 1")).contains(point(11, Map.of("val_loss", 1.0)));
    assertThat(counted.read("acc=2")).contains(point(11, Map.of("acc", 2.0)));
    assertThat(counted.read("val_loss: 3")).contains(point(12, Map.of("val_loss", 3.0)));
  }

  @Test
  void shouldKeepObjectivesOfALineWithTooManyMetrics() {
    MetricReader reader = new MetricReader(MetricOptions.json(), List.of("loss"), 0);
    String many =
        IntStream.range(0, 100)
            .mapToObj(i -> "\"m" + i + "\": 1")
            .collect(Collectors.joining(", "));
    Report report = reader.read("{\"step\": 1, " + many + ", \"loss\": 2}").orElseThrow();
    assertThat(report.metrics()).hasSize(64).containsEntry("loss", 2.0);
  }
}
