package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.Trial;
import dev.rung.proto.v1.TrialState;
import dev.rung.trainer.Values;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of spaces do what they are for, with a real server and a real trainer. */
class SpaceExamplesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir static Path folder;
  @AutoClose static Site site;

  @BeforeAll
  static void start() throws Exception {
    site = new Site(folder);
  }

  @Test
  void shouldFindBetterWeightsThanEqualOnes() throws Exception {
    String file = Site.example("simplex-losses");

    Study searched = site.run(file);
    // So concentrated that each weight is 1/3 give or take 0.02.
    Study equal =
        site.run(
            file.replace("quantile]}", "quantile], concentration: 1000.0}")
                .replace("trials: 24", "trials: 3"));

    List<Trial> trials = site.trials(searched);
    assertThat(trials).hasSize(24);
    for (Trial trial : trials) {
      assertThat(Values.fromProto(trial.getAssignment()).getWeightsByName("losses").keySet())
          .containsExactly("squared", "absolute", "quantile");
      assertThat(Arrays.stream(weights(trial)).sum()).isCloseTo(1, within(1e-15));
      assertThat(Arrays.stream(weights(trial))).allMatch(weight -> weight >= 0);
    }
    for (Trial trial : site.trials(equal)) {
      assertThat(Arrays.stream(weights(trial)))
          .allMatch(weight -> Math.abs(weight - 1 / 3.0) < 0.1);
    }
    System.out.printf(
        "val_rmse: best weights %s, equal weights %s%n", Site.best(searched), Site.best(equal));
    // The quantile's part lifts every prediction, so those who weigh it less predict better.
    assertThat(Site.best(searched)).isLessThan(Site.best(equal) - 0.5);
  }

  @Test
  void shouldTrainAlongTheCosine() throws Exception {
    Study study = site.run(Site.example("cosine-schedule"));

    Map<Integer, Map<Long, Double>> rates = rates(study);
    int steps = 0;
    for (Trial trial : site.trials(study)) {
      Values assignment = Values.fromProto(trial.getAssignment());
      Map<String, Double> coefficients = assignment.getSchedule("learning_rate").coefficients();
      double initial = coefficients.getOrDefault("initial", Double.NaN);
      double warmup = coefficients.getOrDefault("warmup", Double.NaN);
      for (Map.Entry<Long, Double> rate :
          rates.getOrDefault((int) trial.getNumber(), Map.of()).entrySet()) {
        // Epoch k is trained after k - 1.
        double t = rate.getKey() - 1;
        double expected =
            t < warmup
                ? initial * (t + 1) / (warmup + 1)
                : 1e-5
                    + (initial - 1e-5) * (1 + Math.cos(Math.PI * (t - warmup) / (9 - warmup))) / 2;
        assertThat(rate.getValue())
            .as("trial %d, epoch %d", trial.getNumber(), rate.getKey())
            .isCloseTo(expected, within(1e-9));
        steps++;
      }
      assertThat(initial).isBetween(1e-3, 0.1);
    }
    // Every trial trains an epoch, and some to the end, over pauses and promotions.
    assertThat(steps).isGreaterThanOrEqualTo(9 + 8);
    assertThat(rates.values()).anyMatch(epochs -> epochs.containsKey(9L));
    assertThat(Site.best(study)).isGreaterThan(0.9);
  }

  @Test
  void shouldTellOnlyTheOneOptimizerOfAMomentum() throws Exception {
    Study study = site.run(Site.example("conditional"));

    List<Trial> trials = site.trials(study);
    assertThat(trials).hasSize(30);
    for (Trial trial : trials) {
      Values assignment = Values.fromProto(trial.getAssignment());
      boolean isSgd = assignment.getString("optimizer").equals("sgd");
      assertThat(assignment.has("momentum")).isEqualTo(isSgd);
      assertThat(assignment.findDouble("momentum").isPresent()).isEqualTo(isSgd);
      assertThat(isSgd || assignment.getDouble("learning_rate") <= 0.03).isTrue();
      assertThat(List.of(16L, 32L, 64L, 128L)).contains(assignment.getLong("hidden"));
      // The trainer refuses a momentum beside adam.
      assertThat(trial.getState()).isNotEqualTo(TrialState.TRIAL_STATE_FAILED);
    }
    assertThat(trials)
        .extracting(t -> Values.fromProto(t.getAssignment()).getString("optimizer"))
        .contains("adam", "sgd");
  }

  private static double[] weights(Trial trial) {
    return Values.fromProto(trial.getAssignment()).getWeights("losses");
  }

  /**
   * What trials reported as their learning rate, by trial and step; docs/export.md has the form.
   */
  private static Map<Integer, Map<Long, Double>> rates(Study study) throws JsonProcessingException {
    Map<Integer, Map<Long, Double>> rates = new HashMap<>();
    for (String line : site.export(study)) {
      JsonNode event = JSON.readTree(line);
      if (!event.path("kind").asText().equals("entries")) {
        continue;
      }
      JsonNode entries = event.get("entries");
      int point = 0;
      int value = 0;
      for (JsonNode row : entries.get("rows")) {
        if (row.asInt() < 0) {
          continue;
        }
        JsonNode shape = entries.get("shapes").get(row.asInt());
        for (JsonNode name : shape.get("names")) {
          if (name.asText().equals("learning_rate")) {
            rates
                .computeIfAbsent(event.at("/attempt/trial").asInt(), trial -> new HashMap<>())
                .put(
                    entries.get("steps").get(point).asLong(),
                    entries.get("values").get(value).asDouble());
          }
          value++;
        }
        value += shape.get("cost").asBoolean() ? 1 : 0;
        point++;
      }
    }
    return rates;
  }
}
