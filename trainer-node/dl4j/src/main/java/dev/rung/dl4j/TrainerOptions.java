package dev.rung.dl4j;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What the command line says. */
final class TrainerOptions {
  static final String USAGE =
      """
      Usage: rung trainer [--server HOST:PORT] [--name NAME] [--slots N] [--data DIR]

      Trains trials of the kinds dl4j-image, dl4j-tabular and scripted for a Rung server.

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
        --data DIR          folder of what nodes keep, each below its name: the logs of attempts, until
                            the server has them (default: rung/trainers in $XDG_STATE_HOME, which by
                            default is ~/.local/state)
        --checkpoints URL   where this trainer keeps checkpoints: s3://BUCKET/PREFIX, or
                            a folder that other trainers reach by the same path; or
                            node:DIR, a folder of its own, which ties its trials to it
                            (default: where the server says)
        --data-set NAME=DIR the folder of a data set, which may be given several times: fashion-mnist
                            (default /usr/share/datasets/fashion-mnist, as Debian's package
                            dataset-fashion-mnist installs it)
        --drain-deadline S  seconds that trials have to their next checkpoint when this trainer is told
                            to end (default 20); those without one go on from their last
        --parent-pid PID    end when this process has ended
        --help              this text

      The variables OMP_NUM_THREADS (threads of a slot) and OMP_WAIT_POLICY=passive must be set before
      it starts; rung trainer sets them to 1 and passive where they are not. The same number of threads
      repeats results bit for bit, with any number of slots.

      Exit codes: 0 ended as asked, 1 failed, 2 wrong usage, 5 a newer node of the same name took over,
      75 no contact with the server for longer than it lets nodes train on: start it again.
      """;

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
  private int slots = 1;
  private Path data;
  private String checkpoints = "";
  private final Map<String, Path> dataSets = new LinkedHashMap<>();
  private Duration drainDeadline = Duration.ofSeconds(20);
  private long parent;
  private boolean help;

  private TrainerOptions(Map<String, String> environment) {
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
   * @throws IllegalArgumentException they are not as the usage says
   */
  static TrainerOptions parse(List<String> arguments, Map<String, String> environment) {
    TrainerOptions options = new TrainerOptions(environment);
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      options.read(rest.next(), rest);
    }
    if (options.certificate.isPresent() != options.key.isPresent()) {
      throw new IllegalArgumentException(
          "expected --cert or RUNG_CERT with --cert-key or RUNG_CERT_KEY, got one of them");
    }
    return options;
  }

  private void read(String option, Iterator<String> rest) {
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
      case "--slots" -> slots = number(option, value(option, rest));
      case "--data" -> data = path(option, value(option, rest));
      case "--checkpoints" -> checkpoints = value(option, rest);
      case "--data-set" ->
          readPair(
              option,
              value(option, rest),
              "DIR",
              (set, folder) -> dataSets.put(set, path(option, folder)));
      case "--drain-deadline" -> drainDeadline = seconds(option, value(option, rest));
      case "--parent-pid" -> parent = number(option, value(option, rest));
      case "--help" -> help = true;
      default ->
          throw new IllegalArgumentException(
              "expected --server, --ca, --cert, --cert-key, --token-file, --name, --pool, --label,"
                  + " --slot-price, --slots, --data, --checkpoints, --data-set, --drain-deadline,"
                  + " --parent-pid or --help, got '"
                  + option
                  + "'");
    }
  }

  /** HOST:PORT. */
  String server() {
    return server;
  }

  /** Certificates of who vouches for the server; empty: whom the JVM trusts. */
  Optional<Path> authority() {
    return authority;
  }

  /** Certificate of the node, with its key; empty: it shows none. */
  Optional<Path> certificate() {
    return certificate;
  }

  /** Key of the certificate. */
  Optional<Path> key() {
    return key;
  }

  /** File of the token to show. */
  Optional<Path> tokenFile() {
    return tokenFile;
  }

  /** The token to show where there is no file of it. */
  Optional<String> token() {
    return token;
  }

  /** Of the node, the same at each start; empty: one that is free. */
  String name() {
    return name;
  }

  /** Of nodes that are alike; may be empty. */
  String pool() {
    return pool;
  }

  /** What distinguishes its slots. */
  Map<String, String> labels() {
    return labels;
  }

  /** Money that a slot costs an hour; 0: unknown. */
  double slotPrice() {
    return slotPrice;
  }

  /** Trials trained at the same time. */
  int slots() {
    return slots;
  }

  /** Folder of what nodes keep. */
  Path data() {
    return data;
  }

  /** Where this node keeps checkpoints; empty: where the server says. */
  String checkpoints() {
    return checkpoints;
  }

  private static void readPair(
      String option, String value, String what, BiConsumer<String, String> pair) {
    int equals = value.indexOf('=');
    if (equals < 1 || equals == value.length() - 1) {
      throw new IllegalArgumentException(
          "expected NAME=" + what + " after " + option + ", got '" + value + "'");
    }
    pair.accept(value.substring(0, equals), value.substring(equals + 1));
  }

  private static double price(String option, String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "expected a number after " + option + ", got '" + value + "'", e);
    }
  }

  /** Folders of data sets by name. */
  Map<String, Path> dataSets() {
    return dataSets;
  }

  /** How long trials have to their next checkpoint when the node ends. */
  Duration drainDeadline() {
    return drainDeadline;
  }

  /** Process with which this one ends; 0: none. */
  long parent() {
    return parent;
  }

  /** Whether only the usage is asked for. */
  boolean help() {
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

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException("expected a value after " + option + ", got nothing");
    }
    return rest.next();
  }

  private static Path path(String option, String value) {
    try {
      return Path.of(value);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "expected a path after " + option + ", got '" + value + "'", e);
    }
  }

  private static Duration seconds(String option, String value) {
    int seconds = number(option, value);
    if (seconds < 0 || seconds > LONGEST_DRAIN_SECONDS) {
      throw new IllegalArgumentException(
          "expected 0 to " + LONGEST_DRAIN_SECONDS + " seconds after " + option + ", got " + value);
    }
    return Duration.ofSeconds(seconds);
  }

  private static int number(String option, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "expected a whole number after " + option + ", got '" + value + "'", e);
    }
  }
}
