package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.trainer.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What deploy/ says fits the rest; {@code deploy/check} runs what can be run. */
class DeployedFilesTest {
  private static final Path DEPLOY = Path.of("../deploy");

  private static String read(String file) throws IOException {
    return Files.readString(DEPLOY.resolve(file));
  }

  private static Map<?, ?> yaml(String file) throws IOException {
    return map(new Load(LoadSettings.builder().build()).loadFromString(read(file)));
  }

  private static Map<?, ?> map(@Nullable Object value) {
    return (Map<?, ?>) Objects.requireNonNull(value);
  }

  private static Map<?, ?> child(Map<?, ?> map, String key) {
    assertThat(map.containsKey(key)).as("%s of %s", key, map.keySet()).isTrue();
    return map(map.get(key));
  }

  /** By name, with what they take over from others. */
  private static Map<String, Map<?, ?>> services() throws IOException {
    Map<String, Map<?, ?>> services = new TreeMap<>();
    child(yaml("compose.yaml"), "services")
        .forEach((name, service) -> services.put(String.valueOf(name), merged(map(service))));
    return services;
  }

  private static Map<?, ?> merged(Map<?, ?> map) {
    Map<Object, Object> all = new HashMap<>();
    if (map.get("<<") instanceof Map<?, ?> other) {
      all.putAll(merged(other));
    }
    all.putAll(map);
    return all;
  }

  private static Collection<?> list(Map<?, ?> map, String key) {
    return (Collection<?>) Objects.requireNonNull(map.get(key), key);
  }

  private static List<String> texts(@Nullable Object list) {
    return list == null ? List.of() : ((Collection<?>) list).stream().map(String::valueOf).toList();
  }

  @Test
  void shouldComposeWhatTheBuildMakes() throws IOException {
    String version = first("<version>(.*?)</version>", Files.readString(Path.of("../pom.xml")));
    Set<String> built = new TreeSet<>();
    for (String pom : List.of("pom.xml", "../trainer-node/dl4j/pom.xml")) {
      String image = first("<image>(rung-.*?)</image>", Files.readString(Path.of(pom)));
      built.add(image.replace("${project.version}", version));
    }
    Set<String> used = new TreeSet<>();
    for (Map<?, ?> service : services().values()) {
      used.add(String.valueOf(service.get("image")));
    }
    used.removeIf(image -> !image.startsWith("rung-"));
    assertThat(used).isEqualTo(built);
  }

  @Test
  void shouldMountOnlyWhatThereIs() throws IOException {
    Set<?> volumes = child(yaml("compose.yaml"), "volumes").keySet();
    Set<String> mounted = new TreeSet<>();
    for (Map<?, ?> service : services().values()) {
      for (String mount : texts(service.get("volumes"))) {
        String source = mount.substring(0, mount.indexOf(':'));
        if (source.startsWith(".")) {
          assertThat(DEPLOY.resolve(source)).exists();
        } else {
          mounted.add(source);
        }
      }
    }
    assertThat(mounted).isEqualTo(volumes);
  }

  /** The server takes calls on its loopback, and only those in its network reach that. */
  @Test
  void shouldPutEverythingIntoTheServersNetworkAndPublishNothingBeyondThisMachine()
      throws IOException {
    Map<String, Map<?, ?>> services = services();
    services.forEach((name, service) -> {
      boolean isServer = name.equals("server");
      assertThat(service.get("network_mode"))
          .as("network of %s", name)
          .isEqualTo(isServer ? null : "service:server");
      assertThat(texts(service.get("ports")))
          .as("ports of %s", name)
          .allMatch(port -> port.startsWith("127.0.0.1:"))
          .hasSize(isServer ? 2 : 0);
    });
    for (String trainer : List.of("trainer-1", "trainer-2")) {
      assertThat(texts(child(services, trainer).get("command")))
          .containsSequence("--name", trainer)
          .containsSequence("--server", "127.0.0.1:7350");
    }
    assertThat(texts(child(child(services, "server"), "healthcheck").get("test")))
        .startsWith("CMD", "/opt/java/bin/java")
        .endsWith("dev.rung.cli.Rung", "doctor");
    assertThat(read("prometheus.yml")).contains("targets: [\"127.0.0.1:7351\"]");
    for (String file : texts(yaml("prometheus.yml").get("rule_files"))) {
      assertThat(DEPLOY.resolve(file)).exists();
      assertThat(read("compose.yaml")).contains(":/etc/prometheus/" + file + ":ro");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"compose.yaml", "systemd/rung-server.service", "systemd/rung-trainer@.service"})
  void shouldStartWhatTheImagesHold(String file) throws IOException {
    Set<String> arguments = all("@\\S*?/opt/rung/(\\w+)\\.args", read(file));
    assertThat(arguments).isNotEmpty();
    for (String name : arguments) {
      assertThat(read("rootfs")).contains("/opt/rung/" + name + ".args\"");
    }
  }

  @Test
  void shouldRestartTrainersByWhatTheirExitCodesMean() throws IOException {
    String unit = read("systemd/rung-trainer@.service");
    assertThat(unit)
        .contains("\nRestart=on-failure\n")
        .contains("\nRestartForceExitStatus=" + exitCode(Outcome.Kind.NO_CONTACT) + "\n")
        .contains("\nRestartPreventExitStatus=2 " + exitCode(Outcome.Kind.SUPERSEDED) + "\n");
    assertThat(unit + read("systemd/rung-server.service"))
        .contains("NoNewPrivileges=yes", "ProtectSystem=strict", "StateDirectory=rung");
  }

  private static int exitCode(Outcome.Kind kind) {
    return new Outcome(kind, "").exitCode();
  }

  static Set<String> all(String pattern, String text) {
    Set<String> found = new TreeSet<>();
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    while (matcher.find()) {
      found.add(matcher.group(1));
    }
    return found;
  }

  private static String first(String pattern, String text) {
    Matcher matcher = Pattern.compile(pattern).matcher(text);
    assertThat(matcher.find()).as(pattern).isTrue();
    return matcher.group(1);
  }

  /** The expressions of the dashboard and of the alerts. */
  static List<String> queries() throws IOException {
    List<String> queries = new ArrayList<>();
    Map<?, ?> dashboard = yaml("grafana/rung.json");
    for (Object panel : list(dashboard, "panels")) {
      for (Object target : list(map(panel), "targets")) {
        queries.add(String.valueOf(map(target).get("expr")));
      }
    }
    for (Object group : list(yaml("rung-alerts.yml"), "groups")) {
      for (Object rule : list(map(group), "rules")) {
        queries.add(String.valueOf(map(rule).get("expr")));
      }
    }
    return queries;
  }
}
