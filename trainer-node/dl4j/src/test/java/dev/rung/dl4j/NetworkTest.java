package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a user does to search over a network, with the real programs: refused without TLS and a
 * token, working with both, refused again after the token is revoked.
 */
@Tag("nightly")
class NetworkTest {
  private static final int NOT_ALLOWED = 4;
  private static final int USAGE = 2;
  private static final long PATIENCE_SECONDS = 90;

  /** Times that the server's keys are replaced while calls are made. */
  private static final int RENEWALS = 5;

  /** A secret that must turn up nowhere but in the file that it was written to. */
  private static final String NO_TOKEN = "rung_canary-0123456789-canary";

  @TempDir private Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final Map<String, Path> logs = new HashMap<>();
  private Optional<Network> network = Optional.empty();
  private String server = "";

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
    network.ifPresent(Network::close);
  }

  @Test
  void shouldReachAServerSafely() throws Exception {
    network = Network.open(folder);
    assumeTrue(network.isPresent(), "there is no address but loopback's");
    String host = network.get().address;
    server = host + ":7350";

    // Without TLS and tokens there is no server, and it says what to run.
    Ran bare = rung("serve", "--data", path("data"), "--host", host);
    assertThat(bare.exit).isEqualTo(USAGE);
    assertThat(bare.output)
        .contains("rung certs init --dir rung-certs --host " + host)
        .contains("rung token create --data " + path("data") + " --role admin > admin.token")
        .contains("--tls-cert rung-certs/server.crt --tls-key rung-certs/server.key");
    assertThat(rung("serve", "--data", path("data"), "--host", host, "--insecure").exit)
        .isEqualTo(USAGE);

    // As it says.
    assertThat(rung("certs", "init", "--dir", path("certs"), "--host", host).exit).isZero();
    String admin = token("--role", "admin");
    String trainer = token("--role", "trainer", "--pool", "cpus");
    Process serving =
        start(
            "server",
            "dev.rung.cli.Rung",
            "serve",
            "--data",
            path("data"),
            "--host",
            host,
            "--tls-cert",
            path("certs/server.crt"),
            "--tls-key",
            path("certs/server.key"));
    await("the server to be ready", () -> said("server", "ready " + server), serving);

    // Refused without one of the two.
    assertThat(client(Optional.empty(), admin).exit).isEqualTo(NOT_ALLOWED);
    assertThat(client(ca(), "").exit).isEqualTo(NOT_ALLOWED);
    assertThat(client(ca(), NO_TOKEN).output)
        .contains("expected a token of this server")
        .doesNotContain(NO_TOKEN);
    assertThat(client(ca(), trainer).output).contains("has the role trainer, which may not call");
    assertThat(client(ca(), admin).exit).isZero();

    // A node that has a wrong token, and then is given a right one.
    Path tokenFile = Files.writeString(folder.resolve("node.token"), NO_TOKEN);
    Process node =
        start(
            "trainer",
            Dl4jTrainerMain.class.getName(),
            "--server",
            server,
            "--ca",
            path("certs/ca.crt"),
            "--token-file",
            tokenFile.toString(),
            "--pool",
            "cpus",
            "--data",
            path("nodes"),
            "--name",
            "node");
    await("the node to be refused", () -> said("trainer", "UNAUTHENTICATED"), node);
    Files.writeString(tokenFile, trainer);
    await("the node to be let in", () -> said("trainer", "node node is connected to"), node);

    Path study =
        Files.writeString(
            folder.resolve("study.yaml"),
            Site.example("scripted").replace("trials: 100", "trials: 3"));
    assertThat(client(ca(), admin, "study", "create", study.toString(), "--wait").exit).isZero();

    // New keys, again and again, while calls are made.
    int calls = 0;
    for (int i = 1; i <= RENEWALS; i++) {
      Process renewal =
          launch(
              "renewal",
              Map.of(),
              "dev.rung.cli.Rung",
              "certs",
              "init",
              "--renew",
              "--dir",
              path("certs"));
      while (renewal.isAlive() || timesSaid("server", "the certificate in") <= i) {
        assertThat(client(ca(), admin).exit).isZero();
        calls++;
      }
      assertThat(renewal.exitValue()).isZero();
      assertThat(client(ca(), admin).exit).isZero();
      calls++;
    }
    assertThat(text("trainer")).doesNotContain("node node lost the server");

    // Revoked.
    String id = id(admin, "trainer");
    long before = System.nanoTime();
    assertThat(client(ca(), admin, "token", "revoke", id).exit).isZero();
    await("the node to be refused", () -> said("trainer", "token " + id + " was revoked"), node);
    double seconds = (System.nanoTime() - before) / 1e9;
    assertThat(client(ca(), admin, "fleet", "list").output.lines())
        .noneMatch(line -> line.startsWith("node "));
    assertThat(client(ca(), trainer).output).contains("was revoked");
    String own = id(admin, "admin");
    assertThat(rung("token", "revoke", own, "--data", path("data")).exit).isZero();
    await("the admin to be refused", () -> client(ca(), admin).exit == NOT_ALLOWED, serving);

    System.out.printf(
        "network: %s; %d calls while keys were replaced %d times, none failed; revoked %.1f s after"
            + " the command began%n",
        network.get(), calls, RENEWALS, seconds);
    assertThat(seconds).isLessThan(5 + 3); // The command is a JVM, which starts first.
    for (String name : logs.keySet()) {
      assertThat(text(name)).doesNotContain(admin, trainer, NO_TOKEN);
    }
  }

  /** How a command ended and what it printed. */
  private record Ran(int exit, String output) {}

  private Ran client(Optional<String> ca, String token, String... command)
      throws IOException, InterruptedException {
    List<String> words =
        new ArrayList<>(command.length == 0 ? List.of("study", "list") : Arrays.asList(command));
    words.addAll(List.of("--server", server));
    ca.ifPresent(file -> words.addAll(List.of("--ca", file)));
    return run(token.isEmpty() ? Map.of() : Map.of("RUNG_TOKEN", token), words);
  }

  private Optional<String> ca() {
    return Optional.of(path("certs/ca.crt"));
  }

  private String token(String... options) throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("token", "create", "--data", path("data")));
    words.addAll(Arrays.asList(options));
    Ran made = run(Map.of(), words);
    assertThat(made.exit).isZero();
    return made.output.lines().filter(line -> line.startsWith("rung_")).findFirst().orElseThrow();
  }

  private String id(String admin, String role) throws IOException, InterruptedException {
    return client(ca(), admin, "token", "list")
        .output
        .lines()
        .filter(line -> line.contains("  " + role + " "))
        .map(line -> line.substring(0, 12))
        .findFirst()
        .orElseThrow();
  }

  private Ran rung(String... words) throws IOException, InterruptedException {
    return run(Map.of(), List.of(words));
  }

  private Ran run(Map<String, String> environment, List<String> words)
      throws IOException, InterruptedException {
    String name = "command-" + processes.size();
    Process process = launch(name, environment, "dev.rung.cli.Rung", words.toArray(String[]::new));
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    Path log = logs.get(name);
    // What a command prints may well have a token; what goes on running must not.
    logs.remove(name);
    return new Ran(process.exitValue(), Files.readString(log));
  }

  private Process start(String name, String main, String... arguments) throws IOException {
    return launch(name, Map.of(), main, arguments);
  }

  private Process launch(
      String name, Map<String, String> environment, String main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(network.orElseThrow().around());
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx400m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--enable-native-access=ALL-UNNAMED",
            "-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            main));
    command.addAll(List.of(arguments));
    Path log = folder.resolve(name + ".log");
    logs.put(name, log);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private boolean said(String name, String text) throws IOException {
    return text(name).contains(text);
  }

  private long timesSaid(String name, String text) throws IOException {
    return text(name).lines().filter(line -> line.contains(text)).count();
  }

  private String text(String name) throws IOException {
    return new String(Files.readAllBytes(folder.resolve(name + ".log")), StandardCharsets.UTF_8);
  }

  private static void await(String what, Callable<Boolean> wanted, Process process)
      throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!wanted.call()) {
      assertThat(process.isAlive()).as("the process lives, while waiting for " + what).isTrue();
      assertThat(System.nanoTime()).as("the time to wait for " + what).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }
}
