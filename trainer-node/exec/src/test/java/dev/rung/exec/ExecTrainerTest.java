package dev.rung.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.trainer.Directive;
import dev.rung.trainer.DivergedException;
import dev.rung.trainer.TrialEndException;
import dev.rung.trainer.Values;
import dev.rung.trainer.process.ProcessTree;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs real commands; {@code sh} stands for a user's program. */
@Timeout(60)
class ExecTrainerTest {
  @TempDir Path work;

  private Duration grace = Duration.ofSeconds(10);
  private Map<Integer, ExitCause> exitCodes = Map.of();

  private void train(FakeTrial trial, String script) throws Exception {
    List<String> command = List.of("sh", "-c", script);
    new ExecTrainer(
            command,
            new ExecSettings(MetricOptions.json(), grace, exitCodes, Optional.empty(), work))
        .train(trial);
    try (Stream<Path> left = Files.list(work)) {
      assertThat(left).as("folders of attempts that have ended").isEmpty();
    }
  }

  private Throwable failure(FakeTrial trial, String script) {
    try {
      train(trial, script);
      throw new AssertionError("expected the training to fail");
    } catch (Exception e) {
      return e;
    }
  }

  /** Waits until something is so. */
  private static <T> T await(String what, Callable<Optional<T>> condition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (System.nanoTime() < deadline) {
      Optional<T> value = condition.call();
      if (value.isPresent()) {
        return value.get();
      }
      TimeUnit.MILLISECONDS.sleep(10);
    }
    throw new AssertionError("expected " + what);
  }

