package dev.rung.trainer;

import dev.rung.trainer.process.GpuPool;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
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

  /** Trials that it trains at the same time. */
  public int slots() {
    return settings.slots();
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
    private final Map<String, Trainer> kinds = new LinkedHashMap<>();
    private String name = "";
    private String server = "";
    private String pool = "";
    private final Map<String, String> labels = new TreeMap<>();
    private double slotHourPrice;
    private @Nullable Integer slots;
    private Isolation isolation = Isolation.THREAD;
    private List<String> jvmOptions = List.of();
    private @Nullable GpuPool gpus;
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

    /** Trials trained at the same time, 1 to 4,096; by default as many as it has GPUs, or 1. */
    public Builder slots(int count) {
      slots = count;
      return this;
    }

    /**
     * What keeps trials apart, by default {@link Isolation#THREAD}. With {@link Isolation#PROCESS}
     * each trains in a JVM of its own, by an object that it makes of the trainer's class, which
     * needs a constructor without parameters. Starting one takes a part of a second.
     */
    public Builder isolation(Isolation way) {
      isolation = way;
      return this;
    }

    /** Options of the JVMs that trials train in, after those of this one: {@code -Xmx4g}. */
    public Builder jvmOptions(String... options) {
      jvmOptions = List.of(options);
      return this;
    }

    /**
     * Gives each trial GPUs of its own, one or as many as it has slots, by {@code
     * CUDA_VISIBLE_DEVICES}. What they are becomes labels, unless given. Trainers must have
     * processes of their own.
     */
    public Builder gpus(GpuPool pool) {
      gpus = pool;
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
      int gpuCount = gpus == null ? 1 : gpus.size();
      Map<String, String> allLabels = new TreeMap<>(gpus == null ? Map.of() : gpus.labels());
      allLabels.putAll(labels);
      boolean plain = authority == null && certificate == null && NodeChecks.isLoopback(server);
      Map<String, Trainer> trainers =
          isolation == Isolation.PROCESS
              ? ProcessTrainer.apart(
                  kinds, jvmOptions, Optional.ofNullable(gpus), Optional.ofNullable(dataFolder))
              : Map.copyOf(kinds);
      NodeSettings settings =
          new NodeSettings(
              name,
              server,
              pool,
              Map.copyOf(allLabels),
              slotHourPrice,
              slots == null ? gpuCount : slots,
              gpus,
              trainers,
              seed == null ? name.hashCode() : seed,
              channels == null
                  ? new ServerLink(server, !plain, authority, certificate, key, tokens)
                  : channels,
              dataFolder == null ? null : dataFolder.resolve(name),
              NodeChecks.checkpointBase(name, checkpoints),
              maxCheckpointBytes,
              drainDeadline,
              timing);
      NodeChecks.check(settings);
      return new TrainerNode(settings);
    }
  }
}
