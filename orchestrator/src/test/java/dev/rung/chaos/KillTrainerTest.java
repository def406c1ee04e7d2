package dev.rung.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.chaos.History.Kind;
import dev.rung.chaos.History.Line;
import dev.rung.proto.v1.Study;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import dev.rung.study.StudyEvent;
import dev.rung.study.TrialStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainers that vanish, and one that comes back from the dead. */
class KillTrainerTest {
  private static final Duration LOST_AFTER = Duration.ofSeconds(2);
  private static final int SLOTS = 3;

  /** Steps between two checkpoints: see {@link StudyFiles}. */
  private static final int CHECKPOINT_EVERY = 3;

  @TempDir Path temporary;

  @Test
  void shouldLeaseTrialsOfAKilledTrainerAgain() throws Exception {
    kill(2);
  }

  @Test
  @Tag("nightly")
  void shouldLeaseTrialsAgainAfterFiftyKills() throws Exception {
    kill(50);
  }

  @Test
  void shouldFenceATrainerThatComesBackAndKeepWhatItSaysAsLate() throws Exception {
    Path folder = Seeds.folder(temporary, "zombie");
    try (Site site = new Site(folder, LOST_AFTER)) {
      start(site);
      Study study = site.create(StudyFiles.endless(20));
      site.awaitAcceptedFrom("trainer-1", 60);
      Child zombie = site.trainer("trainer-1");
      zombie.stop();
      long stopped = System.currentTimeMillis();
      List<AttemptRef> lost =
          Site.await(
              "its attempts to be lost",
              30,
              () -> {
                List<AttemptRef> all = lost(site.events(study.getId()), stopped);
                return all.isEmpty() ? Optional.empty() : Optional.of(all);
              });
      zombie.goOn();
      long woken = System.currentTimeMillis();

      for (AttemptRef attempt : lost) {
        Line fenced =
            Site.await(
                attempt + " to be fenced",
                10,
                () ->
                    site.history().stream()
                        .filter(line -> line.kind() == Kind.FENCED && is(line, attempt))
                        .findFirst());
        System.out.printf("%s was fenced %,d ms after it woke%n", attempt, fenced.time() - woken);
        assertThat(fenced.time() - woken).isLessThanOrEqualTo(1_000);
      }
      site.drain(study.getId());
      Oracle.Finding finding = site.finish(study.getId()).assertClean();
      assertThat(finding.late()).isPositive();
    }
  }

  private void kill(int kills) throws Exception {
    SplittableRandom random = Seeds.random("KillTrainerTest " + kills);
    Path folder = Seeds.folder(temporary, "trainer-kills-" + kills);
    Map<Long, Boolean> killed = new HashMap<>();
    try (Site site = new Site(folder, LOST_AFTER)) {
      start(site);
      Study study = site.create(StudyFiles.endless(40));
      for (int kill = 1; kill <= kills; kill++) {
        String name = "trainer-" + (1 + kill % 2);
        long before = System.currentTimeMillis();
        Line made =
            Site.await(
                name + " to train",
                60,
                () ->
                    site.history(name).stream()
                        .filter(line -> line.kind() == Kind.MADE && line.time() >= before)
                        .findFirst());
        assertThat(made).isNotNull();
        TimeUnit.MILLISECONDS.sleep(random.nextLong(500));
        site.trainer(name).kill();
        long now = System.currentTimeMillis();
        // Every other one comes back at once, the others only when their trials are elsewhere.
        boolean atOnce = kill % 2 == 0;
        killed.put(now, atOnce);
        if (!atOnce) {
          boolean unused =
              Site.await(
                  "a trial of the killed trainer to go on",
                  60,
                  () ->
                      goesOn(site.events(study.getId()), now)
                          ? Optional.of(true)
                          : Optional.empty());
        }
        Child started = site.startTrainer(name, SLOTS, site.port());
        assertThat(started.isAlive()).isTrue();
      }
      site.drain(study.getId());
      Oracle.Finding finding = site.finish(study.getId()).assertClean();
      assertThat(finding.lost()).isGreaterThanOrEqualTo(kills);
      assertLeasedAgain(finding.events(), killed.keySet().stream().sorted().toList());
    }
  }

  /** Whether a trial has a slot again whose attempt was lost after a kill. */
  private static boolean goesOn(List<StudyEvent> events, long kill) {
    Set<Integer> lost = new HashSet<>();
    return events.stream()
        .anyMatch(event -> {
          if (event instanceof StudyEvent.AttemptEnded end
              && end.cause() == Cause.LOST
              && end.next() == TrialStatus.WAITING
              && end.time() >= kill) {
            lost.add(end.attempt().trial());
          }
          return event instanceof StudyEvent.AttemptLeased leased
              && lost.contains(leased.attempt().trial());
        });
  }

  private static void start(Site site) throws Exception {
    Child server = site.startServer();
    site.awaitReady();
    assertThat(server.isAlive()).isTrue();
    for (int i = 1; i <= 2; i++) {
      Child unused = site.startTrainer("trainer-" + i, SLOTS, site.port());
    }
  }

  /** How soon a lost trial went on, and how much of it was trained twice. */
  private static void assertLeasedAgain(List<StudyEvent> events, List<Long> kills) {
    Map<Integer, Long> lastStep = new HashMap<>();
    Map<Integer, StudyEvent.AttemptEnded> waiting = new HashMap<>();
    List<Long> delays = new ArrayList<>();
    List<Long> repeated = new ArrayList<>();
    for (StudyEvent event : events) {
      switch (event) {
        case StudyEvent.EntriesRecorded e -> {
          for (Entry entry : e.entries()) {
            if (entry instanceof Entry.Point point) {
              lastStep.put(e.attempt().trial(), point.step());
            }
          }
        }
        case StudyEvent.AttemptEnded e -> {
          if (e.cause() == Cause.LOST && e.next() == TrialStatus.WAITING) {
            waiting.put(e.attempt().trial(), e);
          }
        }
        case StudyEvent.AttemptLeased e -> {
          StudyEvent.AttemptEnded lost = waiting.remove(e.attempt().trial());
          if (lost != null) {
            long kill =
                kills.stream().filter(k -> k <= lost.time()).max(Comparator.naturalOrder()).get();
            delays.add(e.time() - kill);
            repeated.add(lastStep.getOrDefault(e.attempt().trial(), 0L) - e.startStep());
          }
        }
        default -> {
          // Of no concern here.
        }
      }
    }
    System.out.printf(
        "%d trials leased again, at most %,d ms after the kill; at most %d steps trained twice%n",
        delays.size(),
        delays.stream().mapToLong(d -> d).max().orElse(0),
        repeated.stream().mapToLong(r -> r).max().orElse(0));
    assertThat(delays).isNotEmpty().allMatch(delay -> delay <= LOST_AFTER.toMillis() + 5_000);
    assertThat(repeated).allMatch(steps -> steps <= CHECKPOINT_EVERY);
  }

  private static List<AttemptRef> lost(List<StudyEvent> events, long since) {
    List<AttemptRef> lost = new ArrayList<>();
    for (StudyEvent event : events) {
      if (event instanceof StudyEvent.AttemptEnded end
          && end.cause() == Cause.LOST
          && end.time() >= since) {
        lost.add(end.attempt());
      }
    }
    return lost;
  }

  private static boolean is(Line line, AttemptRef attempt) {
    return line.trial().endsWith("/" + attempt.trial()) && line.attempt() == attempt.attempt();
  }
}
