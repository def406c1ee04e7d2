package dev.rung.simulate;

import dev.rung.space.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Learning curves of settings.
 *
 * @param rows at least one; all have the same hyper-parameters and metrics
 */
public record CurveTable(List<Row> rows) {
  /** Copies the rows. */
  public CurveTable {
    rows = List.copyOf(rows);
  }

  /**
   * A setting and how its training went.
   *
   * @param setting hyper-parameters by name
   * @param curves values by the name of the metric; the first is that of step 1, and one that was
   *     not measured is NaN
   */
  public record Row(Map<String, Value> setting, SortedMap<String, double[]> curves) {
    /** Copies the maps. */
    public Row {
      setting = Map.copyOf(setting);
      curves = new TreeMap<>(curves);
    }

    /**
     * The curve of a metric.
     *
     * @throws IllegalArgumentException there is none
     */
    public double[] curve(String metric) {
      double[] curve = curves.get(metric);
      if (curve == null) {
        throw new IllegalArgumentException(
            "expected one of the curves %s, but came %s".formatted(curves.keySet(), metric));
      }
      return curve;
    }

    /** Number of steps that are known of every metric. */
    public int steps() {
      return curves.values().stream().mapToInt(curve -> curve.length).min().orElse(0);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Row row
          && row.setting.equals(setting)
          && row.curves.keySet().equals(curves.keySet())
          && curves.keySet().stream()
              .allMatch(name -> Arrays.equals(curves.get(name), row.curves.get(name)));
    }

    @Override
    public int hashCode() {
      return setting.hashCode();
    }
  }

  /** The most steps that every curve has. */
  public int steps() {
    return rows.stream().mapToInt(Row::steps).min().orElse(0);
  }
}
