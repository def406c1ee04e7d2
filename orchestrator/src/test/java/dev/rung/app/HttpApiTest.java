package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rung.access.Role;
import dev.rung.access.Security;
import dev.rung.access.Tokens;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The api over HTTP, of a server that asks for tokens. */
class HttpApiTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String STUDY =
      """
      name: over-http
      metric: {name: score, goal: maximize}
      resource: {unit: step, max: 9}
      budget: {trials: 1}
      algorithm: {halving: none, seed: 1}
      space:
        x: {min: 0.0, max: 1.0}
      trainer: {kind: own-loop}
      """;

  @TempDir static Path folder;
  private static Server server;
  private static String operator;
  private static String viewer;
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws IOException {
    Path data = Files.createDirectories(folder.resolve("data"));
    Tokens tokens = Tokens.open(data, Clock.systemUTC());
    operator = tokens.create(Role.OPERATOR, "", "", Duration.ofDays(1)).secret().text();
    viewer = tokens.create(Role.VIEWER, "", "", Duration.ofDays(1)).secret().text();
    server =
        Server.start(
            new ServerSettings(data, "127.0.0.1", 0, Duration.ofSeconds(60))
                .protectedBy(new Security(Optional.empty(), true))
                .withHttp(Optional.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))));
  }

  @AfterAll
  static void stop() {
    CLIENT.close();
    server.close();
  }

  private static int port() {
    return server.http().orElseThrow().getPort();
  }

  private static HttpRequest.Builder post(String path, String body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
        .timeout(Duration.ofSeconds(20))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }

  private static HttpRequest.Builder authorized(String path, String body) {
    return post(path, body).header("Authorization", "Bearer " + operator);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static JsonNode ok(String path, String body) throws Exception {
    HttpResponse<String> response = send(authorized(path, body));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return JSON.readTree(response.body());
  }

  private static void shouldRefuse(HttpRequest.Builder request, int status, String error)
      throws Exception {
    HttpResponse<String> response = send(request);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/json");
    assertThat(JSON.readTree(response.body())).isEqualTo(JSON.readTree(error));
  }

  private static String create(String key) throws Exception {
    String body = JSON.createObjectNode().put("file", STUDY).put("key", key).toString();
    return ok("/v1/studies/create", body).at("/study/id").asText();
  }

  @Test
  void shouldTrainATrialAndShowIt() throws Exception {
    String study = create("trains");
    String base = "/v1/studies/" + study;
    JsonNode asked = ok(base + "/ask", "{\"client\":\"me\",\"linger\":\"10s\"}");
    String attempt = asked.at("/run/attempt").toString();
    assertThat(attempt).isEqualTo("{\"trial\":\"%s/1\",\"attempt\":1}".formatted(study));
    JsonNode early =
        ok(
            base + "/tell",
            "{\"client\":\"me\",\"attempt\":%s,\"entries\":[{\"point\":{\"step\":\"3\",\"metrics\":{\"score\":\"NaN\"}}}]}"
                .formatted(attempt));
    assertThat(early.toString()).isEqualTo("{\"ackedSeq\":\"1\"}");
    JsonNode top =
        ok(
            base + "/tell",
            "{\"client\":\"me\",\"attempt\":%s,\"firstSeq\":2,\"entries\":[{\"point\":{\"step\":9,\"metrics\":{\"score\":0.5}}}]}"
                .formatted(attempt));
    assertThat(top.at("/directive/stop").isObject()).isTrue();
    ok(
        base + "/tell",
        "{\"client\":\"me\",\"attempt\":%s,\"entries\":[{\"ended\":{\"cause\":\"CAUSE_STOPPED\"}}]}"
            .formatted(attempt));
    assertThat(ok(base + "/ask", "{\"client\":\"me\"}").at("/over/reason").asText()).isNotEmpty();
    assertThat(ok(base + "/get", "").at("/study/best/metrics/score").asDouble()).isEqualTo(0.5);
    assertThat(ok(base + "/trials/1/explain", "{}").at("/verdicts")).isNotEmpty();
    assertThat(ok(base + "/trials", "{}").at("/trials")).hasSize(1);
    assertThat(ok("/v1/studies/list", "{}").at("/studies")).isNotEmpty();
  }

  @Test
  void shouldNameTheFieldThatIsWrong() throws Exception {
    String study = create("wrong");
    shouldRefuse(
        authorized("/v1/studies/" + study + "/ask", "{\"client\":\"a b\"}"),
        400,
        "{\"code\":\"INVALID_ARGUMENT\",\"message\":\"client: expected a name of 1 to 128 of [A-Za-z0-9._-], but came 'a b'\",\"field\":\"client\"}");
    shouldRefuse(
        authorized("/v1/studies/" + study + "/ask", "{\"klient\":1}"),
        400,
        "{\"code\":\"INVALID_ARGUMENT\",\"message\":\"klient: expected the JSON of rung.v1.AskRequest, but: Cannot find field: klient in message rung.v1.AskRequest\",\"field\":\"klient\"}");
    shouldRefuse(
        authorized("/v1/studies/" + study + "/ask", "{\"study\":\"other\"}"),
        400,
        "{\"code\":\"INVALID_ARGUMENT\",\"message\":\"study: expected %s, as the path has it, but came other\",\"field\":\"study\"}"
            .formatted(study));
    shouldRefuse(
        authorized("/v1/studies/" + study + "/trials/x/get", "{}"),
        400,
        "{\"code\":\"INVALID_ARGUMENT\",\"message\":\"trial: expected a number, but came 'x'\",\"field\":\"trial\"}");
    HttpResponse<String> bad = send(authorized("/v1/studies/" + study + "/ask", "{\"client\":"));
    assertThat(bad.statusCode()).isEqualTo(400);
    assertThat(JSON.readTree(bad.body()).at("/field").asText()).isEqualTo("body");
  }

  @Test
  void shouldSayWhatIsNotThere() throws Exception {
    HttpResponse<String> study = send(authorized("/v1/studies/none/ask", "{\"client\":\"a\"}"));
    assertThat(study.statusCode()).isEqualTo(404);
    assertThat(JSON.readTree(study.body()).at("/code").asText()).isEqualTo("NOT_FOUND");
    assertThat(send(authorized("/v1/studies/none/train", "{}")).statusCode()).isEqualTo(404);
    HttpResponse<String> get = send(authorized("/v1/studies/none/ask", "{}").GET());
    assertThat(get.statusCode()).isEqualTo(405);
    assertThat(get.headers().firstValue("Allow")).hasValue("POST");
  }

  @Test
  void shouldAskForTheTokenOfAnOperator() throws Exception {
    String path = "/v1/studies/some/ask";
    assertThat(send(post(path, "{}")).statusCode()).isEqualTo(401);
    HttpResponse<String> reader =
        send(post(path, "{}").header("Authorization", "Bearer " + viewer));
    assertThat(reader.statusCode()).isEqualTo(403);
    assertThat(reader.body()).contains("PERMISSION_DENIED", "viewer");
    assertThat(
            send(post("/v1/studies/list", "{}").header("Authorization", "Bearer " + viewer))
                .statusCode())
        .isEqualTo(200);
    assertThat(
            send(post(path, "{}").header("Authorization", "Bearer " + "x".repeat(9_000)))
                .statusCode())
        .isEqualTo(431);
  }

  @ParameterizedTest
  @CsvSource({
    "text/plain,415",
    "application/x-www-form-urlencoded,415",
    "application/json;charset=UTF-8,200",
    "Application/JSON,200"
  })
  void shouldTakeJsonAlone(String type, int status) throws Exception {
    assertThat(
            send(authorized("/v1/studies/list", "{}").setHeader("Content-Type", type)).statusCode())
        .isEqualTo(status);
  }

  @Test
  void shouldAnswerNoPageOfAnotherSite() throws Exception {
    assertThat(
            send(authorized("/v1/studies/list", "{}").header("Origin", "http://evil.example"))
                .statusCode())
        .isEqualTo(403);
    assertThat(
            send(authorized("/v1/studies/list", "{}")
                    .header("Origin", "http://127.0.0.1:" + port()))
                .statusCode())
        .isEqualTo(200);
    String foreign =
        "POST /v1/studies/list HTTP/1.1\r\nHost: evil.example\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"
            .formatted(operator);
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(foreign.getBytes(StandardCharsets.US_ASCII));
      assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 403 Forbidden\r\n");
    }
  }

  @Test
  void shouldTakeAMebibyteAndNoMore() throws Exception {
    String most = "{}" + " ".repeat((1 << 20) - 2);
    assertThat(send(authorized("/v1/studies/list", most)).statusCode()).isEqualTo(200);
    HttpResponse<String> more = send(authorized("/v1/studies/list", most + " "));
    assertThat(more.statusCode()).isEqualTo(413);
    assertThat(more.body()).contains("body: expected at most 1 MiB, but came more");
  }
}
