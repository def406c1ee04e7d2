package dev.rung.app;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A client that speaks HTTP/2 frame by frame (RFC 9113), as no honest one would. */
final class RawHttp2 implements AutoCloseable {
  static final int DATA = 0;
  static final int HEADERS = 1;
  static final int PRIORITY = 2;
  static final int RST_STREAM = 3;
  static final int SETTINGS = 4;
  static final int PING = 6;
  static final int CONTINUATION = 9;
  static final int END_STREAM = 1;
  static final int END_HEADERS = 4;

  private static final int PATIENCE_MILLIS = 20_000;

  /** One frame that came. */
  record Frame(int type, int flags, int stream) {
    /** Whether it ends a call: by its trailers, or reset. */
    boolean ends(int call) {
      return stream == call
          && (type == RST_STREAM || (type == HEADERS && (flags & END_STREAM) != 0));
    }
  }

  private final Socket socket;
  private final DataOutputStream out;
  private final DataInputStream in;

  /** Dials, and says nothing. */
  RawHttp2(int port) throws IOException {
    socket = new Socket();
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MILLIS);
    socket.setSoTimeout(PATIENCE_MILLIS);
    out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream(), 1 << 14));
    in = new DataInputStream(socket.getInputStream());
  }

  /** Dials, and begins as every client does. */
  static RawHttp2 greeted(int port) throws IOException {
    RawHttp2 client = new RawHttp2(port);
    client.out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    client.frame(SETTINGS, 0, 0);
    client.flush();
    return client;
  }

  void frame(int type, int flags, int stream, byte... payload) throws IOException {
    out.writeByte(payload.length >> 16);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
  }

  /** Begins a call that goes on. */
  void call(int stream, String rpc) throws IOException {
    frame(HEADERS, END_HEADERS, stream, headers(rpc, Map.of()));
  }

  /** A call's headers (RFC 7541): POST and http by their indices, the rest as they are. */
  static byte[] headers(String rpc, Map<String, String> more) throws IOException {
    ByteArrayOutputStream headers = new ByteArrayOutputStream();
    headers.write(0x83);
    headers.write(0x86);
    headers.write(0x04);
    text(headers, "/rung.v1." + rpc);
    headers.write(0x01);
    text(headers, "localhost");
    headers.write(0x0f);
    headers.write(0x10);
    text(headers, "application/grpc");
    headers.write(0);
    text(headers, "te");
    text(headers, "trailers");
    for (Map.Entry<String, String> entry : more.entrySet()) {
      headers.write(0);
      text(headers, entry.getKey());
      text(headers, entry.getValue());
    }
    return headers.toByteArray();
  }

  private static void text(ByteArrayOutputStream out, String text) throws IOException {
    if (text.length() > 126) {
      throw new IllegalArgumentException("expected at most 126 characters");
    }
    out.write(text.length());
    out.write(text.getBytes(StandardCharsets.US_ASCII));
  }

  void flush() throws IOException {
    out.flush();
  }

  /** The next frame; only what it is, not what is in it. */
  Frame next() throws IOException {
    int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
    Frame frame = new Frame(in.readUnsignedByte(), in.readUnsignedByte(), in.readInt());
    in.skipNBytes(length);
    return frame;
  }

  /** Waits until a call, or with it the connection, has ended. */
  void awaitEnd(int call) throws IOException {
    try {
      while (!next().ends(call)) {
        // Whatever else it says.
      }
    } catch (EOFException | SocketException e) {
      // The connection is gone, and the call with it.
    }
  }

  /** Reads until the server has closed the connection. */
  void awaitClosed() throws IOException {
    try {
      while (true) {
        next();
      }
    } catch (EOFException | SocketException e) {
      // It is.
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
