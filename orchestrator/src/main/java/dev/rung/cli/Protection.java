package dev.rung.cli;

import dev.rung.access.AccessException;
import dev.rung.access.Security;
import dev.rung.access.TlsFiles;
import dev.rung.access.Tokens;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Whether a server may listen where it is told to. On a loopback it may do so as it is; whoever can
 * be reached from a network needs TLS and tokens.
 */
record Protection(
    String host,
    int port,
    Path data,
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable Path clientAuthority,
    boolean tokens,
    boolean insecure) {
  private static final String CERTIFICATES = "rung-certs";

  /**
   * What the server is protected by.
   *
   * @throws Failure that is not enough, with the commands that make it so
   */
  Security check() {
    boolean loopback = address().isLoopbackAddress();
    if ((certificate == null) != (key == null)) {
      throw Failure.usage("expected --tls-cert and --tls-key together, but came one of them");
    }
    if (clientAuthority != null && certificate == null) {
      throw Failure.usage("expected --client-ca with --tls-cert and --tls-key, but came it alone");
    }
    if (insecure && !loopback) {
      throw Failure.usage(
          "--insecure: expected an address of this machine's loopback, but came %s, which others"
                  .formatted(host)
              + " can reach");
    }
    if (insecure && (certificate != null || tokens)) {
      throw Failure.usage("expected --insecure, or TLS and tokens, but came both");
    }
    if (!loopback) {
      List<String> missing = missing();
      if (!missing.isEmpty()) {
        throw Failure.usage(
            "--host: %s can be reached from a network, so the server needs TLS and tokens. Run:\n  %s"
                .formatted(host, String.join("\n  ", missing)));
      }
    }
    Optional<TlsFiles> tls =
        certificate == null || key == null
            ? Optional.empty()
            : Optional.of(new TlsFiles(certificate, key, Optional.ofNullable(clientAuthority)));
    return new Security(tls, tokens || !loopback);
  }

  private InetAddress address() {
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw Failure.usage("--host: expected a host that can be found, but came " + host);
    }
  }

  /** Commands that make what is not there, and at last the one that was typed, made whole. */
  private List<String> missing() {
    List<String> commands = new ArrayList<>();
    Path made = Path.of(CERTIFICATES, "server.crt");
    if (certificate == null && !Files.exists(made)) {
      commands.add("rung certs init --dir " + CERTIFICATES + (isAny() ? "" : " --host " + host));
    }
    if (!hasToken()) {
      commands.add(
          "(umask 077; rung token create --data %s --role admin > admin.token)"
              .formatted(quoted(data)));
    }
    if (certificate == null || !commands.isEmpty()) {
      commands.add(
          "rung serve --data %s --host %s --port %d --tls-cert %s --tls-key %s%s"
              .formatted(
                  quoted(data),
                  host,
                  port,
                  quoted(certificate == null ? made : certificate),
                  quoted(key == null ? made.resolveSibling("server.key") : key),
                  clientAuthority == null ? "" : " --client-ca " + quoted(clientAuthority)));
    }
    return commands;
  }

  private boolean hasToken() {
    try {
      return Tokens.anyValid(data, Clock.systemUTC());
    } catch (AccessException e) {
      throw new Failure(Failure.FAILED, String.valueOf(e.getMessage()));
    }
  }

  /** Whether it is no address that a certificate could name. */
  private boolean isAny() {
    return address().isAnyLocalAddress();
  }

  private static String quoted(Path path) {
    String text = path.toString();
    return text.matches("[A-Za-z0-9_./@%+=:,-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
