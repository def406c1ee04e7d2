package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.PutMetricRequest;
import dev.rung.proto.v1.PutMetricResponse;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.Trial;
import dev.rung.proto.v1.TrialState;
import dev.rung.trainer.Values;
import java.nio.file.Path;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The examples of what comes to a study from outside do what they are for. */
class LivingExamplesTest {

  @TempDir static Path folder;
  @AutoClose static Site site;

  @BeforeAll
  static void start() throws Exception {
    site = new Site(folder);
  }

  @Test
  void shouldGoByWhatPeopleThinkHoweverLongTheyTake() throws Exception {
    Study study = site.create(Site.example("external-score"));
    awaitWaiting(study, 9);

    // Nine trials wait, and both slots of the trainer are free for others.
    Study other = site.run(Site.example("scripted").replace("trials: 100", "trials: 2"));
    assertThat(site.trials(other)).hasSize(2);
    site.restartServer();
    awaitWaiting(study, 9);
    assertThat(site.trials(study))
        .allSatisfy(trial -> {
          assertThat(trial.getStep()).isEqualTo(1);
          assertThat(trial.getAttemptsList()).hasSize(1);
          assertThat(trial.getAttempts(0).hasEnded()).isTrue();
          assertThat(trial.hasBest()).isFalse();
        });

    // The best are said first: with every third of nine one more may go on.
    List<Integer> liked = List.of(7, 2, 5, 9, 1, 3, 8, 4, 6);
    for (int i = 0; i < liked.size(); i++) {
      put(study, liked.get(i), 9.0 - i);
    }
    awaitWaiting(study, 3);
    assertThat(numbers(study, TrialState.TRIAL_STATE_AWAITING_METRIC)).containsExactly(2, 5, 7);
    assertThat(site.trials(study).get(6).getAttemptsList()).hasSize(2);
    assertThat(site.trials(study).get(6).getAttempts(1).getStartStep()).isEqualTo(1);

    // After three epochs they are seen again, and the order is another.
    put(study, 5, 9.5);
    put(study, 7, 8.5);
    put(study, 2, 8.0);
    awaitWaiting(study, 1);
    assertThat(numbers(study, TrialState.TRIAL_STATE_AWAITING_METRIC)).containsExactly(5);
    put(study, 5, 9.9);

    Study ended = site.awaitEnd(study);
    assertThat(ended.getBest().getTrial()).isEqualTo(5);
    assertThat(ended.getBest().getMetricsMap()).isEqualTo(Map.of("rating", 9.9));
    assertThat(ended.getBest().getStep()).isEqualTo(9);
    assertThat(site.why(study, 5)).last().asString().contains("9.9");
  }

  private static void put(Study study, int trial, double rating) {
    PutMetricResponse unused =
        site.studies()
            .putMetric(
                PutMetricRequest.newBuilder()
                    .setStudy(study.getId())
                    .setTrial(trial)
                    .setMetric("rating")
                    .setValue(rating)
                    .build());
  }

  private static void awaitWaiting(Study study, long count) throws InterruptedException {
    Study unused =
        site.await(
            count + " trials to wait for a rating and none to run",
            study,
            now ->
                now.getTrialsMap().getOrDefault("awaiting_metric", 0L) == count
                    && now.getTrialsMap().getOrDefault("running", 0L) == 0
                    && now.getTrialsMap().values().stream().mapToLong(n -> n).sum() == 9);
  }

  private static List<Integer> numbers(Study study, TrialState state) {
    return site.trials(study).stream()
        .filter(trial -> trial.getState() == state)
        .map(trial -> (int) trial.getNumber())
        .toList();
  }

  @Test
  void shouldNeedFewerTrialsWhenItBeginsWithWhatAnotherStudyFound() throws Exception {
    Study earlier = site.run(Site.example("scripted").replace("name: scripted", "name: earlier"));
    String file =
        Site.example("warm-start").replace("study: scripted", "study: " + earlier.getId());

    Study warm = site.run(file);
    Study cold = site.run(file.replaceAll("warm_start: .*\n", ""));

    System.out.printf(
        "trials to the target: %d warm, of rates that span a factor of %.0f; %d cold, of %.0f%n",
        site.trials(warm).size(), span(warm), site.trials(cold).size(), span(cold));
    assertThat(loss(warm)).isLessThanOrEqualTo(0.158);
    assertThat(loss(cold)).isLessThanOrEqualTo(0.158);
    assertThat(site.trials(warm)).hasSizeLessThan(site.trials(cold).size());
    assertThat(span(warm)).isLessThan(span(cold) / 10);
    assertThat(site.trials(warm).stream().limit(3).map(Trial::getAssignment))
        .isSubsetOf(site.trials(earlier).stream().map(Trial::getAssignment).toList());
  }

  /** The largest learning rate over the smallest one. */
  private static double span(Study study) {
    DoubleSummaryStatistics rates =
        site.trials(study).stream()
            .mapToDouble(t -> Values.fromProto(t.getAssignment()).getDouble("learning_rate"))
            .summaryStatistics();
    return rates.getMax() / rates.getMin();
  }

  private static double loss(Study study) {
    return Objects.requireNonNull(study.getBest().getMetricsMap().get("loss"));
  }
}
