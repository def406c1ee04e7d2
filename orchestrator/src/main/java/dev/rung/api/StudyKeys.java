package dev.rung.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What follows from the key of a create request. A repeated key gives the same study and the same
 * seed; without the server's secret nobody can tell a study's id from its key.
 */
final class StudyKeys {
  private static final char[] BASE32 = "abcdefghijklmnopqrstuvwxyz234567".toCharArray();
  private static final int ID_BYTES = 16;

  /** A study's id, 26 characters for 128 bits, and the seed for a file that gives none. */
  record Identity(String id, long seed) {}

  private final SecretKeySpec secret;

  /**
   * Keys of one server.
   *
   * @param secret at least 16 bytes, the same for the life of the server's data
   */
  StudyKeys(byte[] secret) {
    if (secret.length < ID_BYTES) {
      throw new IllegalArgumentException(
          "expected a secret of at least 16 bytes, but came " + secret.length);
    }
    this.secret = new SecretKeySpec(secret, "HmacSHA256");
  }

  Identity of(String key) {
    byte[] hash = hash(key);
    // The seed of a study is public and uses other bytes than its id.
    long seed = ByteBuffer.wrap(hash).getLong(ID_BYTES);
    return new Identity(base32(Arrays.copyOf(hash, ID_BYTES)), seed);
  }

  private byte[] hash(String key) {
    try {
      Mac mac = Mac.getInstance(secret.getAlgorithm());
      mac.init(secret);
      return mac.doFinal(key.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("expected a JDK with HmacSHA256", e);
    }
  }

  /** RFC 4648, section 6, in lower case and without padding. */
  static String base32(byte[] bytes) {
    StringBuilder text = new StringBuilder((bytes.length * 8 + 4) / 5);
    int buffer = 0;
    int bits = 0;
    for (byte b : bytes) {
      buffer = (buffer << 8) | (b & 0xff);
      bits += 8;
      while (bits >= 5) {
        bits -= 5;
        text.append(BASE32[(buffer >> bits) & 31]);
      }
    }
    if (bits > 0) {
      text.append(BASE32[(buffer << (5 - bits)) & 31]);
    }
    return text.toString();
  }
}
