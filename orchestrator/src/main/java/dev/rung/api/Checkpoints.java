package dev.rung.api;

import dev.rung.study.Entry;
import java.io.InputStream;

/** Where the bytes of checkpoints are read. */
public interface Checkpoints {

  /**
   * Opens a checkpoint; blocks on its store. The content is not checked against its digest.
   *
   * @throws ApiException NOT_FOUND where its place is not one that this server may read; DATA_LOSS
   *     where it is gone or of another size
   */
  InputStream open(Entry.Checkpoint checkpoint);
}
