package dev.rung.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/**
 * Where a server is.
 *
 * @param host a name or an address, one of IPv6 without brackets
 */
record HostAndPort(String host, int port) {

  /**
   * Reads HOST:PORT.
   *
   * @throws Failure it is none
   */
  static HostAndPort parse(String text) {
    return read(text, 1)
        .orElseThrow(() ->
            new Failure(
                Failure.USAGE,
                "--server: expected HOST:PORT, for instance %s, but came \"%s\""
                    .formatted(ServerOption.DEFAULT, text)));
  }

  /**
   * Reads HOST:PORT of an option that says where to listen; port 0 is a free one.
   *
   * @throws Failure it is none
   */
  static HostAndPort toListen(String option, String text) {
    return read(text, 0)
        .orElseThrow(() ->
            new Failure(
                Failure.USAGE,
                "%s: expected HOST:PORT or off, but came \"%s\"".formatted(option, text)));
  }

  private static Optional<HostAndPort> read(String text, int leastPort) {
    try {
      URI uri = new URI("rung://" + text);
      String host = uri.getHost();
      if (host != null
          && uri.getPort() >= leastPort
          && uri.getPort() < 65_536
          && text.equals(uri.getAuthority())
          && uri.getUserInfo() == null) {
        return Optional.of(new HostAndPort(host.replaceAll("[\\[\\]]", ""), uri.getPort()));
      }
    } catch (URISyntaxException e) {
      // As any other text that names nothing.
    }
    return Optional.empty();
  }

  /** Writes HOST:PORT. */
  static String text(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
