package dev.rung.space;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which parameters the activity of others depends on.
 *
 * @param conditions of each parameter
 * @param order of parameters in which each comes after those that its conditions name, and else
 *     that of the space
 */
record Dependencies(List<List<Expression>> conditions, List<Integer> order) {

  /**
   * The dependencies of a space.
   *
   * @throws IllegalArgumentException two parameters have one name, or a condition names what is no
   *     parameter or depends on itself
   */
  static Dependencies of(List<Parameter> parameters, List<Condition> conditions) {
    Map<String, Integer> places = new HashMap<>();
    List<List<Expression>> own = new ArrayList<>();
    for (Parameter parameter : parameters) {
      if (places.putIfAbsent(parameter.name(), own.size()) != null) {
        throw new IllegalArgumentException(
            "expected each parameter once, but %s comes twice".formatted(parameter.name()));
      }
      own.add(new ArrayList<>());
    }
    for (Condition condition : conditions) {
      own.get(place(places, condition.parameter())).add(condition.when());
    }
    Set<Integer> ordered = new LinkedHashSet<>();
    for (int i = 0; i < own.size(); i++) {
      visit(i, own, places, ordered, new HashSet<>());
    }
    return new Dependencies(own.stream().map(List::copyOf).toList(), List.copyOf(ordered));
  }

  /** Orders a parameter after all that it depends on. */
  private static void visit(
      int parameter,
      List<List<Expression>> conditions,
      Map<String, Integer> places,
      Set<Integer> ordered,
      Set<Integer> begun) {
    if (ordered.contains(parameter)) {
      return;
    }
    if (!begun.add(parameter)) {
      throw new IllegalArgumentException("expected conditions without a cycle, but there is one");
    }
    for (Expression condition : conditions.get(parameter)) {
      for (String name : condition.names()) {
        visit(place(places, name), conditions, places, ordered, begun);
      }
    }
    ordered.add(parameter);
  }

  private static int place(Map<String, Integer> places, String name) {
    Integer place = places.get(name);
    if (place == null) {
      throw new IllegalArgumentException(
          "expected conditions of parameters, but %s is none".formatted(name));
    }
    return place;
  }
}
