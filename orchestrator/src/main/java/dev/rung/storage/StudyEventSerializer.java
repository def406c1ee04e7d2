package dev.rung.storage;

import dev.rung.study.Commit;
import dev.rung.study.StudySnapshot;
import dev.rung.study.StudyState;
import java.io.NotSerializableException;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Commits and states of studies for the journal and the snapshot store; named in storage.conf. A
 * state is stored as its {@link StudySnapshot}. Journals that began before there were commits have
 * rows of one event, under the name of its kind.
 */
public final class StudyEventSerializer extends SerializerWithStringManifest {
  /** Stands beside all that it wrote. */
  static final int ID = 7350;

  private static final String SNAPSHOT = "snapshot";
  private static final String COMMIT = "commit";

  @Override
  public int identifier() {
    return ID;
  }

  @Override
  public String manifest(Object object) {
    return switch (object) {
      case Commit commit -> COMMIT;
      case StudyState state -> SNAPSHOT;
      default -> throw foreign(object);
    };
  }

  @Override
  public byte[] toBinary(Object object) {
    return switch (object) {
      case Commit commit -> EventCodec.encode(commit);
      case StudyState state -> EventCodec.encode(StudySnapshot.of(state));
      default -> throw foreign(object);
    };
  }

  /** A commit, or the state that a snapshot holds. */
  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    return manifest.equals(SNAPSHOT) ? EventCodec.decodeState(bytes) : commit(bytes, manifest);
  }

  /**
   * The commit of a row of the journal.
   *
   * @param manifest what the row says that its bytes are
   * @throws StorageException with DATA_LOSS: they are something else
   */
  static Commit commit(byte[] bytes, String manifest) {
    return manifest.equals(COMMIT)
        ? EventCodec.decodeCommit(bytes)
        : Commit.of(EventCodec.decode(bytes));
  }

  private static IllegalArgumentException foreign(Object object) {
    return new IllegalArgumentException(
        "expected a study's commit or state, but came " + object.getClass().getName());
  }
}
