package dev.rung.dl4j;

import java.util.List;

/** What the trainers say about data sets. */
final class DataSets {
  private DataSets() {}

  /** Names the data sets that there are, and how to come by them. */
  static IllegalArgumentException unknown(String name, List<String> known, String kind) {
    return new IllegalArgumentException(
        "expected trainer.config.data of kind "
            + kind
            + " to be one of "
            + known
            + ", but it is '"
            + name
            + "'; write data: "
            + known.get(0)
            + ", which is part of the trainer's jar");
  }
}
