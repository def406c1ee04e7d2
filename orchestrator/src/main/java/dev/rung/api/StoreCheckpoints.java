package dev.rung.api;

import dev.rung.checkpoint.CheckpointException;
import dev.rung.checkpoint.CheckpointStore;
import dev.rung.checkpoint.Place;
import dev.rung.checkpoint.Stores;
import dev.rung.study.Entry;
import dev.rung.study.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Checkpoints in the stores that the operator named: whatever place a node says, nothing else is
 * read.
 */
public final class StoreCheckpoints implements Checkpoints {
  private final Map<String, CheckpointStore> stores = new LinkedHashMap<>();

  /**
   * The checkpoints of some stores.
   *
   * @param bases what their places begin with
   * @throws IllegalArgumentException one of them names no store that this server reaches
   */
  public StoreCheckpoints(Set<String> bases) {
    bases.forEach(base -> stores.put(base, Stores.open(base, "")));
  }

  @Override
  public InputStream open(Entry.Checkpoint checkpoint) {
    CheckpointStore store = store(checkpoint);
    try {
      return store.open(checkpoint.place());
    } catch (IllegalArgumentException e) {
      throw elsewhere();
    } catch (CheckpointException e) {
      throw e.isLost()
          ? new ApiException(ErrorCode.DATA_LOSS, "the checkpoint is gone: " + e.getMessage())
          : new ApiException(ErrorCode.UNAVAILABLE, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new ApiException(
          ErrorCode.DATA_LOSS,
          "the checkpoint cannot be read (" + e.getClass().getSimpleName() + ")");
    }
  }

  private CheckpointStore store(Entry.Checkpoint checkpoint) {
    String node = checkpoint.node();
    if (node != null) {
      throw new ApiException(
          ErrorCode.NOT_FOUND,
          "expected a checkpoint in a store that this server reaches, but it is on the disk of node "
              + node
              + ", at "
              + checkpoint.place());
    }
    try {
      CheckpointStore store = stores.get(Place.of(checkpoint.place()).base());
      if (store != null) {
        return store;
      }
    } catch (IllegalArgumentException e) {
      // What no store writes is not in one.
    }
    throw elsewhere();
  }

  private ApiException elsewhere() {
    return new ApiException(
        ErrorCode.NOT_FOUND,
        "expected a checkpoint in a store of this server (%s), but its place is elsewhere"
            .formatted(String.join(", ", stores.keySet())));
  }
}
