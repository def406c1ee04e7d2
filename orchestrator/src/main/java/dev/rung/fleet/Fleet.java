package dev.rung.fleet;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** The trainer nodes as the rest of the server sees them. */
public interface Fleet {

  /** Every node with a session, by name; the stage fails where the dispatcher does not answer. */
  CompletionStage<List<NodeInfo>> nodes();
}
