package dev.rung.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.rung.study.Trouble;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code GET /metrics} and {@code GET /healthz}, and hands {@code /v1} to the api. Only for
 * requests that name this machine's loopback as their host: so a page in a browser that had its own
 * name resolve to the loopback reads nothing here.
 */
public final class WebServer implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 256;
  private static final String PLAIN = "text/plain; charset=utf-8";
  private static final String METRICS = "text/plain; version=0.0.4; charset=utf-8";
  private static final Pattern LOOPBACK =
      Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d{1,5})?");

  static {
    // The JDK's server waits without end for the rest of a request, and takes any number of
    // connections, unless its properties say otherwise; it reads them once.
    setDefault("sun.net.httpserver.maxReqTime", "5");
    setDefault("sun.net.httpserver.maxRspTime", "15");
    setDefault("jdk.httpserver.maxConnections", String.valueOf(MOST_CONNECTIONS));
  }

  private final HttpServer http;
  private final ThreadPoolExecutor threads;
  private final Metrics metrics;
  private final JsonApi api;

  private WebServer(HttpServer http, Metrics metrics, JsonApi api) {
    this.http = http;
    this.metrics = metrics;
    this.api = api;
    AtomicInteger number = new AtomicInteger();
    // A thread reads its whole request: with as many as connections nobody who is slow holds up
    // others. Beyond them the thread that accepts requests answers one itself and so accepts no
    // others meanwhile: nothing grows.
    this.threads =
        new ThreadPoolExecutor(
            0,
            MOST_CONNECTIONS,
            10,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            work -> {
              Thread thread = new Thread(work, "web-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            },
            new ThreadPoolExecutor.CallerRunsPolicy());
  }

  /** An answer that is small enough to be held. */
  private record Answer(int status, String type, String body) {}

  /**
   * Starts to listen.
   *
   * @param address of the loopback; port 0: a free one
   * @param metrics closed with this
   * @param api what is below /v1
   * @throws IOException the address is in use
   */
  public static WebServer start(InetSocketAddress address, Metrics metrics, JsonApi api)
      throws IOException {
    if (!address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException("expected an address of the loopback, but " + address);
    }
    WebServer server = new WebServer(HttpServer.create(address, 0), metrics, api);
    server.http.setExecutor(server.threads);
    server.http.createContext("/", server::handle);
    server.http.start();
    return server;
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return http.getAddress();
  }

  private void handle(HttpExchange exchange) throws IOException {
    boolean isOurs = isLoopback(exchange.getRequestHeaders().getFirst("Host"));
    if (isOurs && exchange.getRequestURI().getPath().startsWith("/v1/")) {
      api.handle(exchange);
      return;
    }
    try (exchange) {
      Answer answer =
          isOurs
              ? answer(exchange)
              : plain(403, "expected a Host that is this machine's loopback, such as localhost");
      send(exchange, answer.status(), answer.type(), answer.body());
    }
  }

  /** Sends an answer that is small enough to be held. */
  static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.sendResponseHeaders(status, -1);
      return;
    }
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
  }

  private Answer answer(HttpExchange exchange) {
    String path = exchange.getRequestURI().getPath();
    if (!path.equals("/metrics") && !path.equals("/healthz")) {
      return plain(404, "expected /metrics, /healthz or what is below /v1/studies/");
    }
    if (!exchange.getRequestMethod().equals("GET")) {
      exchange.getResponseHeaders().set("Allow", "GET");
      return plain(405, "expected GET");
    }
    return path.equals("/metrics") ? new Answer(200, METRICS, metrics.scrape()) : health();
  }

  static boolean isLoopback(@Nullable String host) {
    return host != null && LOOPBACK.matcher(host.toLowerCase(Locale.ROOT)).matches();
  }

  private Answer health() {
    Optional<List<Trouble>> troubles = metrics.troubles();
    if (troubles.isEmpty()) {
      long seconds = Metrics.PATIENCE.toSeconds();
      return plain(503, "DEGRADED\nthe server did not answer within " + seconds + " s");
    }
    if (troubles.get().isEmpty()) {
      return plain(200, "HEALTHY");
    }
    StringBuilder text = new StringBuilder("DEGRADED");
    for (Trouble trouble : troubles.get()) {
      text.append(
          "\nstudy %s has not written for %d s"
              .formatted(trouble.study(), trouble.lasting().toSeconds()));
      if (!trouble.cause().isEmpty()) {
        text.append(": ").append(trouble.cause());
      }
    }
    return plain(503, text.toString());
  }

  private static Answer plain(int status, String text) {
    return new Answer(status, PLAIN, text + "\n");
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** Ends it; what is being answered is cut. */
  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
    metrics.close();
  }
}
