package dev.rung.fleet;

import java.util.List;
import java.util.concurrent.CompletionStage;

<<<<<<< HEAD
/** The trainer nodes as the rest of the server sees them. */
public interface Fleet {

  /** Every node with a session, by name; the stage fails where the dispatcher does not answer. */
=======
/** The trainer nodes that are connected now. */
public interface Fleet {

  /** Nodes with a live session, by name; the stage fails where they cannot be told in time. */
>>>>>>> cli
  CompletionStage<List<NodeInfo>> nodes();
}
