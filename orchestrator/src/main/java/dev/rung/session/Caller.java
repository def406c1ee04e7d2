package dev.rung.session;

/**
 * Who opened a call, as far as sessions have to know: by what he showed, not by what he says.
 *
 * @param token that he showed, by its hash; empty: the server asks for none
 * @param pool the only one whose nodes he may run; empty: any
 */
public record Caller(String token, String pool) {
  /** Whoever calls a server that asks for no tokens. */
  public static final Caller ANYBODY = new Caller("", "");
}
