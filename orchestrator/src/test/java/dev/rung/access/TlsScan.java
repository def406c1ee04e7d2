package dev.rung.access;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds what a TLS server accepts, as sslscan does: with hellos written by hand, so that it does
 * not hang on what a library can or may do. Each version offers every cipher suite there is; what
 * the server picks is noted and left out of the next hello, until it picks none.
 */
final class TlsScan {
  /** SSL 3.0 and TLS 1.0 to 1.3 as they are on the wire. */
  static final List<Integer> VERSIONS = List.of(0x0300, 0x0301, 0x0302, 0x0303, 0x0304);

  /** The blocks in which suites are registered (IANA, TLS Cipher Suites). */
  private static final List<Integer> SUITES =
      IntStream.of(0x0000, 0x1300, 0xc000, 0xcc00)
          .flatMap(block -> IntStream.range(block, block + 0x100))
          .boxed()
          .toList();

  private static final int TLS_1_2 = 0x0303;
  private static final int TLS_1_3 = 0x0304;
  private static final int HANDSHAKE = 22;
  private static final int SERVER_HELLO = 2;
  private static final int PATIENCE_MILLIS = 20_000;

  /** A version and a suite that a server has picked. */
  record Accepted(int version, int suite) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s 0x%04x",
          version == 0x0300 ? "SSL 3.0" : "TLS 1." + (version - 0x0301),
          suite);
    }
  }

  private final int port;

  TlsScan(int port) {
    this.port = port;
  }

  /** How much is offered, for people. */
  static String offered() {
    return "%d versions with %,d suites each".formatted(VERSIONS.size(), SUITES.size());
  }

  /** Everything that the server accepts. */
  List<Accepted> run() {
    List<Accepted> all = new ArrayList<>();
    for (int version : VERSIONS) {
      List<Integer> left = new ArrayList<>(SUITES);
      Accepted picked = offer(version, left);
      while (picked != null) {
        all.add(picked);
        left.remove(Integer.valueOf(picked.suite()));
        picked = offer(version, left);
      }
    }
    return all;
  }

  /** What the server picks of an offer; null: nothing. */
  private @Nullable Accepted offer(int version, List<Integer> suites) {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      byte[] hello = hello(version, suites);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeByte(HANDSHAKE);
      out.writeShort(Math.min(version, 0x0301));
      out.writeShort(hello.length);
      out.write(hello);
      out.flush();
      return answer(new DataInputStream(socket.getInputStream()));
    } catch (EOFException | SocketException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a ServerHello (RFC 5246, section 7.4.1.3; RFC 8446, section 4.1.3). */
  private static @Nullable Accepted answer(DataInputStream in) throws IOException {
    int type = in.readUnsignedByte();
    in.skipNBytes(4);
    if (type != HANDSHAKE || in.readUnsignedByte() != SERVER_HELLO) {
      return null;
    }
    in.skipNBytes(3);
    int version = in.readUnsignedShort();
    in.skipNBytes(32);
    in.skipNBytes(in.readUnsignedByte());
    int suite = in.readUnsignedShort();
    // TLS 1.3 says 1.2 here and itself in an extension; its suites are its own.
    return new Accepted(suite >> 8 == 0x13 ? TLS_1_3 : version, suite);
  }

  private static byte[] hello(int version, List<Integer> suites) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream body = new DataOutputStream(bytes);
    body.writeShort(Math.min(version, TLS_1_2));
    body.write(new byte[32]);
    body.writeByte(0);
    body.writeShort(2 * suites.size());
    for (int suite : suites) {
      body.writeShort(suite);
    }
    body.writeByte(1);
    body.writeByte(0);
    byte[] extensions = extensions(version);
    body.writeShort(extensions.length);
    body.write(extensions);
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(message);
    out.writeByte(1);
    out.writeByte(bytes.size() >> 16);
    out.writeShort(bytes.size());
    bytes.writeTo(out);
    return message.toByteArray();
  }

  private static byte[] extensions(int version) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    // Groups: x25519, secp256r1, secp384r1, secp521r1; points: uncompressed.
    extension(out, 10, 0, 8, 0, 29, 0, 23, 0, 24, 0, 25);
    extension(out, 11, 1, 0);
    // Signatures: ECDSA with SHA-256, -384, -1; RSA-PSS with SHA-256; RSA with SHA-256, -1.
    extension(out, 13, 0, 12, 4, 3, 5, 3, 2, 3, 8, 4, 4, 1, 2, 1);
    // The protocol above it: h2.
    extension(out, 16, 0, 3, 2, 'h', '2');
    if (version == TLS_1_3) {
      extension(out, 43, 2, 3, 4);
      // A key of x25519; any 32 bytes are one.
      int[] key = new int[38];
      key[1] = 36;
      key[3] = 29;
      key[5] = 32;
      key[6] = 9;
      extension(out, 51, key);
    }
    return bytes.toByteArray();
  }

  private static void extension(DataOutputStream out, int type, int... bytes) throws IOException {
    out.writeShort(type);
    out.writeShort(bytes.length);
    for (int each : bytes) {
      out.writeByte(each);
    }
  }
}
