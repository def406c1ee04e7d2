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
      names = "--cert",
      paramLabel = "FILE",
      description = "Certificate of this client; else RUNG_CERT.")
  private @Nullable Path certificate;

  @Option(names = "--cert-key", paramLabel = "FILE", description = "Its key; else RUNG_CERT_KEY.")
  private @Nullable Path key;

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
    return server != null
        || authority != null
        || certificate != null
        || key != null
        || tokenFile != null;
  }

  /**
   * The server with what it takes to call it.
   *
   * @throws Failure the file of the token cannot be read, or a certificate has no key
   */
  ServerAccess access(Console console) {
    Map<String, String> environment = console.environment();
    Optional<Secret> token =
        tokenFile == null
            ? Optional.ofNullable(environment.get("RUNG_TOKEN"))
                .map(text -> ServerAccess.token("RUNG_TOKEN", text))
            : Optional.of(ServerAccess.read(tokenFile));
    return new ServerAccess(
        address(console), file(authority, "RUNG_CA", environment), identity(environment), token);
  }

  private Optional<ServerAccess.Identity> identity(Map<String, String> environment) {
    Optional<Path> own = file(certificate, "RUNG_CERT", environment);
    Optional<Path> ownKey = file(key, "RUNG_CERT_KEY", environment);
    if (own.isPresent() != ownKey.isPresent()) {
      throw Failure.usage(
          "expected --cert or RUNG_CERT with --cert-key or RUNG_CERT_KEY, but came one of them");
    }
    return own.map(path -> new ServerAccess.Identity(path, ownKey.orElseThrow()));
  }

  private static Optional<Path> file(
      @Nullable Path typed, String variable, Map<String, String> environment) {
    return Optional.ofNullable(typed)
        .or(() -> Optional.ofNullable(environment.get(variable)).map(Path::of));
  }
}
