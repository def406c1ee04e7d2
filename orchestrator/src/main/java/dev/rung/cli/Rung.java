package dev.rung.cli;

import dev.rung.cli.Command.Noun;
import dev.rung.cli.Command.Verb;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line. Options are read by reflection, which is slow, so only the command that was
 * typed gets any; the others are names for the help.
 */
public final class Rung {
  /** System property of a run that only shows the JVM which classes the command line needs. */
  private static final String WARM_UP = "rung.warm-up";

  private final Console console;
  private final List<Command> commands;

  Rung(Console console, List<Command> commands) {
    this.console = console;
    this.commands = commands;
  }

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    Rung rung = new Rung(Console.system(), Commands.all());
    if (Boolean.getBoolean(WARM_UP) && List.of(args).contains("--help")) {
      // Nobody listens there: this is for the classes that a call needs.
      rung.run("study", "list", "--server", "127.0.0.1:1");
    }
    System.exit(rung.run(args));
  }

  /**
   * Runs one command.
   *
   * @return 0 ok, 1 failed or timed out, 2 usage or bad file, 3 not found, 4 not allowed, 5
   *     conflict, 7 no server
   */
  int run(String... args) {
    List<String> typed = withVerb(List.of(args));
    return line(typed).execute(typed.toArray(String[]::new));
  }

  /** Puts the first verb of a noun where none is typed. */
  private List<String> withVerb(List<String> args) {
    Optional<Noun> noun =
        args.isEmpty()
            ? Optional.empty()
            : commands.stream()
                .filter(command -> command.name().equals(args.get(0)))
                .filter(Noun.class::isInstance)
                .map(Noun.class::cast)
                .findFirst();
    boolean hasVerb = args.size() > 1 && (!args.get(1).startsWith("-") || isHelp(args.get(1)));
    if (noun.isEmpty() || hasVerb) {
      return args;
    }
    List<String> all = new ArrayList<>(args);
    all.add(1, noun.get().verbs().get(0).name());
    return all;
  }

  private static boolean isHelp(String arg) {
    return arg.equals("-h") || arg.equals("--help");
  }

  private CommandLine line(List<String> typed) {
    CommandSpec root = spec("rung", "Searches hyper-parameters on a fleet of trainers.");
    root.version("rung " + version());
    String first = typed.isEmpty() ? "" : typed.get(0);
    String second = typed.size() < 2 ? "" : typed.get(1);
    for (Command command : commands) {
      boolean isTyped = command.name().equals(first);
      CommandSpec spec =
          switch (command) {
            case Verb verb -> spec(verb, isTyped);
            case Noun noun -> spec(noun, isTyped, second);
          };
      root.addSubcommand(command.name(), new CommandLine(spec));
    }
    CommandLine line = new CommandLine(root);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setColorScheme(new ColorScheme.Builder(Ansi.OFF).build());
    line.setOut(writer(console.out()));
    line.setErr(writer(console.err()));
    line.setUsageHelpAutoWidth(false);
    line.setExecutionExceptionHandler((failure, command, result) -> failed(failure));
    line.setParameterExceptionHandler((failure, args) -> misused(failure));
    return line;
  }

  private CommandSpec spec(Noun noun, boolean isTyped, String second) {
    CommandSpec spec = spec(noun.name(), noun.summary());
    if (isTyped) {
      for (Verb verb : noun.verbs()) {
        spec.addSubcommand(verb.name(), new CommandLine(spec(verb, verb.name().equals(second))));
      }
    }
    return spec;
  }

  private CommandSpec spec(Verb verb, boolean isTyped) {
    if (!isTyped) {
      return spec(verb.name(), verb.summary());
    }
    CommandSpec spec = CommandSpec.forAnnotatedObject(verb.make().apply(console));
    describe(spec, verb.name(), verb.summary());
    spec.usageMessage().footer("", "Example:", "  " + verb.example());
    return spec;
  }

  private static CommandSpec spec(String name, String summary) {
    CommandSpec spec = CommandSpec.create();
    describe(spec, name, summary);
    return spec;
  }

  private static void describe(CommandSpec spec, String name, String summary) {
    spec.name(name).mixinStandardHelpOptions(true);
    spec.usageMessage().description(summary);
  }

  private int misused(ParameterException failure) {
    CommandLine command = failure.getCommandLine();
    boolean isMissing =
        String.valueOf(failure.getMessage()).startsWith("Missing required subcommand");
    if (isMissing) {
      command.usage(command.getErr());
      return Failure.USAGE;
    }
    console.error("rung: " + failure.getMessage());
    if (failure instanceof UnmatchedArgumentException unmatched) {
      unmatched.getSuggestions().stream()
          .findFirst()
          .ifPresent(nearest -> console.error("Did you mean " + nearest + "?"));
    }
    console.error("See " + command.getCommandSpec().qualifiedName() + " --help");
    return Failure.USAGE;
  }

  private int failed(Exception failure) {
    if (failure instanceof Failure expected) {
      console.error((isOfFile(expected) ? "" : "rung: ") + expected.text());
      return expected.exit();
    }
    console.err().println("rung: a fault of the command line itself:");
    failure.printStackTrace(console.err());
    return Failure.FAILED;
  }

  /** Errors of a file begin with their place, so that editors find it. */
  private static boolean isOfFile(Failure failure) {
    return failure.text().matches("(?s)[^\\n]+:\\d+:\\d+: .*");
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(stream, true, stream.charset());
  }

  private static String version() {
    String version = Rung.class.getPackage().getImplementationVersion();
    return version == null ? "from classes" : version;
  }
}
