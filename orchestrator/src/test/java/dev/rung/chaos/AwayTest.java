package dev.rung.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.chaos.History.Kind;
import dev.rung.proto.v1.Study;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that stands still, is down, or cannot be reached: trials go on, and none is lost. */
class AwayTest {
  /** A node that does not reach its server waits about as long as it has waited so far. */
  private static final Duration LOST_AFTER = Duration.ofSeconds(6);

  private static final int SLOTS = 3;
  private static final Duration KEEP_TRAINING = Duration.ofMinutes(10);

  /** Exit code of a trainer that has been without contact for too long. */
  private static final int NO_CONTACT = 75;

  @TempDir Path temporary;

  @Test
  void shouldLoseNoAttemptWhileTheServerIsAway() throws Exception {
    try (Site site = new Site(Seeds.folder(temporary, "away"), LOST_AFTER);
        TcpProxy proxy = new TcpProxy(site.port())) {
      Study study = start(site, StudyFiles.endless(60), proxy.port());

      // The deadline of a node that is just dialling again must not pass while the server stands.
      proxy.cut();
      standStill(site, LOST_AFTER.toSeconds() + 1);
      down(site, 0);
      down(site, LOST_AFTER.toSeconds());

      finish(site, study);
    }
  }

  @Test
  void shouldLoseNothingOnABadNetwork() throws Exception {
    badNetwork(8);
  }

  @Test
  @Tag("nightly")
  void shouldLoseNothingOnABadNetworkForLong() throws Exception {
    badNetwork(150);
  }

  @Test
  @Tag("nightly")
  void shouldLoseNoAttemptWhileTheServerIsDownForLong() throws Exception {
    try (Site site = new Site(Seeds.folder(temporary, "down"), Duration.ofSeconds(60))) {
      Study study = start(site, StudyFiles.endless(500), site.port());

      standStill(site, 10);
      down(site, 20);
      down(site, 60);

      finish(site, study);
    }
  }

  /** Past the ten minutes that nodes train on without contact they end, and lose nothing. */
  @Test
  @Tag("nightly")
  void shouldEndTrainersThatAreWithoutContactForTooLong() throws Exception {
    try (Site site = new Site(Seeds.folder(temporary, "no-contact"), Duration.ofSeconds(60))) {
      Study study = start(site, StudyFiles.study(100, 81, 81, 10_000), site.port());
      awaitBusy(site);
      site.server().kill();
      for (int i = 1; i <= 2; i++) {
        Child trainer = site.trainer("trainer-" + i);
        assertThat(trainer.awaitEnd(KEEP_TRAINING.toSeconds() + 60)).isEqualTo(NO_CONTACT);
        assertThat(System.currentTimeMillis() - trainer.started)
            .isGreaterThan(KEEP_TRAINING.toMillis());
        assertThat(trainer.output()).contains("no contact with the server for 600 s");
      }
      Child unused = site.startServer();
      site.awaitReady();
      for (int i = 1; i <= 2; i++) {
        unused = site.startTrainer("trainer-" + i, SLOTS, site.port());
      }
      site.cancel(study.getId());
      assertThat(site.finish(study.getId()).assertClean().points()).isPositive();
    }
  }

  private void badNetwork(int faults) throws Exception {
    SplittableRandom random = Seeds.random("AwayTest " + faults);
    Path folder = Seeds.folder(temporary, "network-" + faults);
    try (Site site = new Site(folder, Duration.ofSeconds(60));
        TcpProxy proxy = new TcpProxy(site.port())) {
      Study study = start(site, StudyFiles.endless(40), proxy.port());
      for (int fault = 0; fault < faults; fault++) {
        switch (random.nextInt(4)) {
          case 0 -> proxy.cut();
          case 1 -> proxy.hole(TcpProxy.Way.TO_SERVER);
          case 2 -> proxy.hole(TcpProxy.Way.TO_TRAINER);
          default -> proxy.delay(200);
        }
        TimeUnit.MILLISECONDS.sleep(random.nextLong(1_500));
        if (random.nextBoolean()) {
          // What a hole holds back is gone as well, or comes after all.
          proxy.cut();
        }
        proxy.fill();
        proxy.delay(0);
        TimeUnit.MILLISECONDS.sleep(random.nextLong(500));
      }
      finish(site, study);
    }
  }

  private static Study start(Site site, String file, int port) throws Exception {
    Child unused = site.startServer();
    site.awaitReady();
    for (int i = 1; i <= 2; i++) {
      unused = site.startTrainer("trainer-" + i, SLOTS, port);
    }
    Study study = site.create(file);
    assertThat(site.awaitAccepted(0, 60)).isPositive();
    return study;
  }

  private static void finish(Site site, Study study) throws Exception {
    site.drain(study.getId());
    Oracle.Finding finding = site.finish(study.getId()).assertClean();
    assertThat(finding.lost()).isZero();
  }

  /** Waits until most slots train. */
  private static void awaitBusy(Site site) throws Exception {
    long since = System.currentTimeMillis();
    boolean unused =
        Site.await(
            "the trainers to be busy",
            60,
            () ->
                site.history().stream()
                            .filter(line -> line.kind() == Kind.MADE && line.time() > since)
                            .map(line -> line.trial())
                            .distinct()
                            .count()
                        > SLOTS
                    ? Optional.of(true)
                    : Optional.empty());
  }

  private static void standStill(Site site, long seconds) throws Exception {
    site.server().stop();
    TimeUnit.SECONDS.sleep(seconds);
    long woken = System.currentTimeMillis();
    site.server().goOn();
    System.out.printf(
        "stood still for %d s: an entry was taken after %,d ms%n",
        seconds, site.awaitAccepted(woken, 60) - woken);
  }

  private static void down(Site site, long seconds) throws Exception {
    awaitBusy(site);
    site.server().kill();
    long killed = System.currentTimeMillis();
    TimeUnit.SECONDS.sleep(seconds);
    Child server = site.startServer();
    long made =
        site.history().stream()
            .filter(line -> line.kind() == Kind.MADE && line.time() > killed)
            .count();
    long accepted = site.awaitAccepted(server.started, 90);
    System.out.printf(
        "down for %d s, in which %d entries were made: one was taken after %,d ms%n",
        seconds, made, accepted - server.started);
    if (seconds > 0) {
      assertThat(made).as("trials go on").isPositive();
    }
  }
}
