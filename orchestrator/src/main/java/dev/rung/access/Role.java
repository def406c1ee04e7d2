package dev.rung.access;

import dev.rung.proto.v1.Rule;
import java.util.Locale;

/** What the holder of a token may do. */
public enum Role {
  /** Reads. */
  VIEWER,
  /** Reads, and changes studies and trials. */
  OPERATOR,
  /** Runs trainer nodes, and nothing else. */
  TRAINER,
  /** Reads, changes, and decides about tokens. */
  ADMIN;

  /** As it is typed. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether calls of rpcs that carry this rule are allowed. */
  public boolean may(Rule rule) {
    return switch (rule) {
      case RULE_READ -> this != TRAINER;
      case RULE_CHANGE -> this == OPERATOR || this == ADMIN;
      case RULE_TRAIN -> this == TRAINER;
      case RULE_ADMINISTER -> this == ADMIN;
      case RULE_UNSPECIFIED, UNRECOGNIZED -> false;
    };
  }
}
