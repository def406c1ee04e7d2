package dev.rung.simulation;

import dev.rung.space.KeyedRandom;
import dev.rung.storage.EventCodec;
import dev.rung.study.Commit;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudySnapshot;
import dev.rung.study.StudyState;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.dispatch.Futures;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.jspecify.annotations.Nullable;
import scala.concurrent.Future;
import scala.concurrent.Promise;

/**
 * What outlives servers: events and snapshots, as bytes. While the storm rages one write in a
 * hundred each is rejected, fails, fails after it was done, or takes two seconds, and one in three
 * hundred fails and is done later, as a lost connection to a database may do.
 */
final class Disk {
  private static final long MILLIS = 1_000_000;
  private static final long SLOW = 2_000 * MILLIS;

  /** An event as it lies on the disk. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Stored(String writer, byte[] bytes) {}

  /** What a server waits for. */
  private final class Pending {
    private final Runnable vanish;
    private @Nullable Runnable commit;

    Pending(Runnable commit, Runnable vanish) {
      this.commit = commit;
      this.vanish = vanish;
      pending.add(this);
    }

    void commit() {
      Runnable action = commit;
      commit = null;
      if (action != null) {
        action.run();
      }
    }

    boolean isOver() {
      return !pending.contains(this);
    }

    void over() {
      pending.remove(this);
    }
  }

  private final Simulation simulation;
  private final Timeline timeline;
  private final KeyedRandom random;
  private final Map<String, NavigableMap<Long, Stored>> journals = new TreeMap<>();
  private final Map<String, NavigableMap<Long, byte[]>> snapshots = new TreeMap<>();
  private final Set<Pending> pending = new LinkedHashSet<>();

  Disk(Simulation simulation, Timeline timeline, KeyedRandom random) {
    this.simulation = simulation;
    this.timeline = timeline;
    this.random = random;
  }

  /** The server died: what it was writing is done or not. */
  void serverDied() {
    for (Pending write : List.copyOf(pending)) {
      if (random.nextInt(2) == 0) {
        write.commit();
      }
      write.over();
      write.vanish.run();
    }
  }

  Future<Iterable<Optional<Exception>>> write(Iterable<AtomicWrite> messages) {
    List<PersistentRepr> events = new ArrayList<>();
    List<Optional<Exception>> results = new ArrayList<>();
    for (AtomicWrite write : messages) {
      scala.jdk.javaapi.CollectionConverters.asJava(write.payload()).forEach(events::add);
      results.add(Optional.empty());
    }
    // Encoded at once, since the entity goes on using what it wrote.
    List<byte[]> bytes =
        events.stream().map(event -> EventCodec.encode((Commit) event.payload())).toList();
    Promise<Iterable<Optional<Exception>>> promise = Futures.promise();
    simulation.reach(Failpoint.BEFORE_COMMIT);
    int dice = simulation.isStormy() ? random.nextInt(300) : 300;
    if (!simulation.isServerUp() || dice < 3) {
      promise.failure(new SimulatedFault("the write fails"));
      return promise.future();
    }
    if (dice < 6) {
      results.replaceAll(ok -> Optional.of(new SimulatedFault("the write is rejected")));
      promise.success(results);
      return promise.future();
    }
    if (dice < 7) {
      promise.failure(new SimulatedFault("the write fails, for now"));
      timeline.after(random.nextInt(1_500) * MILLIS, () -> commit(events, bytes));
      return promise.future();
    }
    boolean timeout = dice >= 7 && dice < 10;
    long latency = dice >= 10 && dice < 13 ? SLOW : latency();
    Pending write =
        new Pending(
            () -> commit(events, bytes),
            () -> promise.failure(new SimulatedFault("the server died")));
    timeline.after(
        latency,
        () -> {
          if (write.isOver()) {
            return;
          }
          boolean unique = isUnique(events);
          if (unique) {
            write.commit();
            simulation.reach(Failpoint.AFTER_COMMIT_BEFORE_REPLY);
          }
          timeline.after(
              latency(),
              () -> {
                if (write.isOver()) {
                  return;
                }
                write.over();
                if (timeout || !unique) {
                  promise.failure(new SimulatedFault(unique ? "time is over" : "a second writer"));
                } else {
                  promise.success(results);
                }
              });
        });
    return promise.future();
  }

  /** Some writes take no time, so that nothing can come between; others do. */
  private long latency() {
    return switch (random.nextInt(4)) {
      case 0 -> 0;
      case 1 -> MILLIS;
      default -> random.nextInt(10) * MILLIS;
    };
  }

