package dev.rung.checkpoint;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Digests of checkpoints and of the names of logs. */
public final class Digests {
  private Digests() {}

  /** A fresh SHA-256, which every Java platform has. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("expected a Java platform with SHA-256", e);
    }
  }
}
