package dev.rung.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a server is called over HTTP. */
final class HttpOption {
  private static final String DEFAULT = "127.0.0.1:7351";
  private static final int PORT_OF_DEFAULT = 7350;
  private static final String OFF = "off";

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      description = {
        "Address of HTTP: /metrics, /healthz and /v1 (JSON), or off.",
        "Default 127.0.0.1:7351; off where --port is not 7350."
      })
  private @Nullable String http;

  /**
   * The address; empty: nowhere. Of a second server on this machine only where it says so.
   *
   * @param port of gRPC
   * @throws Failure it is none of this machine's loopback
   */
  Optional<InetSocketAddress> address(int port) {
    String where = http == null ? (port == PORT_OF_DEFAULT ? DEFAULT : OFF) : http;
    if (where.equals(OFF)) {
      return Optional.empty();
    }
    HostAndPort address = HostAndPort.toListen("--http", where);
    try {
      if (!InetAddress.getByName(address.host()).isLoopbackAddress()) {
        throw Failure.usage(
            "--http: expected an address of this machine's loopback, but came %s: it has no TLS"
                .formatted(address.host()));
      }
    } catch (UnknownHostException e) {
      throw Failure.usage("--http: expected a host that can be found, but came " + address.host());
    }
    return Optional.of(new InetSocketAddress(address.host(), address.port()));
  }
}
