package dev.rung.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.Study;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of the server while a study runs: nothing is lost, nothing doubled, nothing decided
 * otherwise.
 */
class KillServerTest {
  private static final Duration LOST_AFTER = Duration.ofSeconds(60);
  private static final int SLOTS = 4;

  /** Every so many kills one hits a server that still starts. */
  private static final int EARLY = 10;

  @TempDir Path temporary;

  @Test
  void shouldGoOnAfterTenKillsAsIfThereHadBeenNone() throws Exception {
    Run run = kill(10, StudyFiles.study(300, 3, 27, 30), 90);

    assertThat(run.finding().lost()).isZero();
    assertThat(run.finding().points()).isGreaterThan(1_500);
    assertThat(run.percentile(100)).isLessThanOrEqualTo(20_000);
  }

  /** The figures are those that a release is held to. */
  @Test
  @Tag("nightly")
  void shouldGoOnAfterAHundredKillsAsIfThereHadBeenNone() throws Exception {
    String file = StudyFiles.study(500, 9, 243, 110);
    long undisturbed = kill(0, file, 900).wallMillis();

    Run run = kill(100, file, 1_800);

    System.out.printf(
        "undisturbed %,d ms; with kills %,d ms, of these down %,d ms%n",
        undisturbed, run.wallMillis(), run.downMillis());
    assertThat(run.finding().lost()).isZero();
    assertThat(run.finding().points()).isGreaterThanOrEqualTo(10_000);
    assertThat(run.percentile(95)).isLessThanOrEqualTo(10_000);
    assertThat(run.percentile(100)).isLessThanOrEqualTo(20_000);
    assertThat(run.wallMillis()).isLessThanOrEqualTo(undisturbed * 115 / 100 + run.downMillis());
  }

  /**
   * What a run with kills came to.
   *
   * @param recoveries milliseconds from each process start to the first entry taken, sorted
   * @param downMillis from each kill to the first entry taken after it, together
   */
  private record Run(
      Oracle.Finding finding, List<Long> recoveries, long wallMillis, long downMillis) {

    /** The least value that so many of a hundred do not exceed. */
    long percentile(int percent) {
      int rank = (recoveries.size() * percent + 99) / 100;
      return recoveries.get(Math.max(0, rank - 1));
    }
  }

  private Run kill(int kills, String file, long mostSeconds) throws Exception {
    SplittableRandom random = Seeds.random("KillServerTest " + kills);
    Path folder = Seeds.folder(temporary, "kills-" + kills);
    List<Long> recoveries = new ArrayList<>();
    long down = 0;
    try (Site site = new Site(folder, LOST_AFTER)) {
      Child server = site.startServer();
      site.awaitReady();
      for (int i = 1; i <= 2; i++) {
        Child unused = site.startTrainer("trainer-" + i, SLOTS, site.port());
      }
      long begun = System.currentTimeMillis();
      Study study = site.create(file);
      long accepted = site.awaitAccepted(begun, 60);
      for (int kill = 1; kill <= kills; kill++) {
        TimeUnit.MILLISECONDS.sleep(random.nextLong(1_000));
        server.kill();
        long killed = System.currentTimeMillis();
        server = site.startServer();
        if (kill % EARLY == 0) {
          TimeUnit.MILLISECONDS.sleep(random.nextLong(2_000));
          server.kill();
          server = site.startServer();
        }
        accepted = site.awaitAccepted(server.started, 60);
        recoveries.add(accepted - server.started);
        down += accepted - killed;
        note(folder, kill, killed, server.started, accepted);
      }
      assertThat(site.hasEnded(study.getId()) && kills > 0)
          .as("the study outlasts the kills")
          .isFalse();
      site.awaitReady();
      site.awaitEnd(study.getId(), mostSeconds);
      long wall = System.currentTimeMillis() - begun;
      Run run = new Run(site.finish(study.getId()).assertClean(), recoveries, wall, down);
      Collections.sort(recoveries);
      if (kills > 0) {
        System.out.printf(
            "recovery after %d kills: p95 %,d ms, max %,d ms; in all %,d ms, down %,d ms%n",
            kills, run.percentile(95), run.percentile(100), wall, down);
      }
      return run;
    }
  }

  private static void note(Path folder, int kill, long killed, long started, long accepted)
      throws IOException {
    Files.writeString(
        folder.resolve("kills.jsonl"),
        "{\"kill\":%d,\"killed\":%d,\"started\":%d,\"accepted\":%d,\"recoveryMillis\":%d}%n"
            .formatted(kill, killed, started, accepted, accepted - started),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