  private static boolean isAlive(long pid) {
    try {
      // A zombie counts as ended.
      return !Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void shouldReportWhatTheCommandPrints() throws Exception {
    FakeTrial trial = new FakeTrial();
    train(
        trial,
        """
        echo starting
        echo '{"step": 1, "loss": 0.5, "phase": "train", "cost": 2.5}'
        echo 'epoch 2 is on its way'
        echo '{"step": 2, "loss": NaN, "accuracy": 1}'
        echo trouble >&2
        """);
    assertThat(trial.reports)
        .isEqualTo(
            Map.of(
                1L, Map.of("loss", 0.5),
                2L, Map.of("loss", Double.NaN, "accuracy", 1.0)));
    assertThat(trial.costs).containsExactly(2.5);
    assertThat(trial.logged).contains("starting", "epoch 2 is on its way", "trouble");
  }

  @Test
  void shouldReportWhatTheCommandWritesToItsFile() throws Exception {
    FakeTrial trial = new FakeTrial();
    train(
        trial,
        """
        echo '{"step": 1, "loss": 0.5}' >> "$RUNG_METRICS_FILE"
        printf '{"step": 2, ' >> "$RUNG_METRICS_FILE"
        sleep 0.3
        printf '"loss": 0.25}\\n{"step": 3, "loss": 0.125}' >> "$RUNG_METRICS_FILE"
        """);
    assertThat(trial.reports)
        .isEqualTo(
            Map.of(1L, Map.of("loss", 0.5), 2L, Map.of("loss", 0.25), 3L, Map.of("loss", 0.125)));
    assertThat(trial.logged).isEmpty();
  }

  @Test
  void shouldTellTheCommandItsParameters() throws Exception {
    FakeTrial trial = new FakeTrial();
    trial.assignment = Values.of(Map.of("lr", 1e-3));
    trial.config = Values.of(Map.of("data", "digits; rm -rf /"));
    String script =
        """
        echo "$@"
        echo "$RUNG_TRIAL $RUNG_ATTEMPT $RUNG_SEED $RUNG_START_STEP $RUNG_MAX_RESOURCE ${RUNG_RESUME-none} ${RUNG_TOKEN-none}"
        echo "$RUNG_PARAMS"
        cat "$RUNG_PARAMS_FILE" "$RUNG_CONFIG_FILE"
        echo '{"step": 1, "loss": 0}'
        """;
    List<String> command =
        List.of(
            "sh",
            "-c",
            script,
            "sh",
            "{params}",
            "--data={config.data}",
            "{{trial}}",
            "{overrides}");
    new ExecTrainer(
            command,
            new ExecSettings(MetricOptions.json(), grace, Map.of(), Optional.empty(), work))
        .train(trial);
    assertThat(trial.logged)
        .containsExactly(
            "--lr=0.001 --data=digits; rm -rf / {trial} lr=0.001",
            "7 2 18446744073709551615 0 27 none none",
            "{\"lr\":0.001}",
            "{\"lr\":0.001}",
            "{\"data\":\"digits; rm -rf /\"}",
            "{\"step\": 1, \"loss\": 0}");
  }

  @Test
  void shouldEndTheCommandWhereTheTrialIsStopped() throws Exception {
    FakeTrial trial = new FakeTrial();
    trial.endsAt = 2;
    train(
        trial,
        """
        trap 'echo asked to end; exit 0' TERM
        i=0
        while :; do i=$((i+1)); echo "{\\"step\\": $i, \\"loss\\": 1}"; sleep 0.05; done
        """);
    assertThat(trial.reports.keySet()).containsExactly(1L, 2L);
    assertThat(trial.logged).contains("asked to end");
  }

  @Test
  void shouldKillACommandThatIgnoresSignalsAndAllThatItStarted() throws Exception {
    grace = Duration.ofMillis(300);
    FakeTrial trial = new FakeTrial();
    trial.endsAt = 1;
    train(
        trial,
        """
        trap '' TERM
        sleep 600 &
        echo "child $!"
        setsid sh -c 'sleep 600 & echo "escaped $!"; wait' &
        sleep 0.3
        echo '{"step": 1, "loss": 1}'
        while :; do sleep 1; done
        """);
    List<Long> pids = new ArrayList<>();
    for (String line : trial.logged) {
      if (line.matches("(child|escaped) \\d+")) {
        pids.add(Long.parseLong(line.substring(line.indexOf(' ') + 1)));
      }
    }
    assertThat(pids).hasSize(2).noneMatch(ExecTrainerTest::isAlive);
  }

  @Test
  void shouldEndWhatTheCommandLeftRunning() throws Exception {
    FakeTrial trial = new FakeTrial();
    train(trial, "sleep 600 & echo \"left $!\"; echo '{\"step\": 1, \"loss\": 1}'");
    String left =
        trial.logged.stream().filter(line -> line.startsWith("left ")).findFirst().orElseThrow();
    assertThat(isAlive(Long.parseLong(left.substring(5)))).isFalse();
  }

  @Test
  void shouldStoreNamedCheckpointsBeforeTheReportAndGoOnFromThem() throws Exception {
    FakeTrial first = new FakeTrial();
    train(
        first,
        """
        mkdir "$RUNG_CHECKPOINT_DIR/9"
        echo weights > "$RUNG_CHECKPOINT_DIR/9/model"
        mkdir "$RUNG_CHECKPOINT_DIR/9/empty"
        echo '{"step": 9, "loss": 1, "checkpoint": "9"}'
        echo one-file > "$RUNG_CHECKPOINT_DIR/model.bin"
        echo '{"step": 10, "checkpoint": "model.bin"}'
        """);
    assertThat(first.checkpoints.keySet()).containsExactly(9L, 10L);

    FakeTrial folder = new FakeTrial().resumedFrom(9, first.checkpoint(9));
    train(
        folder, "cat \"$RUNG_RESUME/model\"; ls \"$RUNG_RESUME\"; echo '{\"step\":10,\"loss\":1}'");
    assertThat(folder.logged).startsWith("weights", "empty", "model");

    FakeTrial file = new FakeTrial().resumedFrom(10, first.checkpoint(10));
    train(file, "cat \"$RUNG_RESUME\"; basename \"$RUNG_RESUME\"; echo '{\"step\":11,\"loss\":1}'");
    assertThat(file.logged).startsWith("one-file", "model.bin");
  }

  @Test
  void shouldKeepTheFolderOfACommandThatSavesWhenItIsAskedToEnd() throws Exception {
    FakeTrial trial = new FakeTrial();
    trial.endsAt = 3;
    trial.ending = Directive.PAUSE;
    train(
        trial,
        """
        trap 'echo state-$i > "$RUNG_CHECKPOINT_DIR/last"; exit 143' TERM
        i=0
        while :; do i=$((i+1)); echo "{\\"step\\": $i, \\"loss\\": 1}"; sleep 0.05; done
        """);
    assertThat(trial.checkpoints).hasSize(1);
    Path unpacked =
        Archive.read(
            new ByteArrayInputStream(trial.checkpoints.values().iterator().next()),
            work.resolve("unpacked"));
    long step = trial.checkpoints.keySet().iterator().next();
    assertThat(Files.readString(unpacked.resolve("last"))).isEqualTo("state-" + step + "\n");
    assertThat(step).isGreaterThanOrEqualTo(3);
  }

  @Test
  void shouldAskForACheckpointOnlyWhereTheCommandMakesSome() throws Exception {
    FakeTrial saving = new FakeTrial();
    saving.wantsCheckpoint = true;
    String script =
        """
        %s
        trap 'echo 2 > "$RUNG_CHECKPOINT_DIR/last"; exit 0' TERM
        for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo "{\\"step\\": $i, \\"loss\\": 1}"; sleep 0.05; done
        """;
    train(saving, script.formatted("echo 1 > \"$RUNG_CHECKPOINT_DIR/last\""));
    assertThat(saving.checkpoints).hasSize(1);
    assertThat(saving.reports).doesNotContainKey(12L);

    FakeTrial other = new FakeTrial();
    other.wantsCheckpoint = true;
    train(other, script.formatted(""));
    assertThat(other.reports).containsKey(12L);
  }

  @Test
  void shouldGiveATrialBackWhoseCommandLeavesNoCheckpoint() {
    FakeTrial trial = new FakeTrial();
    trial.wantsCheckpoint = true;
    Throwable failure =
        failure(
            trial,
            """
            touch "$RUNG_CHECKPOINT_DIR/empty-handed"
            trap 'rm "$RUNG_CHECKPOINT_DIR/empty-handed"; exit 3' TERM
            while :; do echo '{"step": 1, "loss": 1}'; sleep 0.05; done
            """);
    assertThat(failure).isInstanceOf(TrialEndException.class).hasMessageContaining("left none");
  }

  @Test
  void shouldSayHowACommandFailed() {
    assertThat(failure(new FakeTrial(), "echo '{\"step\":1,\"loss\":1}'; exit 3"))
        .isInstanceOf(TrialEndException.class)
        .hasMessage("exit code 3");
    assertThat(failure(new FakeTrial(), "kill -SEGV $$"))
        .isInstanceOf(TrialEndException.class)
        .hasMessage("ended by signal 11 (exit code 139)");
    assertThat(
            failure(
                new FakeTrial(),
                "echo 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2 GiB'; exit 1"))
        .hasMessageStartingWith("exit code 1: torch.OutOfMemoryError: CUDA out of memory.");
    assertThat(failure(new FakeTrial(), "echo 'MemoryError: no room' >&2; exit 1"))
        .hasMessage("exit code 1: MemoryError: no room");
    exitCodes = Map.of(77, ExitCause.DIVERGED);
    assertThat(failure(new FakeTrial(), "exit 77"))
        .isInstanceOf(DivergedException.class)
        .hasMessage("exit code 77");
  }

  @Test
  void shouldSayWhyNothingWasRead() {
    assertThat(failure(new FakeTrial(), "echo done"))
        .hasMessage("the command ended and reported nothing");
    assertThat(failure(new FakeTrial(), "echo '{\"step\": 1, \"loss\": }'"))
        .hasMessageEndingWith(
            "1 lines begin like JSON and are none, the first: {\"step\": 1, \"loss\": }");
    assertThat(failure(new FakeTrial(), "echo '{\"epoch\": 1, \"loss\": 2}'"))
        .hasMessageEndingWith(
            "1 JSON lines have no field 'step', the first: {\"epoch\": 1, \"loss\": 2}");
  }

  @Test
  void shouldNameAStepThatIsNone() {
    assertThat(failure(new FakeTrial(), "echo '{\"step\": 0, \"loss\": 2}'; sleep 60"))
        .hasMessageContaining("expected 'step' to be a whole number from 1, got 0")
        .hasMessageContaining("--step-offset 1");
    assertThat(
            failure(
                new FakeTrial(),
                "echo '{\"step\": 2, \"loss\": 2}'; echo '{\"step\": 1, \"loss\": 2}'; sleep 60"))
        .hasMessage("expected a step not before 2, got 1 in the line: {\"step\": 1, \"loss\": 2}");
  }

  @Test
  void shouldRefuseCheckpointsFromElsewhere() {
    assertThat(
            failure(
                new FakeTrial(),
                "echo '{\"step\": 1, \"checkpoint\": \"../params.json\"}'; sleep 60"))
        .hasMessageContaining("'../params.json' lies elsewhere");
    assertThat(failure(new FakeTrial(), "echo '{\"step\": 1, \"checkpoint\": \"none\"}'; sleep 60"))
        .hasMessageContaining("nothing is there");
    assertThat(
            failure(
                new FakeTrial(),
                "ln -s /etc/hostname \"$RUNG_CHECKPOINT_DIR/link\"; echo '{\"step\": 1, \"checkpoint\": \"link\"}'; sleep 60"))
        .hasMessageContaining("'link' lies elsewhere");
  }

  @Test
  void shouldSurviveWhateverACommandPrints() throws Exception {
    FakeTrial trial = new FakeTrial();
    train(
        trial,
        """
        head -c 10000000 /dev/zero | tr '\\0' 'x'; echo
        head -c 100000 /dev/urandom; echo
        printf 'progress 1\\rprogress 2\\r\\n'
        echo '{"step": 1, "loss": 2}'
        printf '{"step": 2, "loss": 3}'
        """);
    assertThat(trial.reports.keySet()).containsExactly(1L, 2L);
    assertThat(trial.logged).contains("progress 1", "progress 2");
    assertThat(trial.logged).allMatch(line -> line.length() < (64 << 10) + 100);
    assertThat(trial.logged.get(0)).endsWith("x… (9,934,464 more bytes)");
  }

  @Test
  void shouldNotWaitForACommandThatIsInterrupted() throws Exception {
    FakeTrial trial = new FakeTrial();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<?> training =
          thread.submit(() -> {
            train(trial, "echo \"pid $$\"; trap '' TERM; while :; do sleep 1; done");
            return null;
          });
      String pid =
          await(
              "a line",
              () -> trial.logged.stream().filter(line -> line.startsWith("pid ")).findFirst());
      training.cancel(true);
      thread.shutdown();
      assertThat(thread.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
      assertThat(isAlive(Long.parseLong(pid.substring(4)))).isFalse();
    } finally {
      thread.shutdownNow();
    }
  }

  @Test
  void shouldEndAndDeleteWhatAKilledNodeLeft() throws Exception {
    Path left = Files.createDirectories(work.resolve("attempt-999999999-1"));
    Files.writeString(left.resolve("file"), "x");
    Path mine =
        Files.createDirectories(work.resolve("attempt-" + ProcessHandle.current().pid() + "-1"));
    ProcessBuilder builder = new ProcessBuilder("sleep", "600");
    builder.environment().put(ProcessTree.MARK, work.toAbsolutePath() + ":999999999:1");
    Process orphan = builder.start();
    try {
      var unused =
          new ExecTrainer(
              List.of("true"),
              new ExecSettings(MetricOptions.json(), grace, Map.of(), Optional.empty(), work));
      assertThat(orphan.waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(left).doesNotExist();
      assertThat(mine).exists();
    } finally {
      orphan.destroyForcibly();
    }
  }

  @Test
  void shouldNameMacrosThatAreUnknown() {
    assertThatThrownBy(() -> new CommandTemplate(List.of("python", "{parms}")))
        .hasMessageContaining("got '{parms}'; write {{parms}} for the text itself");
    assertThatThrownBy(() -> new CommandTemplate(List.of("python", "x{params}")))
        .hasMessage("expected {params} as an argument of its own, got 'x{params}'");
    assertThatThrownBy(() -> new CommandTemplate(List.of()))
        .hasMessage("expected a command after '--', got nothing");
    assertThat(new CommandTemplate(List.of("python", "-c", "print({\"a\": 1})"))).isNotNull();
  }
}
