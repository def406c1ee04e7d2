package dev.rung.trainer.process;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Whole messages between a node and the process of one of its trials, over a socket of the file
 * system. One thread may read while others write.
 */
public final class TrialLink implements Closeable {
  private static final int LONGEST_BYTES = 16 << 20;

  private final SocketChannel channel;

  TrialLink(SocketChannel channel) {
    this.channel = channel;
  }

  /** The link of a trial's process to its node. */
  public static TrialLink connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return new TrialLink(channel);
  }

  /** Sends one message. */
  public synchronized void send(byte[] message) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + message.length);
    frame.putInt(message.length).put(message).flip();
    while (frame.hasRemaining()) {
      int unused = channel.write(frame);
    }
  }

  /** Waits for the next message; null: the other side has ended. */
  public byte @Nullable [] receive() throws IOException {
    ByteBuffer length = ByteBuffer.allocate(Integer.BYTES);
    if (!fill(length)) {
      return null;
    }
    int size = length.getInt(0);
    if (size < 0 || size > LONGEST_BYTES) {
      throw new IOException("expected a message of at most " + LONGEST_BYTES + " B, got " + size);
    }
    byte[] message = new byte[size];
    return fill(ByteBuffer.wrap(message)) ? message : null;
  }

  private boolean fill(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
