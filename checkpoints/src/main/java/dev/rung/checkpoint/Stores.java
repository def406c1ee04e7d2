package dev.rung.checkpoint;

import java.net.URI;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the store of a base: {@code file:/folder/}, which every node reaches that has it, {@code
 * file://NODE/folder/}, a folder of one node alone, and {@code s3://bucket/prefix/}.
 */
public final class Stores {
  private static final Pattern FILE =
      Pattern.compile("file:(?://([A-Za-z0-9._-]{0,128}))?(/(?:[^/?#]+/)*)");

  /** Buckets have names and not addresses (S3, rules for naming buckets). */
  private static final Pattern S3 =
      Pattern.compile(
          "s3://((?!\\d+\\.\\d+\\.\\d+\\.\\d+/)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])/((?:[A-Za-z0-9._=-]+/){0,32})");

  private Stores() {}

  /**
   * A base as an operator writes it: the slash at its end may be missing.
   *
   * @param text {@code s3://bucket/prefix}, {@code file:///shared/folder}, or the path of a folder
   * @throws IllegalArgumentException it names no store
   */
  public static String base(String text) {
    String base = text.startsWith("/") ? Path.of(text).toUri().toString() : text;
    return check(base.endsWith("/") ? base : base + "/");
  }

  /**
   * The base of a folder that only one node reaches.
   *
   * @param node its name, which becomes the host of the address
   */
  public static String baseOf(String node, Path folder) {
    return check("file://" + node + withSlash(folder.toAbsolutePath().toUri().getRawPath()));
  }

  /**
   * The node whose own disk an address is on; null: it is shared.
   *
   * @param address a base or a place
   */
  public static @Nullable String nodeOf(String address) {
    if (!address.startsWith("file://")) {
      return null;
    }
    int slash = address.indexOf('/', "file://".length());
    String host = slash < 0 ? "" : address.substring("file://".length(), slash);
    return host.isEmpty() ? null : host;
  }

  /**
   * Checks that a base names a store.
   *
   * @return the base
   * @throws IllegalArgumentException it names none
   */
  public static String check(String base) {
    boolean file = FILE.matcher(base).matches() && isPlain(base);
    boolean bucket = S3.matcher(base).matches() && isPlain(base);
    if (!file && !bucket) {
      throw new IllegalArgumentException(
          "expected a place for checkpoints as s3://BUCKET/PREFIX/, file:///SHARED/FOLDER/ or"
              + " file://NODE/FOLDER/, but got '"
              + base
              + "'");
    }
    return base;
  }

  private static boolean isPlain(String base) {
    try {
      URI uri = new URI(base);
      return uri.normalize().toString().equals(base) && !uri.getPath().contains("/../");
    } catch (java.net.URISyntaxException e) {
      return false;
    }
  }

  /**
   * The store of a base. One in a bucket takes its credentials, region and endpoint from the
   * environment when it is first used, never from what is said here.
   *
   * @param node the name of this node; folders of other nodes are out of its reach. Empty: none
   * @throws IllegalArgumentException there is no such store, or this process does not reach it
   */
  public static CheckpointStore open(String base, String node) {
    check(base);
    Matcher bucket = S3.matcher(base);
    if (bucket.matches()) {
      return S3Support.open(base, bucket.group(1), bucket.group(2));
    }
    String owner = nodeOf(base);
    if (owner != null && !owner.equals(node)) {
      throw new IllegalArgumentException(
          "expected a shared place for checkpoints, but " + base + " is on the disk of " + owner);
    }
    Matcher file = FILE.matcher(base);
    if (!file.matches()) {
      throw new IllegalStateException(base);
    }
    Path root = Path.of(URI.create("file://" + file.group(2)));
    return new FileStore(base, root, owner != null);
  }

  private static String withSlash(String path) {
    return path.endsWith("/") ? path : path + "/";
  }
}
