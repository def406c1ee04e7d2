package dev.rung.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** The text of a token. It is shown only where somebody asks for it by {@link #text}. */
public final class Secret {
  /** By which a token is known for one wherever it turns up. */
  private static final String PREFIX = "rung_";

  private static final int BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String text;

  private Secret(String text) {
    this.text = text;
  }

  /** A new one of 256 random bits. */
  public static Secret random() {
    byte[] bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return new Secret(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** One that somebody shows. */
  public static Secret of(String text) {
    return new Secret(text);
  }

  /** The text itself. */
  public String text() {
    return text;
  }

  /** SHA-256 in hexadecimal digits. A slow hash would protect no more: nobody guesses 256 bits. */
  public String hash() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "Secret";
  }
}
