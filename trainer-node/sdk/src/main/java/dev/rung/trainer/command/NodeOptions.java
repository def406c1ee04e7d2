package dev.rung.trainer.command;

import dev.rung.trainer.Isolation;
import dev.rung.trainer.process.GpuPool;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the command line of a trainer node says. */
public final class NodeOptions {
  /** The help's lines for these options. */
  static final String USAGE =
      """
        --server HOST:PORT  the server to dial (default 127.0.0.1:7350); it is dialled again for ever
        --ca FILE           certificates of who vouches for the server (default:
                            RUNG_CA); off loopback it is encrypted in any case
        --cert FILE         certificate of this node, for a server that asks for one
                            (default: RUNG_CERT)
        --cert-key FILE     its key in PKCS #8 (default: RUNG_CERT_KEY)
        --token-file FILE   file with the token to show (default: the token in
                            RUNG_TOKEN), read again at each dial
        --name NAME         name of this node (default: the host's name and 6 random digits, the same
                            at the next start where no other trainer has taken it)
        --pool NAME         the pool of nodes that are alike, which studies share by their weights
        --label NAME=VALUE  what distinguishes its slots, for instance gpu=a100 or memory_gb=40, which
                            may be given several times
        --slot-price N      money that a slot costs an hour, for budgets in money
        --slots N           trials trained at the same time (default 1)
        --isolation WAY     thread, or process: each trial in a JVM of its own, so that a crash or a
                            lack of memory ends only that one (default thread)
        --trial-jvm OPTION  of these JVMs, for instance -Xmx4g, after those of this one; may be given
                            several times
        --gpus auto|0,1,..  with processes: each trial sees GPUs of its own, one or as many as the
                            study's trainer.slots says, by CUDA_VISIBLE_DEVICES, as nvidia-smi counts
                            them. --slots is their number and the labels gpu and gpu_memory_gb say
                            what they are, unless given (default: trials see all)
        --data DIR          folder of what nodes keep, each below its name: the logs of attempts, until
                            the server has them (default: rung/trainers in $XDG_STATE_HOME, which by
                            default is ~/.local/state)
        --checkpoints URL   where this trainer keeps checkpoints: s3://BUCKET/PREFIX, or
                            a folder that other trainers reach by the same path; or
                            node:DIR, a folder of its own, which ties its trials to it
                            (default: where the server says)
        --drain-deadline S  seconds that trials have to their next checkpoint when this trainer is told
                            to end (default 20); those without one go on from their last
        --parent-pid PID    end when this process has ended
        --help              this text

      Exit codes: 0 ended as asked, 1 failed, 2 wrong usage, 5 a newer node of the same name took over,
      75 no contact with the server for longer than it lets nodes train on: start it again.
      """;

  /** The name of an option where the help begins to describe it. */
  private static final Pattern NAME = Pattern.compile("  --[a-z-]+");

  private static final int LONGEST_DRAIN_SECONDS = 24 * 60 * 60;

  private String server = "127.0.0.1:7350";
  private Optional<Path> authority;
  private Optional<Path> certificate;
  private Optional<Path> key;
  private Optional<Path> tokenFile = Optional.empty();
  private final Optional<String> token;
  private String name = "";
  private String pool = "";
  private final Map<String, String> labels = new LinkedHashMap<>();
  private double slotPrice;
  private OptionalInt slots = OptionalInt.empty();
  private Isolation isolation = Isolation.THREAD;
  private final List<String> jvmOptions = new ArrayList<>();
  private Optional<GpuPool> gpus = Optional.empty();
  private Path data;
  private String checkpoints = "";
  private Duration drainDeadline = Duration.ofSeconds(20);
  private long parent;
  private boolean help;

  private NodeOptions(Map<String, String> environment) {
    this.data = defaultData(environment);
    this.authority = Optional.ofNullable(environment.get("RUNG_CA")).map(Path::of);
    this.certificate = Optional.ofNullable(environment.get("RUNG_CERT")).map(Path::of);
    this.key = Optional.ofNullable(environment.get("RUNG_CERT_KEY")).map(Path::of);
    this.token = Optional.ofNullable(environment.get("RUNG_TOKEN"));
  }

