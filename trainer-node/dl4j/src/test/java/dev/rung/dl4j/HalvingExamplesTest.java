package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.Best;
import dev.rung.proto.v1.Rung;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.Trial;
import dev.rung.trainer.Values;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of halving do what they are for, with a real server and a real trainer. */
class HalvingExamplesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The limit of the example. */
  private static final double MOST_MEMORY = 0.02;

  @TempDir static Path folder;
  @AutoClose static Site site;

  @BeforeAll
  static void start() throws Exception {
    site = new Site(folder);
  }

  @Test
  void shouldFindWhatNoOtherBeatsWithinTheMemory() throws Exception {
    String file = Site.example("two-objectives");

    Study limited = site.run(file);
    Study free = site.run(file.replaceAll("(?s)constraints:\n.*?\n\n", "\n"));

    System.out.printf(
        "best within %s MB: %s; without a limit: %s, which takes %s MB%n",
        MOST_MEMORY,
        limited.getBest().getMetricsMap(),
        free.getBest().getMetricsMap(),
        memory(free.getBest().getAssignment()));
    assertThat(memory(limited.getBest().getAssignment())).isLessThanOrEqualTo(MOST_MEMORY);
    assertThat(memory(free.getBest().getAssignment())).isGreaterThan(MOST_MEMORY);

    JsonNode front =
        JSON.readTree(site.rung("study", "show", limited.getId(), "-o", "json")).get("front");
    System.out.println("front: " + front);
    assertThat(front).hasSizeGreaterThanOrEqualTo(3);
    for (JsonNode one : front) {
      assertThat(one.at("/metrics/memory_mb").asDouble()).isLessThanOrEqualTo(MOST_MEMORY);
      for (JsonNode other : front) {
        assertThat(dominates(one, other)).as("%s dominates %s", one, other).isFalse();
      }
    }
    assertThat(limited.getFrontList())
        .extracting(Best::getTrial)
        .contains(limited.getBest().getTrial());
    for (Best leader : limited.getFrontList()) {
      assertThat(leader.getMetricsMap().get("memory_mb"))
          .isCloseTo(memory(leader.getAssignment()), within(1e-12));
    }
    assertThat(site.rung("study", "show", limited.getId()))
        .contains("The front, which no other trial dominates:");
  }

  /** What a perceptron for 64 pixels and 10 digits takes, by arithmetic. */
  private static double memory(Assignment assignment) {
    Values values = Values.fromProto(assignment);
    long hidden = values.getLong("hidden");
    long weights =
        64 * hidden
            + hidden
            + (values.getLong("layers") - 1) * (hidden * hidden + hidden)
            + 10 * hidden
            + 10;
    // Weights and gradients; Adam has two averages of each gradient beside them.
    int numbers = values.getString("optimizer").equals("adam") ? 4 : 2;
    return weights * numbers * 4 / 1024.0 / 1024.0;
  }

  private static boolean dominates(JsonNode one, JsonNode other) {
    double accuracy = one.at("/metrics/val_accuracy").asDouble();
    double otherAccuracy = other.at("/metrics/val_accuracy").asDouble();
    double size = one.at("/metrics/parameters").asDouble();
    double otherSize = other.at("/metrics/parameters").asDouble();
    return accuracy >= otherAccuracy
        && size <= otherSize
        && (accuracy > otherAccuracy || size < otherSize);
  }

  @Test
  void shouldFindBetterTrialsWhereEarlyValuesMislead() throws Exception {
    String file = Site.example("hyperband");

    Study hyperband = site.run(file);
    Study asha = site.run(file.replace("halving: hyperband", "halving: asha"));

    System.out.printf(
        "hyperband: %.4f with %d trials and %d epochs; asha: %.4f with %d and %d%n",
        Site.best(hyperband),
        site.trials(hyperband).size(),
        hyperband.getResourceUsed(),
        Site.best(asha),
        site.trials(asha).size(),
        asha.getResourceUsed());
    Map<Long, Long> entries =
        hyperband.getRungsList().stream()
            .filter(Rung::getStart)
            .collect(Collectors.toMap(Rung::getBracket, Rung::getEntered));
    assertThat(entries).hasSize(5);
    assertThat(entries.values().stream().filter(count -> count > 0)).hasSizeGreaterThan(2);
    assertThat(hyperband.getResourceUsed()).isLessThanOrEqualTo(2_000);
    assertThat(asha.getResourceUsed()).isLessThanOrEqualTo(2_000);
    // ASHA goes on with those that fall fast at first, which end at 0.3 and above.
    assertThat(Site.best(hyperband)).isLessThan(Site.best(asha) - 0.05);
  }

  @Test
  void shouldFindAFallingRateThatBeatsEveryConstant() throws Exception {
    String file = Site.example("population");

    Study population = site.run(file);
    Study constants =
        site.run(
            file.replace(
                    "halving: population, search: random",
                    "halving: none, search: grid, points: 50")
                .replace("trials: 8", "trials: 50"));

    Map<Long, Trial> trials =
        site.trials(population).stream().collect(Collectors.toMap(Trial::getNumber, t -> t));
    List<Long> lineage = lineage(trials, population.getBest().getTrial());
    List<Double> rates =
        lineage.stream()
            .map(number -> rate(Objects.requireNonNull(trials.get(number)).getAssignment()))
            .toList();
    System.out.printf(
        "population: %.5f by %s with rates %s; best of 50 constants: %.5f with %s%n",
        Site.best(population),
        lineage,
        rates,
        Site.best(constants),
        rate(constants.getBest().getAssignment()));
    assertThat(lineage).hasSizeGreaterThanOrEqualTo(3);
    for (long copy : lineage.subList(1, lineage.size())) {
      assertThat(Objects.requireNonNull(trials.get(copy)).getAttempts(0).getStartStep())
          .isGreaterThanOrEqualTo(2);
      assertThat(site.why(population, copy).get(0)).startsWith("a changed copy of trial ");
    }
    assertThat(rates.get(rates.size() - 1)).isLessThan(rates.get(0) / 2);
    assertThat(site.trials(constants)).hasSize(50);
    assertThat(Site.best(population)).isLessThan(0.8 * Site.best(constants));
  }

  /** From the first of the line to the given one. */
  private static List<Long> lineage(Map<Long, Trial> trials, long trial) {
    List<Long> line = new ArrayList<>();
    for (long at = trial; at != 0; at = Objects.requireNonNull(trials.get(at)).getParent()) {
      line.add(0, at);
    }
    return line;
  }

  private static double rate(Assignment assignment) {
    return Values.fromProto(assignment).getDouble("learning_rate");
  }
}
