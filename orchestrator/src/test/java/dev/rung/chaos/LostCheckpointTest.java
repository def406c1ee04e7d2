package dev.rung.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.Verdict;
import dev.rung.study.AttemptRef;
import dev.rung.study.Entry;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyEvent.AttemptLeased;
import dev.rung.study.StudyEvent.CheckpointLost;
import dev.rung.study.StudyEvent.EntriesRecorded;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainers that share a store of checkpoints, and are killed one after the other. */
class LostCheckpointTest {
  @TempDir Path temporary;

  @Test
  void shouldGoOnElsewhereFromTheNewestCheckpointAndFromTheOneBeforeWhenThatIsDamaged()
      throws Exception {
    Path folder = Seeds.folder(temporary, "lost-checkpoint");
    Path shared = Files.createDirectories(folder.resolve("shared"));
    try (Site site = new Site(folder, Duration.ofSeconds(3))) {
      site.keepCheckpointsIn(shared);
      Child server = site.startServer();
      assertThat(server.isAlive()).isTrue();
      site.awaitReady();
      // One trial that nothing stops before its only rung.
      Study study = site.create(StudyFiles.study(1, 100_000, 100_000, 20));

      Child first = site.startTrainer("trainer-1", 1, site.port());
      assertThat(awaitSaved(site, study, 1, 2)).isNotEmpty();
      first.kill();
      List<Entry.Checkpoint> saved = awaitLost(site, study, 1);
      Entry.Checkpoint newest = saved.get(saved.size() - 1);
      assertThat(newest.place()).startsWith(shared.toUri().toString()).contains("/1/1/");

      Child second = site.startTrainer("trainer-2", 1, site.port());
      AttemptLeased elsewhere = awaitLease(site, study, lease -> lease.attempt().attempt() == 2);
      assertThat(elsewhere.slot().node()).isEqualTo("trainer-2");
      assertThat(elsewhere.resume()).isEqualTo(newest);
      Entry.Checkpoint unused = awaitSaved(site, study, 2, 2).get(0);
      second.kill();

      // The newest is damaged, as by a disk that lost a bit.
      List<Entry.Checkpoint> all = awaitLost(site, study, 2);
      Entry.Checkpoint damaged = all.get(all.size() - 1);
      Entry.Checkpoint before = all.get(all.size() - 2);
      Path file = Path.of(URI.create(damaged.place()));
      byte[] content = Files.readAllBytes(file);
      content[0] ^= 1;
      Files.write(file, content);

      Child third = site.startTrainer("trainer-3", 1, site.port());
      AttemptLeased last = awaitLease(site, study, lease -> lease.startStep() == before.step());
      assertThat(third.isAlive()).isTrue();
      assertThat(last.slot().node()).isEqualTo("trainer-3");
      assertThat(last.resume()).isEqualTo(before);
      assertThat(lost(site.events(study.getId())))
          .singleElement()
          .satisfies(lost -> assertThat(lost.lost()).isEqualTo(damaged))
          .satisfies(lost -> assertThat(lost.from()).isEqualTo(before.step()));
      // It trains on, and whoever asks why is told the price.
      assertThat(awaitSaved(site, study, last.attempt().attempt(), 1)).isNotEmpty();
      String why =
          Site.await(
              "the reason to be shown",
              30,
              () ->
                  site.explain(study.getId(), 1).stream()
                      .map(Verdict::getText)
                      .filter(text -> text.contains("trained again"))
                      .findFirst());
      assertThat(why)
          .startsWith(
              "goes on from step %d, so %d steps are trained again: the checkpoint at step %d is lost: expected a checkpoint of"
                  .formatted(before.step(), damaged.step() - before.step(), damaged.step()));
      site.cancel(study.getId());
    }
  }

  private static AttemptLeased awaitLease(Site site, Study study, Predicate<AttemptLeased> wanted)
      throws Exception {
    return Site.await(
        "the trial to go on",
        40,
        () ->
            site.events(study.getId()).stream()
                .filter(AttemptLeased.class::isInstance)
                .map(AttemptLeased.class::cast)
                .filter(wanted)
                .findFirst());
  }

  private static List<Entry.Checkpoint> awaitSaved(Site site, Study study, int attempt, int count)
      throws Exception {
    return Site.await(
        count + " checkpoints of attempt " + attempt,
        60,
        () ->
            Optional.of(saved(site.events(study.getId()), attempt))
                .filter(all -> all.size() >= count));
  }

  /** The checkpoints of an attempt once it is lost: nothing of it is still on its way then. */
  private static List<Entry.Checkpoint> awaitLost(Site site, Study study, int attempt)
      throws Exception {
    return Site.await(
        "attempt " + attempt + " to be lost",
        40,
        () -> {
          List<StudyEvent> events = site.events(study.getId());
          boolean ended =
              events.stream()
                  .anyMatch(event ->
                      event instanceof StudyEvent.AttemptEnded e
                          && e.attempt().equals(new AttemptRef(1, attempt)));
          return ended ? Optional.of(saved(events, attempt)) : Optional.empty();
        });
  }

  private static List<Entry.Checkpoint> saved(List<StudyEvent> events, int attempt) {
    return events.stream()
        .filter(EntriesRecorded.class::isInstance)
        .map(EntriesRecorded.class::cast)
        .filter(e -> e.attempt().equals(new AttemptRef(1, attempt)))
        .flatMap(e -> e.entries().stream())
        .filter(Entry.Saved.class::isInstance)
        .map(entry -> ((Entry.Saved) entry).checkpoint())
        .toList();
  }

  private static List<CheckpointLost> lost(List<StudyEvent> events) {
    return events.stream()
        .filter(CheckpointLost.class::isInstance)
        .map(CheckpointLost.class::cast)
        .toList();
  }
}
