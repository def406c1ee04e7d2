package dev.rung.storage;

import dev.rung.study.StudyEvent;
import dev.rung.study.StudySnapshot;
import dev.rung.study.StudyState;
import java.io.NotSerializableException;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * Events and states of studies for the journal and the snapshot store; named in storage.conf. A
 * state is stored as its {@link StudySnapshot}.
 */
public final class StudyEventSerializer extends SerializerWithStringManifest {
  /** Stands beside all that it wrote. */
  static final int ID = 7350;

  private static final String SNAPSHOT = "snapshot";

  @Override
  public int identifier() {
    return ID;
  }

  @Override
  public String manifest(Object object) {
    return switch (object) {
      case StudyEvent event -> EventCodec.name(event);
      case StudyState state -> SNAPSHOT;
      default -> throw foreign(object);
    };
  }

  @Override
  public byte[] toBinary(Object object) {
    return switch (object) {
      case StudyEvent event -> EventCodec.encode(event);
      case StudyState state -> EventCodec.encode(StudySnapshot.of(state));
      default -> throw foreign(object);
    };
  }

  /** An event, or the state that a snapshot holds. */
  @Override
  public Object fromBinary(byte[] bytes, String manifest) throws NotSerializableException {
    return manifest.equals(SNAPSHOT) ? EventCodec.decodeState(bytes) : EventCodec.decode(bytes);
  }

  private static IllegalArgumentException foreign(Object object) {
    return new IllegalArgumentException(
        "expected a study's event or state, but came " + object.getClass().getName());
  }
}
