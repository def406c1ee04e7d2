package dev.rung.benchmarks;

import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.MultiThreadIoEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioIoHandler;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import org.jspecify.annotations.Nullable;

/** The socket of one connection, which can be cut without a word of HTTP/2. */
final class CutSocket {
  private static final EventLoopGroup LOOPS =
      new MultiThreadIoEventLoopGroup(
          2, Thread.ofPlatform().daemon().name("sockets-", 0).factory(), NioIoHandler.newFactory());

  private volatile @Nullable NioSocketChannel socket;

  /** A channel to a server on the loopback, over this socket. */
  NettyChannelBuilder to(int port) {
    return Link.plain(port).trainer().eventLoopGroup(LOOPS).channelFactory(this::open);
  }

  private NioSocketChannel open() {
    NioSocketChannel opened = new NioSocketChannel();
    socket = opened;
    return opened;
  }

  /** The peer gets a TCP reset, as from a machine that has lost its process. */
  void reset() {
    NioSocketChannel cut = socket;
    if (cut != null && cut.isRegistered()) {
      cut.eventLoop()
          .execute(() -> {
            if (cut.isOpen()) {
              cut.config().setSoLinger(0);
              // Past the pipeline, which would say good-bye.
              cut.unsafe().close(cut.voidPromise());
            }
          });
    }
  }
}
