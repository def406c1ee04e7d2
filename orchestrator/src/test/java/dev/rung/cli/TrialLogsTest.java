package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.api.Samples;
import dev.rung.api.TestServer;
import dev.rung.logs.LogLine;
import dev.rung.logs.LogSettings;
import dev.rung.logs.LogWriter;
import dev.rung.study.StudyStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrialLogsTest {
  private static final String ESCAPE = "\u001b[31mred";

  @TempDir Path folder;
  private final Terminal terminal = new Terminal();
  private TestServer server;

  @BeforeEach
  void start() throws IOException {
    server = TestServer.onLoopback(folder.resolve("checkpoints"), folder.resolve("logs"));
    terminal.environment.put("RUNG_SERVER", server.address());
    server.reads.studies.add(
        Samples.row(Samples.summary(StudyStatus.ENDED, "every trial of the budget has run")));
    server.reads.trials.add(Samples.failed());
    new LogWriter(folder.resolve("logs"), LogSettings.DEFAULTS, System::nanoTime)
        .append(
            server.reads.studies.get(0).id(),
            Samples.failed().number(),
            List.of(
                new LogLine(1, 1, 1_767_268_800_000L, "begins"),
                new LogLine(1, 2, 1_767_268_801_000L, ESCAPE + "\tx"),
                new LogLine(1, 6, 1_767_268_802_500L, "after a gap"),
                new LogLine(2, 1, 1_767_268_803_000L, "again")));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private int run(String... more) {
    String[] words = new String[4 + more.length];
    words[0] = "trial";
    words[1] = "logs";
    words[2] = "digits";
    words[3] = Integer.toString(Samples.failed().number());
    System.arraycopy(more, 0, words, 4, more.length);
    return terminal.run(words);
  }

  @Test
  void shouldPrintEveryAttemptAndWhatIsMissing() {
    assertThat(run()).isZero();

    assertThat(terminal.out())
        .isEqualTo(
            """
            --- attempt 1 ---
            begins
            %s\tx
            ... 3 lines dropped
            after a gap
            --- attempt 2 ---
            again
            """
                .formatted(ESCAPE));
  }

  @Test
  void shouldPrintTheLastLinesOnly() {
    assertThat(run("--tail", "2")).isZero();

    assertThat(terminal.out())
        .isEqualTo(
            """
            --- attempt 1 ---
            ... 3 lines dropped
            after a gap
            --- attempt 2 ---
            again
            """);
  }

  @Test
  void shouldPrintOneObjectALineForPrograms() {
    assertThat(run("-o", "json", "--tail", "3")).isZero();

    assertThat(terminal.out())
        .isEqualTo(
            """
            {"attempt":1,"line":2,"time":"2026-01-01T12:00:01Z","droppedBefore":0,"text":"\\u001B[31mred\\tx"}
            {"attempt":1,"line":6,"time":"2026-01-01T12:00:02.500Z","droppedBefore":3,"text":"after a gap"}
            {"attempt":2,"line":1,"time":"2026-01-01T12:00:03Z","droppedBefore":0,"text":"again"}
            """);
  }

  @Test
  void shouldNotLetALogSteerATerminal() {
    terminal.outIsTerminal = true;
    assertThat(run("--tail", "3")).isZero();

    assertThat(terminal.out()).contains("\\u001b[31mred\tx\n").doesNotContain("\u001b");
  }

  @Test
  void shouldEndAtOnceWhenTheFollowedTrialHasEnded() {
    assertThat(run("-f", "--tail", "1")).isZero();

    assertThat(terminal.out()).isEqualTo("--- attempt 2 ---\nagain\n");
  }

  @Test
  void shouldSayThatATrialIsNone() {
    assertThat(terminal.run("trial", "logs", "digits", "99")).isEqualTo(3);
    assertThat(run("--tail", "-1")).isEqualTo(2);
    assertThat(terminal.err()).contains("tail: expected 0 to 1,000,000, but came -1");
  }
}
