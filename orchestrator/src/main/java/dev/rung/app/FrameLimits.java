package dev.rung.app;

import io.grpc.netty.shaded.io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.shaded.io.grpc.netty.InternalProtocolNegotiators;
import io.grpc.netty.shaded.io.netty.buffer.ByteBuf;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandler;
import io.grpc.netty.shaded.io.netty.channel.ChannelHandlerContext;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Error;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Exception;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameListener;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2FrameListenerDecorator;
import io.grpc.netty.shaded.io.netty.handler.codec.http2.Http2Settings;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.util.AsciiString;
import java.time.Duration;
import java.util.Optional;

/**
 * Closes connections on which frames come that say nothing and cost the server work: settings over
 * and over, priorities, data without a byte (CVE-2019-9515, 9513 and 9518). grpc-java bounds pings
 * and resets itself.
 */
final class FrameLimits implements InternalProtocolNegotiator.ProtocolNegotiator {
  private final InternalProtocolNegotiator.ProtocolNegotiator negotiator;
  private final int most;
  private final Duration window;

  /**
   * Limits for a server.
   *
   * @param tls what it is spoken to under; empty: nothing
   * @param most such frames of one connection in a window
   */
  FrameLimits(Optional<SslContext> tls, int most, Duration window) {
    this.negotiator =
        tls.map(InternalProtocolNegotiators::serverTls)
            .orElseGet(InternalProtocolNegotiators::serverPlaintext);
    this.most = most;
    this.window = window;
  }

  @Override
  public AsciiString scheme() {
    return negotiator.scheme();
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler handler) {
    handler.decoder().frameListener(new Counting(handler.decoder().frameListener()));
    return negotiator.newHandler(handler);
  }

  @Override
  public void close() {
    negotiator.close();
  }

  /** Of one connection, on its own thread. */
  private final class Counting extends Http2FrameListenerDecorator {
    private long began = System.nanoTime();
    private int count;

    Counting(Http2FrameListener listener) {
      super(listener);
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings)
        throws Http2Exception {
      count();
      super.onSettingsRead(context, settings);
    }

    @Override
    public void onPriorityRead(
        ChannelHandlerContext context, int stream, int dependency, short weight, boolean exclusive)
        throws Http2Exception {
      count();
      super.onPriorityRead(context, stream, dependency, weight, exclusive);
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean end)
        throws Http2Exception {
      if (!end && !data.isReadable()) {
        count();
      }
      return super.onDataRead(context, stream, data, padding, end);
    }

    private void count() throws Http2Exception {
      long now = System.nanoTime();
      if (now - began > window.toNanos()) {
        began = now;
        count = 0;
      }
      count++;
      if (count > most) {
        throw Http2Exception.connectionError(
            Http2Error.ENHANCE_YOUR_CALM, "more than %d frames that say nothing", most);
      }
    }
  }
}
