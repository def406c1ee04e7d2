package dev.rung.access;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tokens of a data folder. Threads may use it at the same time. */
public final class Tokens {
  /** The name of their file in a data folder. */
  public static final String FILE = "tokens.json";

  /** How long a token is valid where nobody says it. */
  public static final Duration USUAL_LIFETIME = Duration.ofDays(30);

  /** How long a token may be valid. */
  public static final Duration LONGEST_LIFETIME = Duration.ofDays(365);

  /** How many there may be. */
  public static final int MOST = 10_000;

  private static final Logger log = LoggerFactory.getLogger(Tokens.class);
  private static final Duration KEPT_AFTER_ITS_END = Duration.ofDays(30);
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._ -]{0,128}");
  private static final Pattern POOL = Pattern.compile("[A-Za-z0-9._-]{0,64}");

  /** A token that was made, with its text, which is told once. */
  public record Created(Token token, Secret secret) {}

  private final TokenFile file;
  private final InstantSource clock;
  private volatile Map<String, Token> byHash;

  /** What was read last. A change of our own is read again, since another may have followed it. */
  private Optional<TokenFile.Stamp> read;

  private boolean complained;

  private Tokens(
      TokenFile file,
      InstantSource clock,
      Optional<TokenFile.Stamp> read,
      Map<String, Token> byHash) {
    this.file = file;
    this.clock = clock;
    this.read = read;
    this.byHash = byHash;
  }

  /**
   * Reads the tokens of a data folder.
   *
   * @throws AccessException their file cannot be read
   */
  public static Tokens open(Path folder, InstantSource clock) {
    TokenFile file = new TokenFile(folder.resolve(FILE));
    try {
      return new Tokens(file, clock, file.stamp(), index(file.read()));
    } catch (IOException e) {
      throw unusable("read", folder, e);
    }
  }

  /** The token with this text; empty: there is none. */
  public Optional<Token> find(Secret secret) {
    return Optional.ofNullable(byHash.get(secret.hash()));
  }

  /** What a token that was found earlier is worth now. */
  public Token.State state(Token token) {
    Token now = byHash.get(token.hash());
    return now == null ? Token.State.REVOKED : now.at(clock.instant());
  }

  /** Whether anybody could be let in. */
  public boolean hasValid() {
    Instant now = clock.instant();
    return byHash.values().stream().anyMatch(token -> token.at(now) == Token.State.VALID);
  }

  /** All, newest first. */
  public List<Token> all() {
    return byHash.values().stream()
        .sorted(Comparator.comparing(Token::validFrom).reversed().thenComparing(Token::hash))
        .toList();
  }

  /**
   * Makes a token.
   *
   * @throws IllegalArgumentException something is beyond its limits
   * @throws IllegalStateException there are too many
   * @throws AccessException it cannot be stored
   */
  public Created create(Role role, String name, String pool, Duration lifetime) {
    require(NAME.matcher(name).matches(), "a name of at most 128 of [A-Za-z0-9._ -]");
    require(POOL.matcher(pool).matches(), "a pool of at most 64 of [A-Za-z0-9._-]");
    require(
        pool.isEmpty() || role == Role.TRAINER,
        "a pool for the role trainer only, but the role is " + role.text());
    require(
        lifetime.compareTo(Duration.ofSeconds(1)) >= 0 && lifetime.compareTo(LONGEST_LIFETIME) <= 0,
        "a lifetime of 1 second to 365 days");
    Secret secret = Secret.random();
    Instant now = clock.instant();
    Token token =
        new Token(secret.hash(), role, name, pool, now, now.plus(lifetime), Optional.empty());
    change(tokens -> {
      List<Token> kept =
          new ArrayList<>(tokens.stream().filter(old -> !isForgotten(old, now)).toList());
      if (kept.size() >= MOST) {
        throw new IllegalStateException("expected at most %,d tokens".formatted(MOST));
      }
      kept.add(token);
      return kept;
    });
    return new Created(token, secret);
  }

  /**
   * Makes a token worthless; one that is stays so.
   *
   * @return the token; empty: there is none with this id
   * @throws AccessException it cannot be stored
   */
  public Optional<Token> revoke(String id) {
    Instant now = clock.instant();
    change(tokens ->
        tokens.stream()
            .map(token ->
                token.id().equals(id) && token.revoked().isEmpty() ? token.revokedAt(now) : token)
            .toList());
    return byHash.values().stream().filter(token -> token.id().equals(id)).findFirst();
  }

  /**
   * Takes in what another process has changed. A file that cannot be read changes nothing: whoever
   * damages it must not throw out every trainer, and nobody can let himself in by it.
   */
  public synchronized void refresh() {
    try {
      Optional<TokenFile.Stamp> stamp = file.stamp();
      if (!stamp.equals(read)) {
        byHash = index(file.read());
        read = stamp;
        complained = false;
      }
    } catch (IOException | AccessException e) {
      if (!complained) {
        log.error("Expected to read the tokens anew, but: {}", e.toString());
        complained = true;
      }
    }
  }

  private synchronized void change(UnaryOperator<List<Token>> change) {
    try {
      byHash = index(file.change(change));
    } catch (IOException e) {
      throw new AccessException("expected to store tokens, but: " + e, e);
    }
  }

  private static boolean isForgotten(Token token, Instant now) {
    Instant end = token.revoked().filter(token.expires()::isAfter).orElse(token.expires());
    return end.plus(KEPT_AFTER_ITS_END).isBefore(now);
  }

  private static Map<String, Token> index(List<Token> tokens) {
    return tokens.stream()
        .collect(Collectors.toUnmodifiableMap(Token::hash, token -> token, (first, same) -> same));
  }

  private static AccessException unusable(String what, Path folder, IOException e) {
    return new AccessException(
        "expected to %s the tokens in %s, but: %s".formatted(what, folder, e), e);
  }

  private static void require(boolean holds, String expected) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + expected);
    }
  }

  /** Whether a folder has tokens that are valid now. */
  public static boolean anyValid(Path folder, InstantSource clock) {
    return Files.exists(folder.resolve(FILE)) && open(folder, clock).hasValid();
  }
}
