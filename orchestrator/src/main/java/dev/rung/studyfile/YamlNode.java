package dev.rung.studyfile;

import java.util.Collections;
import java.util.List;
import java.util.Map;

/** A value of a YAML file with the place that it stands at. */
sealed interface YamlNode {

  /** Where it begins. */
  Position at();

  /** What a scalar is by the core schema of YAML 1.2. */
  enum Kind {
    TEXT,
    WHOLE,
    REAL,
    FLAG,
    NOTHING
  }

  /**
   * A single value.
   *
   * @param text as written, without quotes
   */
  record Scalar(Position at, Kind kind, String text) implements YamlNode {}

  /** Values in order. */
  record Items(Position at, List<YamlNode> nodes) implements YamlNode {
    /** Copies the values. */
    public Items {
      nodes = List.copyOf(nodes);
    }
  }

  /**
   * Values by name.
   *
   * @param members in the order of the file; not to be changed afterwards
   */
  record Mapping(Position at, Map<String, Member> members) implements YamlNode {
    /** Guards the members, which keep their order. */
    public Mapping {
      members = Collections.unmodifiableMap(members);
    }
  }

  /** A value that was refused with a problem already, so that it gives no second one. */
  record Refused(Position at) implements YamlNode {}

  /** A value of a mapping and the place of its key. */
  record Member(Position keyAt, YamlNode value) {}
}
