package dev.rung.access;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A token as it is kept.
 *
 * @param hash SHA-256 of its text, in hexadecimal digits; the text is kept nowhere
 * @param role what its holder may do
 * @param name for people; may be empty
 * @param pool of a trainer's token: the only pool whose nodes may use it; empty: any
 * @param validFrom before then it is worth nothing
 * @param expires from then on it is worth nothing
 * @param revoked when it was made worthless; empty: it was not
 */
public record Token(
    String hash,
    Role role,
    String name,
    String pool,
    Instant validFrom,
    Instant expires,
    Optional<Instant> revoked) {
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
  private static final int ID_DIGITS = 12;

  /** A token whose hash is one. */
  public Token {
    if (!HASH.matcher(hash).matches()) {
      throw new IllegalArgumentException("expected a SHA-256 in 64 hexadecimal digits");
    }
  }

  /** By which people and logs name it: the begin of its hash. */
  public String id() {
    return hash.substring(0, ID_DIGITS);
  }

  /** What it is worth at a time. */
  public State at(Instant now) {
    if (revoked.isPresent()) {
      return State.REVOKED;
    }
    if (now.isBefore(validFrom)) {
      return State.EARLY;
    }
    return now.isBefore(expires) ? State.VALID : State.EXPIRED;
  }

  Token revokedAt(Instant time) {
    return new Token(hash, role, name, pool, validFrom, expires, Optional.of(time));
  }

  /** What a token is worth. */
  public enum State {
    /** It may be used. */
    VALID("is valid"),
    /** Its time has not come. */
    EARLY("is not valid yet"),
    /** Its time is over. */
    EXPIRED("has expired"),
    /** Somebody made it worthless. */
    REVOKED("was revoked");

    private final String text;

    State(String text) {
      this.text = text;
    }

    /** For people, after the token's id. */
    public String text() {
      return text;
    }
  }
}
