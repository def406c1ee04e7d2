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
 * Answers {@code GET /metrics} and {@code GET /healthz} and nothing else. Only to requests that
 * name this machine's loopback as their host: so a page in a browser that had its own name resolve
 * to the loopback reads nothing here.
 */
public final class WebServer implements AutoCloseable {
  private static final int MOST_CONNECTIONS = 32;
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

  private WebServer(HttpServer http, Metrics metrics) {
    this.http = http;
    this.metrics = metrics;
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
   * @throws IOException the address is in use
   */
  public static WebServer start(InetSocketAddress address, Metrics metrics) throws IOException {
    if (!address.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException("expected an address of the loopback, but " + address);
    }
    WebServer server = new WebServer(HttpServer.create(address, 0), metrics);
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
    try (exchange) {
      Answer answer = answer(exchange);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", answer.type());
      exchange.getResponseHeaders().set("Cache-Control", "no-store");
      exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
      if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.sendResponseHeaders(answer.status(), -1);
        return;
      }
      exchange.sendResponseHeaders(answer.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private Answer answer(HttpExchange exchange) {
    if (!isLoopback(exchange.getRequestHeaders().getFirst("Host"))) {
      return plain(403, "expected a Host that is this machine's loopback, such as localhost");
    }
    String path = exchange.getRequestURI().getPath();
    if (!path.equals("/metrics") && !path.equals("/healthz")) {
      return plain(404, "expected /metrics or /healthz");
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
