package dev.rung.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which server a command talks to. */
final class ServerOption {
  static final String DEFAULT = "127.0.0.1:7350";

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      description = "The server; else the variable RUNG_SERVER, else " + DEFAULT + ".")
  @Nullable String server;

  String address(Console console) {
    return server != null ? server : console.environment().getOrDefault("RUNG_SERVER", DEFAULT);
  }
}
