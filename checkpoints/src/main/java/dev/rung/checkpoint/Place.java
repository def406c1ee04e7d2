package dev.rung.checkpoint;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a checkpoint: a base, which an operator chose, {@code STUDY/TRIAL/ATTEMPT/}, which
 * a server made of numbers and its own ids, and a file's name, mostly {@code STEP.ckpt}. Nothing
 * else is ever written, read or deleted, so no text of a user reaches a path or a key.
 *
 * @param base ends with a slash, for instance {@code s3://bucket/rung/}
 * @param key what is below it
 */
public record Place(String base, String key) {
  /** Without dots, so that none of its parts climbs; ids of studies have 26 characters. */
  private static final String ATTEMPT = "[A-Za-z0-9_-]{1,128}/[0-9]{1,10}/[0-9]{1,10}/";

  private static final Pattern PREFIX = Pattern.compile("(.{1,2048}/)(" + ATTEMPT + ")");
  private static final Pattern PLACE =
      Pattern.compile("(.{1,2048}/)(" + ATTEMPT + "[A-Za-z0-9_-][A-Za-z0-9._-]{0,127})");

  /**
   * The parts of an address.
   *
   * @throws IllegalArgumentException it is no checkpoint's
   */
  public static Place of(String text) {
    Matcher matcher = PLACE.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected a checkpoint at BASE/STUDY/TRIAL/ATTEMPT/STEP.ckpt, but got '" + text + "'");
    }
    return new Place(matcher.group(1), matcher.group(2));
  }

  /**
   * The base of what the addresses of an attempt's checkpoints begin with.
   *
   * @throws IllegalArgumentException it is no attempt's
   */
  public static String baseOf(String prefix) {
    Matcher matcher = PREFIX.matcher(prefix);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "expected a place for checkpoints as BASE/STUDY/TRIAL/ATTEMPT/, but got '"
              + prefix
              + "'");
    }
    return matcher.group(1);
  }

  /** The address of an attempt's checkpoint. */
  public static String at(String prefix, long step) {
    return prefix + step + ".ckpt";
  }
}
