package dev.rung.storage;

import dev.rung.study.Commit;
import dev.rung.study.Entry;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudySnapshot;
import dev.rung.study.StudyState;
import dev.rung.study.StudySummary;
import java.util.List;

/**
 * What is stored of a study as bytes: events, entries, summaries. Every kind has a short logical
 * name that stands in the bytes, so that classes may be renamed.
 */
public final class EventCodec {
  private EventCodec() {}

  /** The logical name of an event's kind. */
  public static String name(StudyEvent event) {
    return Kinds.name(event);
  }

  /** An event as bytes. */
  public static byte[] encode(StudyEvent event) {
    return Cbor.write(StudyEvent.class, event);
  }

  /**
   * The event of some bytes.
   *
   * @throws StorageException with DATA_LOSS: the bytes are no event
   */
  public static StudyEvent decode(byte[] bytes) {
    return Cbor.read(StudyEvent.class, bytes);
  }

  /**
   * A commit as bytes, in which those of each event stand as {@link #encode(StudyEvent)} has them.
   */
  public static byte[] encode(Commit commit) {
    return Cbor.write(Commit.class, commit);
  }

  /**
   * The commit of some bytes.
   *
   * @throws StorageException with DATA_LOSS: the bytes are no commit
   */
  public static Commit decodeCommit(byte[] bytes) {
    return Cbor.read(Commit.class, bytes);
  }

  /** A state's columns as bytes. */
  public static byte[] encode(StudySnapshot snapshot) {
    return Cbor.write(StudySnapshot.class, snapshot);
  }

  /**
   * The state whose columns some bytes hold.
   *
   * @throws StorageException with DATA_LOSS: the bytes are no snapshot
   */
  public static StudyState decodeState(byte[] bytes) {
    return Cbor.read(StudySnapshot.class, bytes, StudySnapshot::restore);
  }

  /** Entries as bytes. */
  static byte[] encode(List<Entry> entries) {
    return Cbor.write(EntryColumns.class, EntryColumns.of(entries));
  }

  /** The entries of some bytes. */
  static List<Entry> decodeEntries(byte[] bytes) {
    return Cbor.read(EntryColumns.class, bytes, EntryColumns::entries);
  }

  static byte[] encode(StudySummary summary) {
    return Cbor.write(StudySummary.class, summary);
  }

  static StudySummary decodeSummary(byte[] bytes) {
    return Cbor.read(StudySummary.class, bytes);
  }
}
