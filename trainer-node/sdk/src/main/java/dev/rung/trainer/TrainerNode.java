package dev.rung.trainer;

import dev.rung.checkpoint.Stores;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A trainer node: dials a Rung server, trains the trials that it is given in its slots, and
 * reports.
 *
 * <pre>{@code
 * TrainerNode node =
 *     TrainerNode.builder()
 *         .name("gpu-1")
 *         .server("localhost:7350")
 *         .slots(2)
 *         .kind("my-net", new MyTrainer())
 *         .build();
 * node.start();
 * Outcome outcome = node.awaitTermination();
 * }</pre>
 *
 * <p>It dials for as long as it lives: a server that is away is no error. It ends when it is
 * closed, when the server asks it to drain, when a newer node of the same name takes over, when the
 * server speaks another version of the protocol, or, with a data folder, when it had contact and
 * lost it for longer than the server lets nodes train on.
 */
public final class TrainerNode implements AutoCloseable {
  private final Monitor monitor = new Monitor();
  private final NodeSettings settings;
  private final Attempts attempts;
  private final Dropper dropper;
  private final NodeLoop loop;
  private final Thread thread;
  private boolean started;

  private TrainerNode(NodeSettings settings) {
    this.settings = settings;
    NodeCheckpoints store =
        new NodeCheckpoints(settings.name(), settings.checkpoints(), settings.maxCheckpointBytes());
    this.attempts = new Attempts(monitor, settings, store);
    this.dropper = new Dropper(store, settings.name(), settings.timing().drop());
    this.loop = new NodeLoop(monitor, settings, attempts, store, dropper);
    this.thread = new Thread(loop, settings.name() + "-node");
    thread.setDaemon(true);
  }

  /** A node to be described. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Takes the data folder and begins to dial; returns at once.
   *
   * @throws IllegalStateException it was started or closed before
   * @throws FolderInUseException another node uses the data folder
   * @throws UncheckedIOException the data folder cannot be used
   */
  public void start() {
    synchronized (monitor) {
      if (started) {
        throw new IllegalStateException("expected a node that was not started before");
      }
      loop.startedAs(takeFolder());
      started = true;
    }
    thread.start();
  }

