package dev.rung.simulate;

import dev.rung.space.Assignment;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.SearchSpace;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.IntToDoubleFunction;

/** A task whose losses a test gives by the number of the trial. */
record GivenLosses(IntToDoubleFunction losses) implements Task {
  @Override
  public SearchSpace space() {
    return new SearchSpace(List.of(new FloatParameter("x", 0, 1, false, 0)));
  }

  @Override
  public SortedSet<String> metrics() {
    return new TreeSet<>();
  }

  @Override
  public OptionalLong lastStep() {
    return OptionalLong.empty();
  }

  @Override
  public Map<String, Double> measure(Assignment assignment, int trial, long step) {
    return Map.of("loss", losses.applyAsDouble(trial));
  }
}
