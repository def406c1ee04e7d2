package dev.rung.storage;

import dev.rung.halving.Rung;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Compares two objects field by field, so that no field of a state can be forgotten. */
final class DeepEquality {
  private static final ConcurrentMap<Class<?>, Field[]> FIELDS = new ConcurrentHashMap<>();

  private DeepEquality() {}

  /** Where the first difference is; empty: they are equal. */
  static String difference(@Nullable Object a, @Nullable Object b) {
    if (a == b) {
      return "";
    }
    if (a == null || b == null || !isSameKind(a, b)) {
      return ": " + a + " and " + b;
    }
    if (a instanceof Rung rung) {
      return ofRungs(rung, (Rung) b);
    }
    if (a instanceof Map<?, ?> map) {
      return ofMaps(map, (Map<?, ?>) b);
    }
    if (a instanceof Set<?>) {
      return a.equals(b) ? "" : ": " + a + " and " + b;
    }
    if (a instanceof Collection<?> collection) {
      return ofCollections(collection, (Collection<?>) b);
    }
    if (!a.getClass().getName().startsWith("dev.rung.") || a instanceof Enum<?>) {
      return a.equals(b) ? "" : ": " + a + " and " + b;
    }
    return ofFields(a, b);
  }

  /** Collections may differ in their class. */
  private static boolean isSameKind(Object a, Object b) {
    return a.getClass() == b.getClass()
        || (a instanceof Collection<?> && b instanceof Collection<?>)
        || (a instanceof Map<?, ?> && b instanceof Map<?, ?>);
  }

  private static String ofFields(Object a, Object b) {
    for (Field field : FIELDS.computeIfAbsent(a.getClass(), DeepEquality::fields)) {
      try {
        String difference = difference(field.get(a), field.get(b));
        if (!difference.isEmpty()) {
          return "." + field.getName() + difference;
        }
      } catch (IllegalAccessException e) {
        throw new AssertionError(e);
      }
    }
    return "";
  }

  private static Field[] fields(Class<?> type) {
    Field[] fields =
        Arrays.stream(type.getDeclaredFields())
            .filter(field -> !Modifier.isStatic(field.getModifiers()))
            .toArray(Field[]::new);
    Arrays.stream(fields).forEach(field -> field.setAccessible(true));
    return fields;
  }

  private static String ofMaps(Map<?, ?> a, Map<?, ?> b) {
    if (!a.keySet().equals(b.keySet())) {
      return ": keys " + a.keySet() + " and " + b.keySet();
    }
    for (Map.Entry<?, ?> entry : a.entrySet()) {
      String difference = difference(entry.getValue(), b.get(entry.getKey()));
      if (!difference.isEmpty()) {
        return "[" + entry.getKey() + "]" + difference;
      }
    }
    return "";
  }

  private static String ofCollections(Collection<?> a, Collection<?> b) {
    if (a.size() != b.size()) {
      return ": sizes " + a.size() + " and " + b.size();
    }
    Iterator<?> other = b.iterator();
    int i = 0;
    for (Object element : a) {
      String difference = difference(element, other.next());
      if (!difference.isEmpty()) {
        return "[" + i + "]" + difference;
      }
      i++;
    }
    return "";
  }

  /** A rebuilt rung has other tree nodes and the same entries, ranks and marks. */
  private static String ofRungs(Rung a, Rung b) {
    int[] trials = a.trialsByArrival();
    if (!Arrays.equals(trials, b.trialsByArrival()) || a.promotions() != b.promotions()) {
      return ": entries " + Arrays.toString(trials) + " promoted " + a.promotions();
    }
    for (int trial : trials) {
      boolean same =
          Objects.equals(a.loss(trial), b.loss(trial))
              && a.rank(trial) == b.rank(trial)
              && a.isOpen(trial) == b.isOpen(trial)
              && a.isPromoted(trial) == b.isPromoted(trial);
      if (!same) {
        return "[trial " + trial + "]";
      }
    }
    return a.firstOpen() == b.firstOpen() ? "" : ".firstOpen";
  }
}
