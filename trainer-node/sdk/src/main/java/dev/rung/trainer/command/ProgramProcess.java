package dev.rung.trainer.command;

import dev.rung.trainer.ProcessTrainer;
import dev.rung.trainer.Trainer;
import dev.rung.trainer.TrialProcess;
import dev.rung.trainer.process.TrialJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The process of one trial of a program: it reads the program's command line anew. */
final class ProgramProcess {
  /** Of what its class is told: the socket, the program's class and the kind. */
  private static final int OWN_ARGUMENTS = 3;

  /** In place of the socket: prepares, and trains nothing. */
  private static final Path NO_SOCKET = Path.of("");

  private static final String GPUS = "--gpus";

  private ProgramProcess() {}

  /**
   * Trains one attempt.
   *
   * @param arguments the node's socket, the program's class, the kind and the program's arguments
   */
  public static void main(String[] arguments) throws Exception {
    Path socket = Path.of(arguments[0]);
    if (socket.equals(NO_SOCKET)) {
      Map<String, Trainer> unused = prepared(arguments);
      System.exit(0);
    }
    TrialProcess.run(
        socket, () -> Optional.ofNullable(prepared(arguments).get(arguments[2])).orElseThrow());
  }

  private static Map<String, Trainer> prepared(String[] arguments) throws Exception {
    NodeProgram program = TrialProcess.make(arguments[1], NodeProgram.class);
    List<String> rest = List.of(arguments).subList(OWN_ARGUMENTS, arguments.length);
    NodeOptions options = NodeOptions.parse(rest, System.getenv(), program);
    Map<String, Trainer> kinds = program.kinds(options);
    program.prepare();
    return kinds;
  }

  /**
   * The program's trainers, each in processes of their own.
   *
   * @param arguments the program's own
   * @throws IllegalArgumentException the program's class has no constructor without parameters
   */
  static Map<String, Trainer> apart(
      NodeProgram program, NodeOptions options, List<String> arguments) {
    Map<String, Trainer> apart = new HashMap<>(program.kinds(options));
    apart.replaceAll((kind, trainer) ->
        trainer.hasOwnProcess()
            ? trainer
            : new ProcessTrainer(
                jvm(program, options, kind, arguments),
                options.gpus(),
                Optional.of(options.data())));
    return apart;
  }

  /**
   * Sees whether a program can train here, in a process that ends again: this one would hold what
   * trials need.
   *
   * @throws IllegalStateException it cannot; the process has said why
   */
  static void prepare(NodeProgram program, NodeOptions options, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = jvm(program, options, "", arguments).command(NO_SOCKET);
    int code = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IllegalStateException(
          "expected a process that trials could train in, but it ended with exit code " + code);
    }
  }

  private static TrialJvm jvm(
      NodeProgram program, NodeOptions options, String kind, List<String> arguments) {
    Class<?> type = program.getClass();
    if (!TrialProcess.canMake(type)) {
      throw new IllegalArgumentException(
          "expected a program whose class has a constructor without parameters for --isolation"
              + " process, since each process makes one of its own, got "
              + type.getName());
    }
    List<String> all = new ArrayList<>(List.of(type.getName(), kind));
    all.addAll(withoutGpus(arguments));
    return new TrialJvm(options.jvmOptions(), ProgramProcess.class, all);
  }

  /** Which GPUs a trial has is the node's to say; its process need not ask the driver. */
  private static List<String> withoutGpus(List<String> arguments) {
    List<String> rest = new ArrayList<>();
    for (int i = 0; i < arguments.size(); i++) {
      if (arguments.get(i).equals(GPUS)) {
        // Its value is left out, too.
        i++;
      } else {
        rest.add(arguments.get(i));
      }
    }
    return rest;
  }
}
