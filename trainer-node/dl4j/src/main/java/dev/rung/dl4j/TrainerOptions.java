package dev.rung.dl4j;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;

/**
 * What the command line says.
 *
 * @param server HOST:PORT
 * @param name of the node, the same at each start where results are to be told apart by node
 * @param slots trials trained at the same time
 * @param parent process with which this one ends; 0: none
 * @param help whether only the usage is asked for
 */
record TrainerOptions(String server, String name, int slots, long parent, boolean help) {

  static final String USAGE =
      """
      Usage: rung trainer [--server HOST:PORT] [--name NAME] [--slots N]

      Trains trials of the kinds dl4j-image, dl4j-tabular and scripted for a Rung server.

        --server HOST:PORT  the server to dial (default 127.0.0.1:7350); it is dialled again for ever
        --name NAME         name of this node (default: the host's name and 6 random digits)
        --slots N           trials trained at the same time (default 1)
        --parent-pid PID    end when this process has ended
        --help              this text

      The variables OMP_NUM_THREADS (threads of a slot) and OMP_WAIT_POLICY=passive must be set before
      it starts; rung trainer sets them to 1 and passive where they are not. The same number of threads
      repeats results bit for bit, with any number of slots.

      Exit codes: 0 ended as asked, 1 failed, 2 wrong usage, 5 a newer node of the same name took over.
      """;

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException they are not as the usage says
   */
  static TrainerOptions parse(List<String> arguments) {
    String server = "127.0.0.1:7350";
    String name = defaultName();
    int slots = 1;
    long parent = 0;
    boolean help = false;
    Iterator<String> rest = arguments.iterator();
    while (rest.hasNext()) {
      String option = rest.next();
      switch (option) {
        case "--server" -> server = value(option, rest);
        case "--name" -> name = value(option, rest);
        case "--slots" -> slots = number(option, value(option, rest));
        case "--parent-pid" -> parent = number(option, value(option, rest));
        case "--help" -> help = true;
        default ->
            throw new IllegalArgumentException(
                "expected --server, --name, --slots, --parent-pid or --help, got '" + option + "'");
      }
    }
    return new TrainerOptions(server, name, slots, parent, help);
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException("expected a value after " + option + ", got nothing");
    }
    return rest.next();
  }

  private static int number(String option, String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "expected a whole number after " + option + ", got '" + value + "'", e);
    }
  }

  private static String defaultName() {
    return hostName() + "-" + UUID.randomUUID().toString().substring(0, 6);
  }

  private static String hostName() {
    try {
      return InetAddress.getLocalHost().getHostName().replaceAll("[^A-Za-z0-9._-]", "-");
    } catch (UnknownHostException e) {
      return "trainer";
    }
  }
}
