package dev.rung.trainer.process;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a node waits for the process of a trial: a socket in a folder that no other user may look
 * into, gone once it is closed. It lies in the system's folder for temporary files because a
 * socket's path may have some hundred characters only.
 */
public final class TrialSocket implements Closeable {
  private final Path folder;
  private final ServerSocketChannel channel;

  private TrialSocket(Path folder, ServerSocketChannel channel) {
    this.folder = folder;
    this.channel = channel;
  }

  /** A new one. */
  public static TrialSocket open() throws IOException {
    Path folder = Files.createTempDirectory("rung-");
    TrialSocket socket =
        new TrialSocket(folder, ServerSocketChannel.open(StandardProtocolFamily.UNIX));
    try {
      socket.channel.bind(UnixDomainSocketAddress.of(socket.path()));
    } catch (IOException e) {
      socket.close();
      throw e;
    }
    return socket;
  }

  /** What the process connects to. */
  public Path path() {
    return folder.resolve("node");
  }

  /** Waits for the process; {@link #close} ends the wait with an exception. */
  public TrialLink accept() throws IOException {
    return new TrialLink(channel.accept());
  }

  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(path());
    Files.deleteIfExists(folder);
  }
}
