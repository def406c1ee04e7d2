package dev.rung.dl4j;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An address that is no loopback, and a way to start processes that can reach it: in a network of
 * their own where the machine permits that, else at the machine's own address.
 */
final class Network implements AutoCloseable {
  /** Of those that are for documentation, which nobody has (RFC 5737). */
  private static final String ADDRESS = "192.0.2.1";

  private final @Nullable Process holder;
  final String address;

  private Network(@Nullable Process holder, String address) {
    this.holder = holder;
    this.address = address;
  }

  /** The network; empty: this machine has none and permits none. */
  static Optional<Network> open(Path folder) throws IOException, InterruptedException {
    Path up = folder.resolve("up");
    Process holder =
        new ProcessBuilder(
                "unshare",
                "-Urn",
                "sh",
                "-c",
                "ip link set lo up && ip address add %s/32 dev lo && touch '%s' && exec sleep 600"
                    .formatted(ADDRESS, up))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("network.log").toFile())
            .start();
    Runtime.getRuntime().addShutdownHook(new Thread(holder::destroyForcibly));
    while (holder.isAlive() && !Files.exists(up)) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    if (Files.exists(up)) {
      return Optional.of(new Network(holder, ADDRESS));
    }
    return own().map(address -> new Network(null, address));
  }

  private static Optional<String> own() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(Inet4Address.class::isInstance)
        .filter(address -> !address.isLoopbackAddress())
        .map(InetAddress::getHostAddress)
        .findFirst();
  }

  /** Words before a command that is to run in it. */
  List<String> around() {
    return holder == null
        ? List.of()
        : List.of(
            "nsenter", "-t", Long.toString(holder.pid()), "-U", "--preserve-credentials", "-n");
  }

  @Override
  public String toString() {
    return address + (holder == null ? " of this machine" : " in a network of its own");
  }

  @Override
  public void close() {
    if (holder != null) {
      holder.destroyForcibly();
    }
  }
}
