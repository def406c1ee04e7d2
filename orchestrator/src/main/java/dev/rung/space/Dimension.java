package dev.rung.space;

/**
 * One coordinate of the unit cube that a search space is mapped to, as a model sees it. A parameter
 * may have none, one or several.
 *
 * @param name of its parameter, with what tells its coordinates apart where it has several
 * @param kind how neighbouring points are related
 * @param values number of equal parts of the unit interval that stand for one value each; 0: every
 *     point is a value of its own
 */
public record Dimension(String name, Kind kind, int values) {

  /** How points of a coordinate are related. */
  public enum Kind {
    /** Near points are like values. */
    ORDERED,
    /** Points of different parts have nothing in common. */
    UNORDERED
  }
}
