package dev.rung.app;

import static dev.rung.app.DeployedFilesTest.all;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyState;
import dev.rung.storage.StorageException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server tells those who watch it. */
class WatchedServerTest {
  private static final String STUDY =
      """
      name: watched
      metric: {name: score, goal: maximize}
      resource: {unit: step, max: 9}
      budget: {trials: 6}
      algorithm: {halving: none, seed: 7}
      space:
        x: {min: 0.0, max: 1.0}
      trainer: {kind: scripted, config: {curve: power, step_seconds: 0.0}}
      """;

  @TempDir Path folder;

  private static ServerSettings settings(Path data) {
    return new ServerSettings(data, "127.0.0.1", 0, Duration.ofSeconds(60))
        .withHttp(Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)));
  }

  private static String get(Server server, String path) throws Exception {
    int port = server.http().orElseThrow().getPort();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(20))
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, BodyHandlers.ofString()).body();
    }
  }

  @Test
  void shouldCountWhatASearchDoes() throws Exception {
    try (RunningServer running = new RunningServer(settings(folder.resolve("data")))) {
      running.node("one", 2);
      Study study = running.create(STUDY);
      running.await(study.getId(), s -> s.getState() == StudyState.STUDY_STATE_ENDED);

      assertThat(get(running.server, "/healthz")).isEqualTo("HEALTHY\n");
      // 6 trials with 9 steps each, and a point a step.
      assertThat(get(running.server, "/metrics").lines())
          .contains(
              "rung_points_total 54.0",
              "rung_nodes{state=\"ready\"} 1.0",
              "rung_sessions{peer=\"trainer\"} 1.0",
              "rung_slots{kind=\"scripted\",state=\"busy\"} 0.0",
              "rung_studies_stalled 0.0",
              "rung_scrape_answered{part=\"fleet\"} 1.0",
              "rung_scrape_answered{part=\"database\"} 1.0",
              "rung_scrape_answered{part=\"studies\"} 1.0");

      // Its pauses are shown once there was one.
      System.gc();
      shouldHaveWhatDashboardAndAlertsAskFor(get(running.server, "/metrics"));
    }
  }

  private static void shouldHaveWhatDashboardAndAlertsAskFor(String scrape) throws IOException {
    assertThat(DeployedFilesTest.queries()).hasSizeGreaterThan(20);
    for (String query : DeployedFilesTest.queries()) {
      Set<String> metrics = all("\\b((?:rung|jvm|process|system)_\\w+)\\b", query);
      if (!query.startsWith("up{")) { // Prometheus's own.
        assertThat(metrics).as(query).isNotEmpty();
      }
      for (String metric : metrics) {
        assertThat(scrape).as(query).containsPattern("\n" + metric + "[{ ]");
        // A label's value that is written out has to be there, too.
        for (String labels : all(metric + "\\{([^}]*)}", query)) {
          for (String label : all("((?:area|state|kind|peer|part)=\"\\w+\")", labels)) {
            assertThat(scrape).as(query).containsPattern("\n" + metric + "\\{[^}]*" + label);
          }
        }
      }
    }
  }

  @Test
  void shouldNameAPortOfMetricsThatIsInUse() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), taken.getLocalPort());
      assertThatThrownBy(() ->
              Server.start(
                  new ServerSettings(folder, "127.0.0.1", 0, Duration.ofSeconds(60))
                      .withHttp(Optional.of(address))))
          .isInstanceOf(StorageException.class)
          .hasMessage(
              "expected a free port at localhost:" + taken.getLocalPort() + ", but it is in use");
    }
  }
}
