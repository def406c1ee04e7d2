package dev.rung.studyfile;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds things that depend on themselves. */
final class Cycles {
  private final Map<String, Set<String>> needed;
  private final Set<String> done = new HashSet<>();
  private final List<String> open = new ArrayList<>();
  private final List<List<String>> found = new ArrayList<>();

  private Cycles(Map<String, Set<String>> needed) {
    this.needed = needed;
  }

  /**
   * Cycles so that without them there is none, each from the one of its members that comes first.
   *
   * @param needed what each depends on, in order
   */
  static List<List<String>> of(Map<String, Set<String>> needed) {
    Cycles cycles = new Cycles(needed);
    needed.keySet().forEach(cycles::visit);
    return cycles.found;
  }

  private void visit(String name) {
    int begun = open.indexOf(name);
    if (begun >= 0) {
      found.add(List.copyOf(open.subList(begun, open.size())));
      return;
    }
    if (!done.add(name)) {
      return;
    }
    open.add(name);
    needed.getOrDefault(name, Set.of()).forEach(this::visit);
    open.removeLast();
  }
}
