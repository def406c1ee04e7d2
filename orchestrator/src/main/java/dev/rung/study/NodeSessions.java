package dev.rung.study;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sessions through which a study reaches nodes. A session that only brought a grant can be
 * spoken to, but it is not heard of: it has not said which attempts its node runs.
 *
 * @param <S> a session
 */
final class NodeSessions<S> {
  private final Map<String, S> byNode = new HashMap<>();
  private final Set<String> heard = new HashSet<>();

  /** A node's session brought a grant; true: it is another one than before. */
  boolean grants(String node, S session) {
    boolean another = !session.equals(byNode.put(node, session));
    if (another) {
      heard.remove(node);
    }
    return another;
  }

  /** A node's session said which attempts run there; true: it is another one than before. */
  boolean attaches(String node, S session) {
    boolean another = grants(node, session);
    heard.add(node);
    return another;
  }

  /** A session has ended; the nodes whose it was. */
  List<String> ended(Object session) {
    List<String> nodes = new ArrayList<>();
    byNode.forEach((node, ref) -> {
      if (ref.equals(session)) {
        nodes.add(node);
      }
    });
    nodes.forEach(byNode::remove);
    heard.removeAll(nodes);
    return nodes;
  }

  /** The session of a node; null: none is known. */
  @Nullable S of(String node) {
    return byNode.get(node);
  }

  /** The session of some trainer node; null: none is known. */
  @Nullable S any() {
    return byNode.entrySet().stream()
        .filter(node -> !LoopNode.is(node.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  /** Nodes whose session said which attempts run there. */
  Set<String> heard() {
    return heard;
  }

  void clear() {
    byNode.clear();
    heard.clear();
  }
}
