package dev.rung.trainer;

import dev.rung.checkpoint.Stores;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Holds what a node is told at its start to the protocol's limits. */
final class NodeChecks {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final Pattern POOL = Pattern.compile("[A-Za-z0-9._-]{0,64}");
  private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern ADDRESS =
      Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^:/\\[\\]\\s]+):([0-9]{1,5})");
  private static final Pattern LOOPBACK =
      Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");
  private static final String OWN_DISK = "node:";
  private static final int MOST_SLOTS = 4_096;
  private static final int MOST_KINDS = 64;
  private static final int MOST_LABELS = 32;

  private NodeChecks() {}

  /**
   * Checks all of it.
   *
   * @throws IllegalArgumentException something is missing or beyond its limits
   */
  static void check(NodeSettings node) {
    String name = node.name();
    require(NAME.matcher(name).matches(), "a node's name of 1 to 128 of A-Za-z0-9._-", name);
    require(!name.equals(".") && !name.equals(".."), "a node's name other than . and ..", name);
    Matcher address = ADDRESS.matcher(node.server());
    require(address.matches() && isPort(address.group(2)), "a server as HOST:PORT", node.server());
    require(
        POOL.matcher(node.pool()).matches(), "a pool of at most 64 of [A-Za-z0-9._-]", node.pool());
    int labels = node.labels().size();
    require(labels <= MOST_LABELS, "at most " + MOST_LABELS + " labels", labels);
    node.labels()
        .forEach((label, value) ->
            require(
                LABEL.matcher(label).matches() && LABEL.matcher(value).matches(),
                "a label's name and value of 1 to 64 of [A-Za-z0-9._-]",
                label + "=" + value));
    double price = node.slotHourPrice();
    require(price >= 0 && Double.isFinite(price), "a price from 0 for an hour of a slot", price);
    int slots = node.slots();
    require(slots >= 1 && slots <= MOST_SLOTS, "1 to " + MOST_SLOTS + " slots", slots);
    require(
        !node.kinds().isEmpty() && node.kinds().size() <= MOST_KINDS,
        "1 to " + MOST_KINDS + " kinds of trainers",
        node.kinds().keySet());
    require(
        node.gpus() == null || node.kinds().values().stream().allMatch(Trainer::hasOwnProcess),
        "isolation of process with GPUs, since a thread cannot have GPUs of its own",
        Isolation.THREAD);
    long bytes = node.maxCheckpointBytes();
    require(bytes > 0, "a positive size of checkpoints", bytes);
    require(!node.drainDeadline().isNegative(), "a drain deadline from 0", node.drainDeadline());
  }

  /** Whether an address is one of this machine's own. */
  static boolean isLoopback(String server) {
    Matcher address = ADDRESS.matcher(server);
    return address.matches() && LOOPBACK.matcher(address.group(1)).matches();
  }

  /**
   * What the places of a node's checkpoints begin with; empty: where the server says.
   *
   * @throws IllegalArgumentException the place is none where checkpoints can be kept
   */
  static String checkpointBase(String node, String place) {
    if (place.startsWith(OWN_DISK)) {
      Path folder = Path.of(place.substring(OWN_DISK.length()));
      require(folder.isAbsolute(), "an absolute path as node:/FOLDER", place);
      return Stores.baseOf(node, folder.normalize());
    }
    return place.isEmpty() ? "" : Stores.base(place);
  }

  private static boolean isPort(String digits) {
    int port = Integer.parseInt(digits);
    return port > 0 && port < 65_536;
  }

  /** Throws IllegalArgumentException where something does not hold. */
  static void require(boolean holds, String expected, Object got) {
    if (!holds) {
      throw new IllegalArgumentException("expected " + expected + ", got '" + got + "'");
    }
  }
}
