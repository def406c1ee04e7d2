package dev.rung.access;

import java.net.InetAddress;
import java.util.Optional;

/**
 * How a server is protected.
 *
 * @param tls where its keys are; empty: what is said is not encrypted
 * @param tokens whether callers must show tokens
 */
public record Security(Optional<TlsFiles> tls, boolean tokens) {
  /** Neither: for a loopback that its users trust. */
  public static final Security NONE = new Security(Optional.empty(), false);

  /** Whether it is enough for an address. Off loopback it takes both. */
  public boolean isEnoughFor(InetAddress address) {
    return address.isLoopbackAddress() || (tls.isPresent() && tokens);
  }
}
