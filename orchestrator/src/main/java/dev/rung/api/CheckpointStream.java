package dev.rung.api;

import com.google.protobuf.ByteString;
import dev.rung.proto.v1.FetchCheckpointResponse;
import dev.rung.study.Entry;
import dev.rung.study.ErrorCode;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one checkpoint as fast as the client takes it. The file is read on the executor, by one
 * thread at a time, and only while the call is ready, so a slow client holds at most one chunk.
 */
final class CheckpointStream {
  private static final Logger log = LoggerFactory.getLogger(CheckpointStream.class);
  private static final int CHUNK = 64 * 1024;

  private final ServerCallStreamObserver<FetchCheckpointResponse> observer;
  private final Executor executor;
  private final MessageDigest sha256 = sha256();
  private final AtomicInteger wakeUps = new AtomicInteger();
  private volatile @Nullable Content content;
  // Only the thread that drains touches these.
  private boolean introduced;
  private boolean done;

  /** What is sent. */
  private record Content(int trial, Entry.Checkpoint checkpoint, InputStream bytes) {}

  /** Must be called within the call's own start: gRPC takes handlers only there. */
  CheckpointStream(ServerCallStreamObserver<FetchCheckpointResponse> observer, Executor executor) {
    this.observer = observer;
    this.executor = executor;
    observer.setOnReadyHandler(this::wake);
    observer.setOnCancelHandler(this::wake);
  }

  /** Begins to send; closes the bytes at the end, also where the client goes away. */
  void send(int trial, Entry.Checkpoint checkpoint, InputStream bytes) {
    content = new Content(trial, checkpoint, bytes);
    wake();
  }

  private void wake() {
    if (wakeUps.getAndIncrement() == 0) {
      executor.execute(this::drain);
    }
  }

  private void drain() {
    int seen = wakeUps.get();
    while (seen != 0) {
      Content now = content;
      if (now != null && !done) {
        drain(now);
      }
      seen = wakeUps.addAndGet(-seen);
    }
  }

  private void drain(Content now) {
    try {
      byte[] buffer = new byte[CHUNK];
      while (!done) {
        if (observer.isCancelled()) {
          finish(now);
          return;
        }
        if (!observer.isReady()) {
          return;
        }
        next(now, buffer);
      }
    } catch (IOException | RuntimeException e) {
      observer.onError(ErrorMapper.status(unreadable(e)).asRuntimeException());
      abandon(now);
    }
  }

  private void abandon(Content now) {
    try {
      finish(now);
    } catch (IOException e) {
      log.debug("Expected the file of a checkpoint to close, but it did not", e);
    }
  }

  private void next(Content now, byte[] buffer) throws IOException {
    FetchCheckpointResponse.Builder message = FetchCheckpointResponse.newBuilder();
    if (!introduced) {
      message.setCheckpoint(TrialMapper.toProto(now.checkpoint())).setTrial(now.trial());
      introduced = true;
    }
    int read = now.bytes().readNBytes(buffer, 0, CHUNK);
    if (read > 0) {
      sha256.update(buffer, 0, read);
      observer.onNext(message.setChunk(ByteString.copyFrom(buffer, 0, read)).build());
      return;
    }
    if (message.hasCheckpoint()) {
      observer.onNext(message.build());
    }
    finish(now);
    if (HexFormat.of().formatHex(sha256.digest()).equals(now.checkpoint().digest())) {
      observer.onCompleted();
    } else {
      observer.onError(
          ErrorMapper.status(
                  new ApiException(
                      ErrorCode.DATA_LOSS, "the checkpoint's content differs from its digest"))
              .asRuntimeException());
    }
  }

  private void finish(Content now) throws IOException {
    done = true;
    now.bytes().close();
  }

  private static Throwable unreadable(Exception e) {
    return e instanceof IOException
        ? new ApiException(
            ErrorCode.DATA_LOSS,
            "the checkpoint's file cannot be read (" + e.getClass().getSimpleName() + ")")
        : e;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("expected a JDK with SHA-256", e);
    }
  }
}
