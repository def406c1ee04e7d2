package dev.rung.trainer.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Names of nodes whose operator gave none: the host's name and six random digits. Those that were
 * made before come first, so that a trainer that is started again delivers what it left behind.
 */
final class NodeNames {
  private static final int RANDOM_DIGITS = 6;

  private NodeNames() {}

  /**
   * Names to try one after another; the last is a new one.
   *
   * @param data folder of what nodes keep, each below its name
   */
  static List<String> candidates(Path data, String host) {
    Pattern mine = Pattern.compile(Pattern.quote(host) + "-[0-9a-f]{%d}".formatted(RANDOM_DIGITS));
    List<String> names = new ArrayList<>();
    if (Files.isDirectory(data)) {
      try (Stream<Path> folders = Files.list(data)) {
        folders
            .map(folder -> folder.getFileName().toString())
            .filter(name -> mine.matcher(name).matches())
            .sorted()
            .forEach(names::add);
      } catch (IOException e) {
        throw new UncheckedIOException("the data folder " + data + " cannot be read", e);
      }
    }
    names.add(host + "-" + UUID.randomUUID().toString().substring(0, RANDOM_DIGITS));
    return names;
  }

  /** The host's name, of the characters that a node's name may have. */
  static String host() {
    try {
      String host = InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
      return host.substring(0, Math.min(host.length(), 100));
    } catch (UnknownHostException e) {
      return "trainer";
    }
  }
}
