package dev.rung.api;

import com.google.protobuf.ByteString;
import dev.rung.proto.v1.ExportStudyResponse;
import dev.rung.storage.History;
import dev.rung.storage.StorageException;
import dev.rung.storage.StudyExport;
import dev.rung.study.ErrorCode;
import dev.rung.study.StudyEvent;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A study's history as messages, up to the event that was the newest when the first was made. It
 * holds one page of events at most.
 */
final class ExportChunks implements ChunkStream.Source<ExportStudyResponse> {
  private static final int CHUNK = 64 * 1024;

  /** Of commits, which may take 256 KiB, though few do. */
  private static final int PAGE = 50;

  private final History history;
  private final String study;
  private final Deque<StudyEvent> page = new ArrayDeque<>();
  private ByteString rest = ByteString.EMPTY;
  private long length = -1;
  private long place;
  private long read;

  ExportChunks(History history, String study) {
    this.history = history;
    this.study = study;
  }

  @Override
  public @Nullable ExportStudyResponse next() {
    while (rest.size() < CHUNK) {
      String line = line();
      if (line == null) {
        break;
      }
      rest = rest.concat(ByteString.copyFromUtf8(line + "\n"));
    }
    if (rest.isEmpty()) {
      return null;
    }
    int size = Math.min(CHUNK, rest.size());
    ExportStudyResponse message =
        ExportStudyResponse.newBuilder().setChunk(rest.substring(0, size)).build();
    rest = rest.substring(size);
    return message;
  }

  /** The next line; null at the end. */
  private @Nullable String line() {
    if (length < 0) {
      length = history.length(study);
      turn();
      return StudyExport.header(page.element(), length);
    }
    if (page.isEmpty() && read < length) {
      turn();
    }
    StudyEvent event = page.poll();
    return event == null ? null : StudyExport.line(event);
  }

  private void turn() {
    History.Page next = history.page(study, place, PAGE);
    if (next.events().isEmpty()) {
      throw new StorageException(
          ErrorCode.DATA_LOSS,
          "expected %d events of study %s, but its journal ends after %d"
              .formatted(length, study, read));
    }
    next.events().stream().limit(length - read).forEach(page::add);
    place = next.place();
    read += next.events().size();
  }

  @Override
  public void close() {}
}
