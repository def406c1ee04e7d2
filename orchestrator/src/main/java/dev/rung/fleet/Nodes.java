package dev.rung.fleet;

import dev.rung.fleet.Dispatcher.Register;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** The nodes that have a session, each with the newest that it was heard of by. */
final class Nodes {
  /** A session and when it was last heard of, in nanoseconds of the monotonic clock. */
  private record Node(Register register, long seen) {}

  private final Map<String, Node> byName = new TreeMap<>();
  private final Holdings holdings = new Holdings();

  /** Which slots they have and who holds them. */
  Holdings holdings() {
    return holdings;
  }

  /** A node is there; it replaces what was known of it. */
  void put(Register register, long now) {
    NodeInfo node = register.node();
    byName.put(node.name(), new Node(register, now));
    holdings.put(
        node.name(),
        node.pool(),
        new Balance.Traits(Set.copyOf(node.kinds()), node.labels(), node.slots()),
        register.held());
  }

  /** A session has ended, unless the node has a newer one. */
  void remove(String name, String epoch) {
    if (isSession(name, epoch)) {
      byName.remove(name);
      holdings.remove(name);
    }
  }

  /** Whether this is the node's newest session. */
  boolean isSession(String name, String epoch) {
    Register known = of(name);
    return known != null && known.epoch().equals(epoch);
  }

  /** Whether a node is there and takes trials. */
  boolean takesTrials(String name) {
    Register known = of(name);
    return known != null && !known.node().draining();
  }

  /** Whether a node is there. */
  boolean isThere(String name) {
    return byName.containsKey(name);
  }

  /** What a node last said of itself; null: it is not there. */
  @Nullable Register of(String name) {
    Node node = byName.get(name);
    return node == null ? null : node.register();
  }

  /** The session of a node; null: it is not there. */
  @Nullable ActorRef<ToFleetSession> session(String name) {
    Register known = of(name);
    return known == null ? null : known.session();
  }

  /** Their names. */
  Set<String> names() {
    return byName.keySet();
  }

  /** Those that have not been heard of since a time. */
  List<Register> silentSince(long time) {
    return byName.values().stream()
        .filter(node -> node.seen() - time < 0)
        .map(Node::register)
        .toList();
  }

  /** What is known of each, by name. */
  Collection<NodeInfo> infos() {
    return byName.values().stream().map(node -> node.register().node()).toList();
  }

  /**
   * Steps a second of the slots that a study holds, together; empty: it holds none, or has trained
   * nothing lately.
   */
  OptionalDouble speed(String study) {
    Speeds speeds = speeds();
    double sum = 0;
    for (Node node : byName.values()) {
      int held = holdings.on(node.register().node().name(), study);
      sum += held * speeds.ofSlot(study, node.register().paces()).orElse(0);
    }
    return sum == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum);
  }

  private Speeds speeds() {
    return new Speeds(byName.values().stream().map(node -> node.register().paces()).toList());
  }

  /** The same with how fast they train. */
  List<RatedNode> rated() {
    Speeds speeds = speeds();
    return byName.values().stream()
        .map(Node::register)
        .map(register -> new RatedNode(register.node(), speeds.of(register.paces())))
        .toList();
  }
}
