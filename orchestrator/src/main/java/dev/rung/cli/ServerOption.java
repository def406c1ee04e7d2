package dev.rung.cli;

import dev.rung.access.Secret;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * Which server a command talks to, and how. A token is never an argument, since every user of a
 * machine sees those.
 */
final class ServerOption {
  static final String DEFAULT = "127.0.0.1:7350";

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      description = "The server; else the variable RUNG_SERVER, else " + DEFAULT + ".")
  @Nullable String server;

  @Option(
      names = "--ca",
      paramLabel = "FILE",
      description = "Certificates of who vouches for the server; else RUNG_CA.")
  private @Nullable Path authority;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with the token to show; else the token in RUNG_TOKEN.")
  private @Nullable Path tokenFile;

  String address(Console console) {
    return server != null ? server : console.environment().getOrDefault("RUNG_SERVER", DEFAULT);
  }

  /** Whether something was typed that is of use with a server only. */
  boolean isTyped() {
    return server != null || authority != null || tokenFile != null;
  }

  /**
   * The server with what it takes to call it.
   *
   * @throws Failure the file of the token cannot be read
   */
  ServerAccess access(Console console) {
    Map<String, String> environment = console.environment();
    Optional<Path> vouching =
        Optional.ofNullable(authority)
            .or(() -> Optional.ofNullable(environment.get("RUNG_CA")).map(Path::of));
    Optional<Secret> token =
        tokenFile == null
            ? Optional.ofNullable(environment.get("RUNG_TOKEN"))
                .map(text -> ServerAccess.token("RUNG_TOKEN", text))
            : Optional.of(ServerAccess.read(tokenFile));
    return new ServerAccess(address(console), vouching, token);
  }
}
