package dev.rung.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.study.Trouble;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebServerTest {
  private final WatchedThings things = new WatchedThings();

  @SuppressWarnings("NullAway.Init") // Set before each test.
  private WebServer server;

  @BeforeEach
  void start() throws IOException {
    server = WebServer.start(loopback(0), things.metrics(), things.api());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private String say(String request) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(server.address());
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String get(String method, String path, String host) throws IOException {
    return say(
        "%s %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(method, path, host));
  }

  @Test
  void shouldServeMetrics() throws IOException {
    assertThat(get("GET", "/metrics", "127.0.0.1:7351"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .containsIgnoringCase("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n")
        .containsIgnoringCase("\r\nCache-Control: no-store\r\n")
        .containsIgnoringCase("\r\nX-Content-Type-Options: nosniff\r\n")
        .contains("\nrung_studies{state=\"running\"} 3.0\n", "\njvm_memory_used_bytes{");
  }

  @Test
  void shouldSayHowTheServerIs() throws IOException {
    assertThat(get("GET", "/healthz", "localhost"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .endsWith("\r\n\r\nHEALTHY\n");
    things.troubles.add(new Trouble("4f2a", Duration.ofSeconds(7), "the disk is full"));
    assertThat(get("GET", "/healthz", "localhost"))
        .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
        .endsWith("\r\n\r\nDEGRADED\nstudy 4f2a has not written for 7 s: the disk is full\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "192.0.2.1:7351",
        "",
        "127.0.0.1:7351:1"
      })
  void shouldAnswerNobodyWhoCallsItByAnotherName(String host) throws IOException {
    assertThat(get("GET", "/metrics", host))
        .startsWith("HTTP/1.1 403 Forbidden\r\n")
        .doesNotContain("rung_");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:80", "127.0.0.1", "127.8.9.1:7351", "[::1]:7351"})
  void shouldKnowItsNames(String host) {
    assertThat(WebServer.isLoopback(host)).isTrue();
  }

  @Test
  void shouldRefuseARequestWithoutAHost() throws IOException {
    assertThat(say("GET /metrics HTTP/1.0\r\n\r\n")).startsWith("HTTP/1.1 403 Forbidden\r\n");
  }

  @Test
  void shouldHaveNothingElse() throws IOException {
    assertThat(get("GET", "/", "localhost")).startsWith("HTTP/1.1 404 Not Found\r\n");
    assertThat(get("GET", "/metrics/x", "localhost")).startsWith("HTTP/1.1 404 Not Found\r\n");
    assertThat(get("POST", "/metrics", "localhost"))
        .startsWith("HTTP/1.1 405 Method Not Allowed\r\n")
        .containsIgnoringCase("\r\nAllow: GET\r\n");
    assertThat(get("HEAD", "/healthz", "localhost"))
        .startsWith("HTTP/1.1 405 Method Not Allowed\r\n")
        .endsWith("\r\n\r\n");
  }

  /** More of them than there are cores, and than small pools have threads. */
  @Test
  void shouldAnswerBesideRequestsThatNeverEnd() throws IOException {
    Socket[] unfinished = new Socket[16];
    try {
      for (int i = 0; i < unfinished.length; i++) {
        unfinished[i] = new Socket();
        unfinished[i].connect(server.address());
        unfinished[i]
            .getOutputStream()
            .write("GET /metrics HTTP/1.1\r\nHost: loc".getBytes(StandardCharsets.US_ASCII));
      }
      assertThat(get("GET", "/healthz", "localhost")).endsWith("HEALTHY\n");
    } finally {
      for (Socket socket : unfinished) {
        if (socket != null) {
          socket.close();
        }
      }
    }
  }

  @Test
  void shouldListenOnTheLoopbackOnly() {
    assertThatThrownBy(() ->
            WebServer.start(new InetSocketAddress("0.0.0.0", 0), things.metrics(), things.api()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WebServer.start(server.address(), things.metrics(), things.api()))
        .isInstanceOf(BindException.class);
  }
}
