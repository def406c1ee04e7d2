package dev.rung.trainer.command;

import dev.rung.trainer.FolderInUseException;
import dev.rung.trainer.Isolation;
import dev.rung.trainer.ProcessTrainer;
import dev.rung.trainer.Trainer;
import dev.rung.trainer.TrainerNode;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a trainer node as its command line says, until it is told to end. SIGTERM and SIGINT end it
 * in order: trials that run are saved, and go on elsewhere.
 */
public final class NodeCommand {
  private static final Logger log = LoggerFactory.getLogger(NodeCommand.class);

  /** System property: do once what a trainer does, then end. */
  private static final String WARM_UP = "rung.warm-up";

  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private final NodeProgram program;
  private final NodeOptions options;
  private final Map<String, Trainer> kinds;

  private NodeCommand(NodeProgram program, NodeOptions options, Map<String, Trainer> kinds) {
    this.program = program;
    this.options = options;
    this.kinds = kinds;
  }

  /**
   * Runs a node; see {@link NodeOptions#USAGE}.
   *
   * @param arguments of the command line
   * @return the exit code of the process
   * @throws InterruptedException the calling thread was interrupted
   */
  public static int run(List<String> arguments, NodeProgram program) throws InterruptedException {
    NodeCommand command;
    try {
      NodeOptions options = NodeOptions.parse(arguments, System.getenv(), program);
      if (options.help()) {
        System.out.print(help(program));
        return 0;
      }
      command = new NodeCommand(program, options, kinds(program, options, arguments));
      // Says what is wrong before anything is loaded.
      command.describe(options.name().isEmpty() ? "checked" : options.name()).build().close();
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(help(program));
      return USAGE;
    }
    try {
      if (command.options.isolation() == Isolation.THREAD) {
        program.prepare();
      } else if (command.kinds.values().stream().anyMatch(ProcessTrainer.class::isInstance)) {
        ProgramProcess.prepare(program, command.options, arguments);
      }
    } catch (Exception | LinkageError e) {
      log.error("nothing can be trained on this machine", e);
      return FAILED;
    }
    return Boolean.getBoolean(WARM_UP) ? command.warmUp() : command.serve();
  }

  private static Map<String, Trainer> kinds(
      NodeProgram program, NodeOptions options, List<String> arguments) {
    return options.isolation() == Isolation.PROCESS
        ? ProgramProcess.apart(program, options, arguments)
        : program.kinds(options);
  }

  private static String help(NodeProgram program) {
    return program.usage() + "\n" + program.options() + NodeOptions.USAGE;
  }

  private TrainerNode.Builder describe(String name) {
    TrainerNode.Builder node =
        TrainerNode.builder()
            .name(name)
            .server(options.server())
            .pool(options.pool())
            .slotHourPrice(options.slotPrice())
            .checkpoints(options.checkpoints())
            .kinds(kinds)
            .drainDeadline(options.drainDeadline());
    options.slots().ifPresent(node::slots);
    options.gpus().ifPresent(node::gpus);
    options.labels().forEach(node::label);
    options.authority().ifPresent(node::tls);
    options.certificate().ifPresent(file -> node.identity(file, options.key().orElseThrow()));
    options.token().ifPresent(node::token);
    options.tokenFile().ifPresent(node::tokenFile);
    return node;
  }

  /** Keeps nothing: what it does is thrown away. */
  private int warmUp() {
    TrainerNode node = describe("warm-up").build();
    node.start();
    try {
      program.warmUp();
      return 0;
    } catch (Exception e) {
      log.error("the warm-up failed", e);
      return FAILED;
    } finally {
      node.close();
    }
  }

  private int serve() throws InterruptedException {
    TrainerNode node;
    try {
      node = start();
    } catch (FolderInUseException | UncheckedIOException e) {
      log.error("{}; --data names another folder", e.getMessage());
      return FAILED;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(node), "shutdown"));
    endWith(options.parent());
    return node.awaitTermination().exitCode();
  }

  /** Starts the node by its name, or by the first one that no other trainer has taken. */
  private TrainerNode start() {
    List<String> names =
        options.name().isEmpty()
            ? NodeNames.candidates(options.data(), NodeNames.host())
            : List.of(options.name());
    for (String name : names) {
      TrainerNode node = describe(name).dataFolder(options.data()).build();
      try {
        node.start();
        log.info("node {} with {} slots dials {}", name, node.slots(), options.server());
        return node;
      } catch (FolderInUseException e) {
        if (name.equals(names.get(names.size() - 1))) {
          throw e;
        }
      }
    }
    throw new IllegalStateException("expected at least one name");
  }

  /** Ends this process once another has ended; 0: never. */
  private static void endWith(long parent) {
    if (parent == 0) {
      return;
    }
    CompletableFuture<?> end =
        ProcessHandle.of(parent)
            .<CompletableFuture<?>>map(ProcessHandle::onExit)
            .orElseGet(() -> CompletableFuture.completedFuture(null));
    var unused = end.thenRun(() -> System.exit(0));
  }

  /** Ends the node, and the process with the node's exit code in place of the signal's. */
  private static void end(TrainerNode node) {
    node.close();
    try {
      Runtime.getRuntime().halt(node.awaitTermination().exitCode());
    } catch (InterruptedException e) {
      Runtime.getRuntime().halt(FAILED);
    }
  }
}