  /**
   * Reads the arguments.
   *
   * @param environment variables of the process
   * @param program reads options of its own
   * @throws IllegalArgumentException they are not as the usage says
   */
  public static NodeOptions parse(
      List<String> arguments, Map<String, String> environment, NodeProgram program) {
    NodeOptions options = new NodeOptions(environment);
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      if (!program.read(option, rest)) {
        options.read(option, rest, program);
      }
    }
    if (options.certificate.isPresent() != options.key.isPresent()) {
      throw new IllegalArgumentException(
          "expected --cert or RUNG_CERT with --cert-key or RUNG_CERT_KEY, got one of them");
    }
    return options;
  }

  private void read(String option, Iterator<String> rest, NodeProgram program) {
    switch (option) {
      case "--server" -> server = value(option, rest);
      case "--ca" -> authority = Optional.of(path(option, value(option, rest)));
      case "--cert" -> certificate = Optional.of(path(option, value(option, rest)));
      case "--cert-key" -> key = Optional.of(path(option, value(option, rest)));
      case "--token-file" -> tokenFile = Optional.of(path(option, value(option, rest)));
      case "--name" -> name = value(option, rest);
      case "--pool" -> pool = value(option, rest);
      case "--label" -> readPair(option, value(option, rest), "VALUE", labels::put);
      case "--slot-price" -> slotPrice = price(option, value(option, rest));
      case "--slots" -> slots = OptionalInt.of(number(option, value(option, rest)));
      case "--isolation" -> isolation = isolation(option, value(option, rest));
      case "--trial-jvm" -> jvmOptions.add(value(option, rest));
      case "--gpus" -> gpus = Optional.of(GpuPool.find(value(option, rest)));
      case "--data" -> data = path(option, value(option, rest));
      case "--checkpoints" -> checkpoints = value(option, rest);
      case "--drain-deadline" -> drainDeadline = seconds(option, value(option, rest));
      case "--parent-pid" -> parent = number(option, value(option, rest));
      case "--help" -> help = true;
      default ->
          throw new IllegalArgumentException(
              "expected " + known(program) + ", got '" + option + "'");
    }
  }

  private static String known(NodeProgram program) {
    String options =
        (program.options() + USAGE)
            .lines()
            .map(NAME::matcher)
            .filter(Matcher::lookingAt)
            .map(Matcher::group)
            .map(String::strip)
            .collect(Collectors.joining(", "));
    int last = options.lastIndexOf(", ");
    return options.substring(0, last) + " or " + options.substring(last + 2);
  }

  /** HOST:PORT. */
  public String server() {
    return server;
  }

  /** Certificates of who vouches for the server; empty: whom the JVM trusts. */
  public Optional<Path> authority() {
    return authority;
  }

  /** Certificate of the node, with its key; empty: it shows none. */
  public Optional<Path> certificate() {
    return certificate;
  }

  /** Key of the certificate. */
  public Optional<Path> key() {
    return key;
  }

  /** File of the token to show. */
  public Optional<Path> tokenFile() {
    return tokenFile;
  }

  /** The token to show where there is no file of it. */
  public Optional<String> token() {
    return token;
  }

  /** Of the node, the same at each start; empty: one that is free. */
  public String name() {
    return name;
  }

  /** Of nodes that are alike; may be empty. */
  public String pool() {
    return pool;
  }

  /** What distinguishes its slots. */
  public Map<String, String> labels() {
    return labels;
  }

  /** Money that a slot costs an hour; 0: unknown. */
  public double slotPrice() {
    return slotPrice;
  }

  /** Trials trained at the same time; empty: as many as it has GPUs, or one. */
  public OptionalInt slots() {
    return slots;
  }

  /** What keeps trials apart. */
  public Isolation isolation() {
    return isolation;
  }

  /** More options of the JVMs that trials have for themselves. */
  public List<String> jvmOptions() {
    return jvmOptions;
  }

  /** GPUs that trials are pinned to; empty: they see what the node sees. */
  public Optional<GpuPool> gpus() {
    return gpus;
  }

  /** Folder of what nodes keep. */
  public Path data() {
    return data;
  }

  /** Where this node keeps checkpoints; empty: where the server says. */
  public String checkpoints() {
    return checkpoints;
  }

  /**
   * The value after an option that is a pair.
   *
   * @param what stands for the value in errors
   */
  public static void readPair(
      String option, String value, String what, BiConsumer<String, String> pair) {
    int equals = value.indexOf('=');
    if (equals < 1 || equals == value.length() - 1) {
      throw new IllegalArgumentException(
          "expected NAME=" + what + " after " + option + ", got '" + value + "'");
    }
    pair.accept(value.substring(0, equals), value.substring(equals + 1));
  }

  private static Isolation isolation(String option, String value) {
    return switch (value) {
      case "thread" -> Isolation.THREAD;
      case "process" -> Isolation.PROCESS;
      default ->
          throw new IllegalArgumentException(
              "expected thread or process after " + option + ", got '" + value + "'");
    };
  }

  private static double price(String option, String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "expected a number after " + option + ", got '" + value + "'", e);
    }
  }

  /** How long trials have to their next checkpoint when the node ends. */
  public Duration drainDeadline() {
    return drainDeadline;
  }

  /** Process with which this one ends; 0: none. */
  public long parent() {
    return parent;
  }

  /** Whether only the usage is asked for. */
  public boolean help() {
    return help;
  }

  /** By the XDG Base Directory Specification 0.8: an unset, empty or relative one is ignored. */
  private static Path defaultData(Map<String, String> environment) {
    Path state = Path.of(environment.getOrDefault("XDG_STATE_HOME", ""));
    if (!state.isAbsolute()) {
      state = Path.of(System.getProperty("user.home", "."), ".local", "state");
    }
    return state.resolve("rung").resolve("trainers");
  }

  /** The value after an option. */
  public static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException("expected a value after " + option + ", got nothing");
    }
    return rest.next();
  }

  /** A path after an option. */
  public static Path path(String option, String value) {
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "expected a path after " + option + ", got '" + value + "'", e);
    }
  }

  /** Seconds after an option, a day at most. */
  public static Duration seconds(String option, String value) {
    int seconds = number(option, value);
    if (seconds < 0 || seconds > LONGEST_DRAIN_SECONDS) {
      throw new IllegalArgumentException(
          "expected 0 to " + LONGEST_DRAIN_SECONDS + " seconds after " + option + ", got " + value);
    }
    return Duration.ofSeconds(seconds);
  }

  /** A whole number after an option. */
  public static int number(String option, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "expected a whole number after " + option + ", got '" + value + "'", e);
    }
  }
}
