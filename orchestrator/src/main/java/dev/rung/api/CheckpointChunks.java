package dev.rung.api;

import com.google.protobuf.ByteString;
import dev.rung.proto.v1.FetchCheckpointResponse;
import dev.rung.study.Entry;
import dev.rung.study.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** One checkpoint as messages; the first says which, and the end is one only if its digest fits. */
final class CheckpointChunks implements ChunkStream.Source<FetchCheckpointResponse> {
  private static final int CHUNK = 64 * 1024;

  private final int trial;
  private final Entry.Checkpoint checkpoint;
  private final InputStream bytes;
  private final MessageDigest sha256 = sha256();
  private final byte[] buffer = new byte[CHUNK];
  private boolean introduced;

  /**
   * A checkpoint.
   *
   * @param bytes its content, closed with this
   */
  CheckpointChunks(int trial, Entry.Checkpoint checkpoint, InputStream bytes) {
    this.trial = trial;
    this.checkpoint = checkpoint;
    this.bytes = bytes;
  }

  @Override
  public @Nullable FetchCheckpointResponse next() {
    FetchCheckpointResponse.Builder message = FetchCheckpointResponse.newBuilder();
    if (!introduced) {
      message.setCheckpoint(TrialMapper.toProto(checkpoint)).setTrial(trial);
      introduced = true;
    }
    int read = read();
    if (read > 0) {
      sha256.update(buffer, 0, read);
      return message.setChunk(ByteString.copyFrom(buffer, 0, read)).build();
    }
    if (message.hasCheckpoint()) {
      return message.build();
    }
    if (!HexFormat.of().formatHex(sha256.digest()).equals(checkpoint.digest())) {
      throw damaged("the checkpoint's content differs from its digest");
    }
    return null;
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }

  private int read() {
    try {
      return bytes.readNBytes(buffer, 0, CHUNK);
    } catch (IOException e) {
      throw damaged("the checkpoint's file cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private static ApiException damaged(String message) {
    return new ApiException(ErrorCode.DATA_LOSS, message);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("expected a JDK with SHA-256", e);
    }
  }
}
