package dev.rung.trainer;

import com.google.protobuf.ByteString;
import dev.rung.checkpoint.CheckpointStore;
import dev.rung.checkpoint.Place;
import dev.rung.checkpoint.Stored;
import dev.rung.checkpoint.Stores;
import dev.rung.proto.v1.Checkpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * The checkpoints that a node writes, goes on from and deletes, in the stores that it reaches. It
 * writes where it keeps its own, or where the server says if it keeps none; it deletes nothing
 * outside of these two.
 *
 * <p>Not final: a simulated node keeps its checkpoints in memory.
 */
class NodeCheckpoints {
  /** A server names few bases; one that names ever more would fill the memory. */
  private static final int MOST_STORES = 64;

  private final String node;
  private final String own;
  private final long maxBytes;
  private final Map<String, CheckpointStore> stores = new HashMap<>();
  private String servers = "";

  /**
   * @param own where this node keeps checkpoints; empty: where the server says
   * @param maxBytes the largest checkpoint that may be written
   */
  NodeCheckpoints(String node, String own, long maxBytes) {
    this.node = node;
    this.own = own;
    this.maxBytes = maxBytes;
  }

  /**
   * The server says where nodes keep checkpoints that name no place of their own; empty: no word.
   */
  synchronized void welcomed(String base) {
    servers = base;
  }

  /**
   * Writes the checkpoint of a step.
   *
   * @param prefix what the checkpoint's address begins with
   * @throws IOException it could not be written whole; nothing is left behind
   * @throws IllegalArgumentException the prefix is no address that this node writes to
   */
  Checkpoint write(String prefix, long step, CheckpointWriter writer) throws IOException {
    check(prefix);
    Stored stored =
        store(Place.baseOf(prefix))
            .write(Place.at(prefix, step), out -> writer.write(new BoundedOutput(out, maxBytes)));
    return Checkpoint.newBuilder()
        .setStep(step)
        .setPlace(stored.place())
        .setBytes(stored.bytes())
        .setDigest(ByteString.copyFrom(HexFormat.of().parseHex(stored.sha256())))
        .build();
  }

  /**
   * Reads a checkpoint through and compares it with its size and digest.
   *
   * @throws IOException it is missing or damaged, or its store fails; the message names what was
   *     expected and found
   * @throws IllegalArgumentException its place is no address that this node reaches
   */
  ResumePoint verify(Checkpoint checkpoint) throws IOException {
    String place = checkpoint.getPlace();
    CheckpointStore store = store(Place.of(place).base());
    store.verify(
        new Stored(
            place,
            checkpoint.getBytes(),
            HexFormat.of().formatHex(checkpoint.getDigest().toByteArray())));
    return new StoredResumePoint(checkpoint.getStep(), store, place);
  }

  /**
   * Deletes a checkpoint. One that is not there is fine.
   *
   * @throws IllegalArgumentException the place is none that this node deletes
   */
  void drop(String place) throws IOException {
    String base = Place.of(place).base();
    boolean mayDelete;
    synchronized (this) {
      mayDelete = base.equals(own) || base.equals(servers);
    }
    if (!mayDelete) {
      throw new IllegalArgumentException(
          "expected a checkpoint below "
              + (own.isEmpty() ? servers : own)
              + " to delete, but got '"
              + place
              + "'");
    }
    store(base).delete(place);
  }

  /**
   * Checks the beginning of addresses before anything is trained.
   *
   * @throws IllegalArgumentException the prefix is no address that this node writes to
   */
  void check(String prefix) {
    String base = Place.baseOf(prefix);
    if (!own.isEmpty() && !base.equals(own)) {
      throw new IllegalArgumentException(
          "expected a place for checkpoints below " + own + ", but got '" + prefix + "'");
    }
    CheckpointStore unused = store(base);
  }

  private synchronized CheckpointStore store(String base) {
    CheckpointStore known = stores.get(base);
    if (known == null) {
      known = Stores.open(base, node);
      if (stores.size() >= MOST_STORES) {
        // Those in use go on: a store that is closed opens again by itself.
        stores.values().forEach(CheckpointStore::close);
        stores.clear();
      }
      stores.put(base, known);
    }
    return known;
  }

  private record StoredResumePoint(long step, CheckpointStore store, String place)
      implements ResumePoint {
    @Override
    public InputStream open() throws IOException {
      return store.open(place);
    }
  }

  /** Takes so much and no more. Closing it closes nothing. */
  private static final class BoundedOutput extends OutputStream {
    private final OutputStream out;
    private final long maxBytes;
    private long bytes;

    BoundedOutput(OutputStream out, long maxBytes) {
      this.out = out;
      this.maxBytes = maxBytes;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] buffer, int offset, int length) throws IOException {
      if (length > maxBytes - bytes) {
        throw new IOException("expected a checkpoint of at most " + maxBytes + " bytes, got more");
      }
      out.write(buffer, offset, length);
      bytes += length;
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }
  }
}
