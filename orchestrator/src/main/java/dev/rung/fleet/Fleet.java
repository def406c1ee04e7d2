package dev.rung.fleet;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** The trainer nodes that are connected now. */
public interface Fleet {

  /** Nodes with a live session, by name; the stage fails where they cannot be told in time. */
  CompletionStage<List<NodeInfo>> nodes();
}
