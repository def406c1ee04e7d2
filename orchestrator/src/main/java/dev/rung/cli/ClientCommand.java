package dev.rung.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that talks to a server. */
abstract class ClientCommand implements Callable<Integer> {
  final Console console;

  @Mixin final ServerOption server = new ServerOption();
  @Mixin final OutputOption output = new OutputOption();

  ClientCommand(Console console) {
    this.console = console;
  }

  /**
   * Does it.
   *
   * @return the exit code
   */
  abstract int run(Client client);

  @Override
  public final Integer call() {
    try (Client client = Client.connect(server.access(console))) {
      return run(client);
    }
  }
}