  /** The primary key of a journal: an event's number in its study. */
  private boolean isUnique(List<PersistentRepr> events) {
    return events.stream()
        .noneMatch(event ->
            journals
                .getOrDefault(event.persistenceId(), new TreeMap<>())
                .containsKey(event.sequenceNr()));
  }

  private void commit(List<PersistentRepr> events, List<byte[]> bytes) {
    if (!isUnique(events)) {
      return;
    }
    List<StudyEvent> committed = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      PersistentRepr event = events.get(i);
      journals
          .computeIfAbsent(event.persistenceId(), id -> new TreeMap<>())
          .put(event.sequenceNr(), new Stored(event.writerUuid(), bytes.get(i)));
      committed.addAll(EventCodec.decodeCommit(bytes.get(i)).events());
    }
    simulation.committed(events.get(0).persistenceId(), committed);
  }

  Future<Void> replay(String id, long from, long to, long max, Consumer<PersistentRepr> replay) {
    Promise<Void> promise = Futures.promise();
    simulation.reach(Failpoint.BEFORE_REPLAY);
    if (simulation.isStormy() && random.nextInt(100) == 0) {
      promise.failure(new SimulatedFault("the journal cannot be read"));
      return promise.future();
    }
    long delay = simulation.isStormy() && random.nextInt(100) == 0 ? SLOW : latency();
    timeline.after(
        delay,
        () -> {
          long left = max;
          for (Map.Entry<Long, Stored> stored :
              journals.getOrDefault(id, new TreeMap<>()).subMap(from, true, to, true).entrySet()) {
            if (left-- <= 0) {
              break;
            }
            replay.accept(
                PersistentRepr.apply(
                    EventCodec.decodeCommit(stored.getValue().bytes()),
                    stored.getKey(),
                    id,
                    "",
                    false,
                    ActorRef.noSender(),
                    stored.getValue().writer()));
          }
          simulation.reach(Failpoint.AFTER_REPLAY);
          promise.success(null);
        });
    return promise.future();
  }

  long highest(String id) {
    NavigableMap<Long, Stored> journal = journals.get(id);
    return journal == null ? 0 : journal.lastKey();
  }

  Future<Optional<SelectedSnapshot>> load(String id, long upTo) {
    simulation.reach(Failpoint.LOADING_SNAPSHOT);
    if (simulation.isStormy() && random.nextInt(100) == 0) {
      return Futures.failed(new SimulatedFault("the snapshot cannot be read"));
    }
    NavigableMap<Long, byte[]> of = snapshots.getOrDefault(id, new TreeMap<>());
    Map.Entry<Long, byte[]> newest = of.floorEntry(upTo);
    return Futures.successful(
        newest == null
            ? Optional.empty()
            : Optional.of(
                SelectedSnapshot.create(
                    new SnapshotMetadata(id, newest.getKey(), 0),
                    EventCodec.decodeState(newest.getValue()))));
  }

  Future<Void> save(SnapshotMetadata metadata, Object snapshot) {
    Promise<Void> promise = Futures.promise();
    simulation.reach(Failpoint.BEFORE_SNAPSHOT);
    int dice = simulation.isStormy() ? random.nextInt(100) : 100;
    if (!simulation.isServerUp() || dice == 0) {
      promise.failure(new SimulatedFault("the snapshot cannot be stored"));
      return promise.future();
    }
    byte[] bytes = EventCodec.encode(StudySnapshot.of((StudyState) snapshot));
    Pending write =
        new Pending(
            () ->
                snapshots
                    .computeIfAbsent(metadata.persistenceId(), id -> new TreeMap<>())
                    .put(metadata.sequenceNr(), bytes),
            () -> promise.failure(new SimulatedFault("the server died")));
    timeline.after(
        dice == 1 ? SLOW : latency(),
        () -> {
          if (write.isOver()) {
            return;
          }
          write.commit();
          simulation.reach(Failpoint.AFTER_SNAPSHOT_BEFORE_REPLY);
          if (write.isOver()) {
            return;
          }
          write.over();
          if (dice == 2) {
            promise.failure(new SimulatedFault("time is over"));
          } else {
            promise.success(null);
          }
        });
    return promise.future();
  }

  /** Studies that have events, by their persistence ids. */
  Set<String> ids() {
    return journals.keySet();
  }

  /** The events of a study, oldest first. */
  List<StudyEvent> events(String id) {
    return journals.getOrDefault(id, new TreeMap<>()).values().stream()
        .flatMap(stored -> EventCodec.decodeCommit(stored.bytes()).events().stream())
        .toList();
  }
}
