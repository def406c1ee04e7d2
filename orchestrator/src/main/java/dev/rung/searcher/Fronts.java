package dev.rung.searcher;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Trials of one rung in order, best first: by the front that they are in, and in a front by their
 * number. A front holds what is dominated by trials of the fronts before it alone. With one
 * objective a front is all trials of one loss.
 *
 * <p>Fronts are kept as trials come (Li et al., Efficient Nondomination Level Update Method for
 * Steady-State Evolutionary Multiobjective Optimization, IEEE Trans. Cybern. 47, 2017): a trial
 * goes to the first front that has nobody who dominates it, and pushes on those it dominates.
 */
final class Fronts {
  private final Map<Integer, Result> results = new HashMap<>();

  /** Each by rising trial number. */
  private final List<List<Integer>> fronts = new ArrayList<>();

  /** Number of trials before each front; empty: to be counted. */
  private int[] before = {};

  /** Adds a trial; one that is there already stays what it is. */
  void insert(int trial, Result result) {
    if (results.putIfAbsent(trial, result) == null) {
      place(List.of(trial), frontFor(result));
      before = new int[0];
    }
  }

  /** Takes a trial out, if it is there. */
  void remove(int trial) {
    if (results.remove(trial) == null) {
      return;
    }
    Map<Integer, Result> rest = Map.copyOf(results);
    results.clear();
    fronts.clear();
    before = new int[0];
    rest.forEach(this::insert);
  }

  int size() {
    return results.size();
  }

  boolean contains(int trial) {
    return results.containsKey(trial);
  }

  /** The number of objectives that the trials have; 0 without any. */
  int objectives() {
    return results.isEmpty() ? 0 : results.values().iterator().next().losses().size();
  }

  /** Number of trials before one that is there. */
  int rank(int trial) {
    Result result = results.get(trial);
    if (result == null) {
      throw new IllegalArgumentException("expected trial %d, but it is not here".formatted(trial));
    }
    int front = frontFor(result);
    return trialsBefore(front) + Collections.binarySearch(fronts.get(front), trial);
  }

  /** All trials, best first. */
  IntStream inOrder() {
    return fronts.stream().flatMapToInt(front -> front.stream().mapToInt(trial -> trial));
  }

  private int trialsBefore(int front) {
    if (before.length == 0) {
      before = new int[fronts.size()];
      for (int i = 1; i < before.length; i++) {
        before[i] = before[i - 1] + fronts.get(i - 1).size();
      }
    }
    return before[front];
  }

  /** The first front without anybody who dominates this: whoever is dominated is so further up. */
  private int frontFor(Result result) {
    int low = 0;
    int high = fronts.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (isDominatedBy(fronts.get(middle), result)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void place(List<Integer> trials, int first) {
    List<Integer> coming = trials;
    for (int k = first; !coming.isEmpty(); k++) {
      if (k == fronts.size()) {
        fronts.add(coming);
        return;
      }
      List<Integer> staying = new ArrayList<>();
      List<Integer> pushed = new ArrayList<>();
      for (int trial : fronts.get(k)) {
        (isDominatedBy(coming, result(trial)) ? pushed : staying).add(trial);
      }
      if (staying.isEmpty()) {
        // All of the fronts from here on move down by one, whatever is in them.
        fronts.add(k, coming);
        return;
      }
      staying.addAll(coming);
      Collections.sort(staying);
      fronts.set(k, staying);
      coming = pushed;
    }
  }

  private boolean isDominatedBy(List<Integer> front, Result result) {
    for (int trial : front) {
      if (result(trial).dominates(result)) {
        return true;
      }
    }
    return false;
  }

  private Result result(int trial) {
    Result result = results.get(trial);
    if (result == null) {
      throw new IllegalStateException("expected trial %d, but it is not here".formatted(trial));
    }
    return result;
  }
}