  /** Returns the incarnation. */
  private long takeFolder() {
    long now = System.currentTimeMillis();
    Path path = settings.dataFolder();
    if (path == null) {
      return now;
    }
    try {
      NodeFolder folder = NodeFolder.open(path);
      try {
        long incarnation = folder.nextIncarnation(now);
        attempts.keepIn(folder);
        dropper.keepIn(folder.drops());
        return incarnation;
      } catch (IOException | RuntimeException e) {
        folder.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the data folder " + path + " cannot be used: " + e.getMessage(), e);
    }
  }

  /** Waits until the node has ended, and says how. */
  public Outcome awaitTermination() throws InterruptedException {
    thread.join();
    return ended();
  }

  /** Whether the server has welcomed this node and the stream holds. */
  public boolean isConnected() {
    return loop.isConnected();
  }

  /**
   * Ends the node in order: no new attempts; those that run end as PREEMPTED after their next
   * checkpoint, at the latest at the drain deadline; their logs are delivered if the server is
   * there. Returns when that is done. Closing again changes nothing.
   */
  @Override
  public void close() {
    synchronized (monitor) {
      if (!started) {
        started = true;
        return;
      }
    }
    loop.drain(new Outcome(Outcome.Kind.CLOSED, "it was closed"));
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private Outcome ended() {
    Outcome outcome = loop.outcome();
    return outcome == null ? new Outcome(Outcome.Kind.CLOSED, "it was never started") : outcome;
  }

  /** Describes a node. Name, server and at least one kind are needed. */
  public static final class Builder {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,128}");
    private static final Pattern POOL = Pattern.compile("[A-Za-z0-9._-]{0,64}");
    private static final Pattern ADDRESS =
        Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[^:/\\[\\]\\s]+):([0-9]{1,5})");
    private static final Pattern LOOPBACK =
        Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[::1]");
    private static final String OWN_DISK = "node:";
    private static final int MOST_SLOTS = 4_096;
    private static final int MOST_KINDS = 64;
    private static final int MOST_LABELS = 32;
    private static final Pattern LABEL = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    private final Map<String, Trainer> kinds = new LinkedHashMap<>();
    private String name = "";
    private String server = "";
    private String pool = "";
    private final Map<String, String> labels = new TreeMap<>();
    private double slotHourPrice;
    private int slots = 1;
    private @Nullable Long seed;
    private @Nullable Supplier<ManagedChannel> channels;
    private @Nullable Path authority;
    private @Nullable Path certificate;
    private @Nullable Path key;
    private ServerLink.@Nullable TokenSource tokens;
    private @Nullable Path dataFolder;
    private String checkpoints = "";
    private long maxCheckpointBytes = 64L << 30;
    private Duration drainDeadline = Duration.ofSeconds(20);
    private NodeSettings.Timing timing = NodeSettings.Timing.DEFAULT;

    private Builder() {}

    /**
     * Name of the node, stable over restarts: 1 to 128 of letters, digits, dot, dash, underscore.
     */
    public Builder name(String nodeName) {
      name = nodeName;
      return this;
    }

    /**
     * Address of the server, HOST:PORT. Off loopback the stream is encrypted, and the server has to
     * be known to whom the JVM trusts, unless {@link #tls(Path)} says by whom.
     */
    public Builder server(String address) {
      server = address;
      return this;
    }

    /**
     * The pool of nodes that are alike, which it belongs to; none by default. Studies share each
     * pool by their weights.
     *
     * @param text at most 64 of {@code [A-Za-z0-9._-]}
     */
    public Builder pool(String text) {
      pool = text;
      return this;
    }

    /**
     * Something that distinguishes its slots, for instance {@code gpu} and {@code a100}, or {@code
     * memory_gb} and {@code 40}; at most 32, of 1 to 64 of {@code [A-Za-z0-9._-]}.
     */
    public Builder label(String labelName, String value) {
      labels.put(labelName, value);
      return this;
    }

    /** Money that a slot costs an hour, in the currency of the studies' budgets; 0: unknown. */
    public Builder slotHourPrice(double price) {
      slotHourPrice = price;
      return this;
    }

    /** Trials trained at the same time, 1 (the default) to 4,096. */
    public Builder slots(int count) {
      slots = count;
      return this;
    }

    /** Adds a kind of trainer, as study files name it. */
    public Builder kind(String kind, Trainer trainer) {
      kinds.put(kind, trainer);
      return this;
    }

    /** Adds kinds of trainers. */
    public Builder kinds(Map<String, Trainer> trainers) {
      kinds.putAll(trainers);
      return this;
    }

    /** Seed of the jitter between tries to reach the server; by default from the name. */
    public Builder seed(long jitterSeed) {
      seed = jitterSeed;
      return this;
    }

    /**
     * Encrypts the stream, on loopback too.
     *
     * @param certificates file in PEM of who vouches for the server, read again at each dial
     */
    public Builder tls(Path certificates) {
      authority = certificates;
      return this;
    }

    /**
     * The same for a server that takes only nodes with a certificate.
     *
     * @param certificates file in PEM of who vouches for the server
     * @param nodeCertificate file in PEM of the node's own
     * @param nodeKey its key in PEM, PKCS #8 without a password
     */
    public Builder tls(Path certificates, Path nodeCertificate, Path nodeKey) {
      return tls(certificates).identity(nodeCertificate, nodeKey);
    }

    /**
     * Shows a certificate, to a server that takes only nodes with one and that the JVM trusts or
     * {@link #tls(Path)} vouches for. Encrypts the stream, on loopback too.
     *
     * @param nodeCertificate file in PEM, read again at each dial
     * @param nodeKey its key in PEM, PKCS #8 without a password
     */
    public Builder identity(Path nodeCertificate, Path nodeKey) {
      certificate = nodeCertificate;
      key = nodeKey;
      return this;
    }

    /** The token that the node shows, as {@code rung token create --role trainer} prints it. */
    public Builder token(String text) {
      String checked = ServerLink.check(text);
      tokens = () -> checked;
      return this;
    }

    /** A file with the token that the node shows, read again at each dial. */
    public Builder tokenFile(Path file) {
      tokens = ServerLink.in(file);
      return this;
    }

    /**
     * Makes the channel of each stream, in place of one to {@link #server}; neither TLS nor a token
     * is added to it.
     */
    public Builder channels(Supplier<ManagedChannel> supplier) {
      channels = supplier;
      return this;
    }

    /**
     * A folder for what nodes of this machine keep; each uses the folder of its name below it, one
     * process at a time. With it an attempt's log outlives the process: the next start of the node
     * delivers it. By default logs are kept in memory.
     */
    public Builder dataFolder(Path folder) {
      dataFolder = folder;
      return this;
    }

    /**
     * Where this node keeps checkpoints, by default where the server says: a bucket, {@code
     * s3://BUCKET/PREFIX}, or a folder that other nodes reach by the same path, {@code
     * file:///FOLDER}; or {@code node:/FOLDER} on a disk of its own, which ties its trials to it.
     */
    public Builder checkpoints(String place) {
      checkpoints = place;
      return this;
    }

    /** The largest checkpoint in bytes; by default 64 GiB. */
    public Builder maxCheckpointBytes(long bytes) {
      maxCheckpointBytes = bytes;
      return this;
    }

    /** How long attempts may take to their next checkpoint when the node drains; default 20 s. */
    public Builder drainDeadline(Duration deadline) {
      drainDeadline = deadline;
      return this;
    }

    Builder timing(NodeSettings.Timing times) {
      timing = times;
      return this;
    }

    /**
     * The node, not started.
     *
     * @throws IllegalArgumentException something is missing or beyond its limits
     */
    public TrainerNode build() {
      require(NAME.matcher(name).matches(), "a node's name of 1 to 128 of A-Za-z0-9._-", name);
      require(!name.equals(".") && !name.equals(".."), "a node's name other than . and ..", name);
      Matcher address = ADDRESS.matcher(server);
      require(address.matches() && isPort(address.group(2)), "a server as HOST:PORT", server);
      require(POOL.matcher(pool).matches(), "a pool of at most 64 of [A-Za-z0-9._-]", pool);
      require(labels.size() <= MOST_LABELS, "at most " + MOST_LABELS + " labels", labels.size());
      labels.forEach((labelName, value) ->
          require(
              LABEL.matcher(labelName).matches() && LABEL.matcher(value).matches(),
              "a label's name and value of 1 to 64 of [A-Za-z0-9._-]",
              labelName + "=" + value));
      require(
          slotHourPrice >= 0 && Double.isFinite(slotHourPrice),
          "a price from 0 for an hour of a slot",
          slotHourPrice);
      require(slots >= 1 && slots <= MOST_SLOTS, "1 to " + MOST_SLOTS + " slots", slots);
      require(
          !kinds.isEmpty() && kinds.size() <= MOST_KINDS,
          "1 to " + MOST_KINDS + " kinds of trainers",
          kinds.keySet());
      require(maxCheckpointBytes > 0, "a positive size of checkpoints", maxCheckpointBytes);
      require(!drainDeadline.isNegative(), "a drain deadline from 0", drainDeadline);
      boolean plain =
          authority == null && certificate == null && LOOPBACK.matcher(address.group(1)).matches();
      return new TrainerNode(
          new NodeSettings(
              name,
              server,
              pool,
              Map.copyOf(labels),
              slotHourPrice,
              slots,
              Map.copyOf(kinds),
              seed == null ? name.hashCode() : seed,
              channels == null
                  ? new ServerLink(server, !plain, authority, certificate, key, tokens)
                  : channels,
              dataFolder == null ? null : dataFolder.resolve(name),
              checkpointBase(),
              maxCheckpointBytes,
              drainDeadline,
              timing));
    }

    private String checkpointBase() {
      if (checkpoints.startsWith(OWN_DISK)) {
        Path folder = Path.of(checkpoints.substring(OWN_DISK.length()));
        require(folder.isAbsolute(), "an absolute path as node:/FOLDER", checkpoints);
        return Stores.baseOf(name, folder.normalize());
      }
      return checkpoints.isEmpty() ? "" : Stores.base(checkpoints);
    }

    private static boolean isPort(String digits) {
      int port = Integer.parseInt(digits);
      return port > 0 && port < 65_536;
    }

    private static void require(boolean holds, String expected, Object got) {
      if (!holds) {
        throw new IllegalArgumentException("expected " + expected + ", got '" + got + "'");
      }
    }
  }
}
