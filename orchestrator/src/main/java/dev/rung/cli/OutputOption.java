package dev.rung.cli;

import picocli.CommandLine.Option;

/** For whom a command prints. */
final class OutputOption {

  /** For whom. */
  enum Format {
    /** A person. */
    TABLE,
    /** A program: one JSON value on standard output. */
    JSON
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "table|json",
      description = "For a person or for a program; default table.")
  Format format = Format.TABLE;

  boolean isJson() {
    return format == Format.JSON;
  }
}
