package dev.rung.simulation;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** The connections between nodes and a server that are there. */
final class Wires {
  private final Set<Wire> all = new LinkedHashSet<>();

  void opened(Wire wire) {
    all.removeIf(Wire::isCut);
    all.add(wire);
  }

  void hostDied(Host host) {
    all.stream().filter(wire -> wire.host() == host).forEach(Wire::nodeDied);
  }

  void serverDied() {
    all.forEach(Wire::serverDied);
    all.clear();
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** Does something to each that is there now. */
  void forEach(Consumer<Wire> action) {
    List.copyOf(all).forEach(action);
  }
}
