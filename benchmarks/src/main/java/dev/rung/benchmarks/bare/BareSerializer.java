package dev.rung.benchmarks.bare;

import dev.rung.proto.v1.Entries;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/** A batch as its messages one after another, as they came from the wire. */
public final class BareSerializer extends SerializerWithStringManifest {

  @Override
  public int identifier() {
    return 7_399;
  }

  @Override
  public String manifest(Object object) {
    return "";
  }

  @Override
  public byte[] toBinary(Object object) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      for (Entries message : ((BareEntity.Recorded) object).messages()) {
        message.writeDelimitedTo(bytes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  @Override
  public Object fromBinary(byte[] bytes, String manifest) {
    return new BareEntity.Recorded(messages(bytes));
  }

  /** The messages of a batch. */
  public static List<Entries> messages(byte[] bytes) {
    List<Entries> messages = new ArrayList<>();
    ByteArrayInputStream input = new ByteArrayInputStream(bytes);
    try {
      while (input.available() > 0) {
        messages.add(Entries.parseDelimitedFrom(input));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return messages;
  }
}
