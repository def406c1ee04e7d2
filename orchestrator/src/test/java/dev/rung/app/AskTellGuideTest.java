package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What docs/guide/ask-tell.md says, done as it says it. */
class AskTellGuideTest {
  private static final Path DOCS = Path.of("../docs");
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A call as the guide writes it. */
  private static final Pattern CURL =
      Pattern.compile(
          "curl -s http://127\\.0\\.0\\.1:7351(\\S+) -H 'Content-Type: application/json' -d '([^']+)'");

  @TempDir Path folder;

  private static String guide() throws IOException {
    return Files.readString(DOCS.resolve("guide/ask-tell.md"));
  }

  private RunningServer server() {
    return new RunningServer(
        new ServerSettings(folder.resolve("data"), "127.0.0.1", 0, Duration.ofSeconds(60))
            .withHttp(Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))));
  }

  private static Study create(RunningServer server) throws IOException {
    return server.create(Files.readString(DOCS.resolve("examples/own-loop.yaml")));
  }

  private static String url(RunningServer server) {
    return "http://127.0.0.1:" + server.server.http().orElseThrow().getPort();
  }

  @Test
  void shouldAnswerTheCallsOfTheGuide() throws Exception {
    try (RunningServer server = server();
        HttpClient client = HttpClient.newHttpClient()) {
      Study study = create(server);
      List<JsonNode> answers = new ArrayList<>();
      Matcher curl = CURL.matcher(guide());
      while (curl.find()) {
        HttpRequest request =
            HttpRequest.newBuilder(URI.create(url(server) + curl.group(1)))
                .timeout(Duration.ofSeconds(20))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(curl.group(2).replace("STUDY", study.getId())))
                .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        answers.add(JSON.readTree(response.body()));
      }
      assertThat(answers).hasSize(3);
      assertThat(answers.get(0).at("/run/milestone").asText()).isEqualTo("1");
      assertThat(answers.get(0).at("/run/assignment/parameters")).hasSize(2);
      assertThat(answers.get(1).at("/ackedSeq").asText()).isEqualTo("1");
      assertThat(answers.get(1).at("/directive/pause").isObject()).isTrue();
      assertThat(answers.get(2).at("/ackedSeq").asText()).isEqualTo("2");
      assertThat(server.show(study.getId()).getTrialsMap()).containsEntry("paused", 1L);
    }
  }

  @Test
  void shouldSearchWithTheLoopOfTheGuide() throws Exception {
    assumeTrue(hasPython(), "needs python3");
    Matcher block = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL).matcher(guide());
    assertThat(block.find()).isTrue();
    Path program = Files.writeString(folder.resolve("loop.py"), block.group(1));
    try (RunningServer server = server()) {
      Study study = create(server);
      Path said = folder.resolve("said");
      Process loop =
          new ProcessBuilder("python3", program.toString(), url(server), study.getId(), "laptop")
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      try {
        assertThat(loop.waitFor(60, TimeUnit.SECONDS)).isTrue();
      } finally {
        loop.destroyForcibly();
      }
      String output = Files.readString(said, StandardCharsets.UTF_8);
      assertThat(loop.exitValue()).as(output).isZero();
      Study ended = server.show(study.getId());
      assertThat(ended.getState()).isEqualTo(StudyState.STUDY_STATE_ENDED);
      assertThat(output.strip()).isEqualTo(ended.getReason());
      // 9 trials, of which 3 went on, of which 1 went on.
      assertThat(ended.getRungsList()).extracting(r -> r.getEntered()).startsWith(9L);
      assertThat(ended.getBest().getStep()).isGreaterThan(1);
    }
  }

  private static boolean hasPython() throws InterruptedException {
    try {
      return new ProcessBuilder("python3", "--version").start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
