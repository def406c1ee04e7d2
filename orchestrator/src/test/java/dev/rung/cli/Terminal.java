package dev.rung.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs commands and keeps what they print. */
public final class Terminal {
  final ByteArrayOutputStream out = new ByteArrayOutputStream();
  final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /** Variables that commands see. */
  public final Map<String, String> environment = new HashMap<>();

  String home = "";
  boolean outIsTerminal;
  List<Command> commands = Commands.all();

  /** Runs one command and gives its exit code. */
  public int run(String... args) {
    out.reset();
    err.reset();
    return new Rung(console(), commands).run(args);
  }

  Console console() {
    return new Console(print(out), print(err), outIsTerminal, false, environment, home);
  }

  /** What it printed. */
  public String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  /** What it printed as errors and progress. */
  public String err() {
    return err.toString(StandardCharsets.UTF_8);
  }

  static PrintStream print(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }
}
