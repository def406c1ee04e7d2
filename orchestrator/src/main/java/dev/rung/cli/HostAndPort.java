package dev.rung.cli;

import java.net.URI;
import java.net.URISyntaxException;

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
    try {
      URI uri = new URI("rung://" + text);
      String host = uri.getHost();
      if (host != null
          && uri.getPort() > 0
          && uri.getPort() < 65_536
          && text.equals(uri.getAuthority())
          && uri.getUserInfo() == null) {
        return new HostAndPort(host.replaceAll("[\\[\\]]", ""), uri.getPort());
      }
    } catch (URISyntaxException e) {
      // Told below, as any other text that names no server.
    }
    throw new Failure(
        Failure.USAGE,
        "--server: expected HOST:PORT, for instance %s, but came \"%s\""
            .formatted(ServerOption.DEFAULT, text));
  }

  /** Writes HOST:PORT. */
  static String text(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
