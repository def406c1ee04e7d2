package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes that play a server and trainers. */
class QuickstartTest {
  private static final long DEADLINE_SECONDS = 60;

  @TempDir Path folder;
  private final Terminal terminal = new Terminal();
  private Path launcher;
  private Path data;

  @BeforeEach
  void makeLauncher() throws IOException {
    launcher = folder.resolve("rung");
    Files.writeString(
        launcher,
        "#!/bin/sh\nexec '%s/bin/java' -XX:TieredStopAtLevel=1 -Drung.home='%s' -cp '%s' %s \"$@\"\n"
            .formatted(
                System.getProperty("java.home"),
                folder,
                System.getProperty("java.class.path"),
                FakeProcess.class.getName()));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path examples = Files.createDirectories(folder.resolve("docs/examples"));
    Files.writeString(
        examples.resolve("digits.yaml"),
        """
        name: digits
        metric: {name: val_accuracy, goal: maximize}
        resource: {unit: epoch, max: 9}
        budget: {trials: 4}
        space:
          learning_rate: {min: 1.0e-4, max: 1.0, log: true}
        trainer: {kind: dl4j-image}
        """);
    data = folder.resolve("data");
    terminal.home = folder.toString();
  }

  @AfterEach
  void leaveNothing() throws IOException {
    for (String name : List.of("server", "trainer-1", "trainer-2")) {
      pid(name).flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  @Test
  void shouldGoOnWhenATrainerIsKilledAndLeaveNoProcess() throws Exception {
    CompletableFuture<Integer> exit = start("-o", "json");
    ProcessHandle second = await(() -> process("trainer-2"));
    await(() -> terminal.err().contains("digits running") ? Optional.of(true) : Optional.empty());

    second.destroyForcibly();

    String note =
        "trainer-2 (pid %d) was killed; its trials go on elsewhere".formatted(second.pid());
    await(() -> terminal.err().contains(note) ? Optional.of(true) : Optional.empty());
    Files.createFile(data.resolve("end"));
    assertThat(exit.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isZero();

    assertThat(terminal.out()).hasLineCount(1);
    JsonNode json = new ObjectMapper().readTree(terminal.out());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "study",
            "name",
            "state",
            "reason",
            "seconds",
            "trials",
            "rungs",
            "best",
            "resourceUsed",
            "resourceFull",
            "movedTrials",
            "processes",
            "attempts",
            "notes",
            "data");
    assertThat(json.get("attempts").toString()).isEqualTo("{\"trainer-1\":2,\"trainer-2\":1}");
    assertThat(json.get("notes").get(0).asText()).isEqualTo(note);
    assertThat(json.get("processes")).hasSize(3);
    assertThat(json.get("processes").get(0).get("role").asText()).isEqualTo("server");
    for (JsonNode process : json.get("processes")) {
      assertThat(ProcessHandle.of(process.get("pid").asLong())).isEmpty();
    }
    assertThat(data.resolve("logs/server.log")).exists();
    assertThat(data.resolve("trainers")).doesNotExist();
  }

  @Test
  void shouldEndWithTheLogWhenTheServerDies() throws Exception {
    CompletableFuture<Integer> exit = start();
    ProcessHandle trainer = await(() -> process("trainer-1"));
    ProcessHandle server = await(() -> process("server"));

    server.destroyForcibly();

    assertThat(exit.get(DEADLINE_SECONDS, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(terminal.err())
        .contains("rung: server (pid %d) was killed; the end of its log".formatted(server.pid()))
        .contains("ready 127.0.0.1:");
    assertThat(trainer.isAlive()).isFalse();
  }

  @Test
  void shouldEndEverythingOnCtrlC() throws Exception {
    Process quickstart =
        new ProcessBuilder(
                withInterrupts(launcher.toString(), "quickstart", "--data", data.toString()))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("quickstart.log").toFile())
            .start();
    ProcessHandle trainer = await(() -> process("trainer-2"));
    ProcessHandle server = await(() -> process("server"));

    assertThat(new ProcessBuilder("kill", "-INT", "" + quickstart.pid()).start().waitFor())
        .isZero();

    assertThat(quickstart.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(quickstart.exitValue()).isEqualTo(130);
    assertThat(trainer.isAlive()).isFalse();
    assertThat(server.isAlive()).isFalse();
  }

  /** A build in the background ignores Ctrl-C, and so would all that it starts. */
  private static List<String> withInterrupts(String... command) {
    List<String> words = new ArrayList<>(List.of(command));
    if (System.getProperty("os.name").equals("Linux")) {
      words.addAll(0, List.of("env", "--default-signal=INT"));
    }
    return words;
  }

  private CompletableFuture<Integer> start(String... more) {
    List<String> args = new ArrayList<>(List.of("quickstart", "--data", data.toString()));
    args.addAll(List.of(more));
    return CompletableFuture.supplyAsync(() -> terminal.run(args.toArray(String[]::new)));
  }

  private Optional<ProcessHandle> process(String name) throws IOException {
    return pid(name).flatMap(ProcessHandle::of);
  }

  /** The process id that a process has written in its log. */
  private Optional<Long> pid(String name) throws IOException {
    Path log = data.resolve("logs").resolve(name + ".log");
    if (!Files.exists(log)) {
      return Optional.empty();
    }
    return Files.readAllLines(log).stream()
        .filter(line -> line.startsWith("pid "))
        .map(line -> Long.parseLong(line.substring(4)))
        .findFirst();
  }

  private static <T> T await(Callable<Optional<T>> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (System.nanoTime() < deadline) {
      Optional<T> value = condition.call();
      if (value.isPresent()) {
        return value.get();
      }
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new AssertionError("the condition did not come true");
  }
}
