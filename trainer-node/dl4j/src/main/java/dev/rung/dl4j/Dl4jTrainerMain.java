package dev.rung.dl4j;

import dev.rung.trainer.FolderInUseException;
import dev.rung.trainer.ScriptedTrainer;
import dev.rung.trainer.Trainer;
import dev.rung.trainer.TrainerNode;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a trainer node with this module's trainers, until it is told to end. SIGTERM and SIGINT end
 * it in order: trials that run are saved, and go on elsewhere.
 */
public final class Dl4jTrainerMain {
  private static final Logger log = LoggerFactory.getLogger(Dl4jTrainerMain.class);

  /** System property: do once what a trainer does, then end. */
  private static final String WARM_UP = "rung.warm-up";

  private static final int FAILED = 1;
  private static final int USAGE = 2;

  private Dl4jTrainerMain() {}

  /**
   * The kinds of trainers that a node of this module offers.
   *
   * @param dataSets folders of data sets by name, where they are not where they are by default
   */
  static Map<String, Trainer> kinds(Map<String, Path> dataSets) {
    return Map.of(
        ImageTrainer.KIND,
        new ImageTrainer(new ImageSets(dataSets)),
        TabularTrainer.KIND,
        new TabularTrainer(),
        "scripted",
        new ScriptedTrainer());
  }

  /** Starts the node; see {@link TrainerOptions#USAGE}. Ends the process. */
  public static void main(String[] arguments) throws InterruptedException {
    System.exit(run(List.of(arguments)));
  }

  private static int run(List<String> arguments) throws InterruptedException {
    TrainerOptions options;
    try {
      options = TrainerOptions.parse(arguments, System.getenv());
      if (options.help()) {
        System.out.print(TrainerOptions.USAGE);
        return 0;
      }
      // Says what is wrong before anything is loaded.
      describe(options, options.name().isEmpty() ? "checked" : options.name()).build().close();
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.err.print(TrainerOptions.USAGE);
      return USAGE;
    }
    try {
      loadNativeCode();
    } catch (LinkageError | RuntimeException e) {
      log.error("ND4J's native code does not run on this machine", e);
      return FAILED;
    }
    return Boolean.getBoolean(WARM_UP) ? warmUp(options) : serve(options);
  }

  private static TrainerNode.Builder describe(TrainerOptions options, String name) {
    TrainerNode.Builder node =
        TrainerNode.builder()
            .name(name)
            .server(options.server())
            .pool(options.pool())
            .slotHourPrice(options.slotPrice())
            .checkpoints(options.checkpoints())
            .slots(options.slots())
            .kinds(kinds(options.dataSets()))
            .drainDeadline(options.drainDeadline());
    options.labels().forEach(node::label);
    options.authority().ifPresent(node::tls);
    options.certificate().ifPresent(file -> node.identity(file, options.key().orElseThrow()));
    options.token().ifPresent(node::token);
    options.tokenFile().ifPresent(node::tokenFile);
    return node;
  }

  /** Keeps nothing: what it does is thrown away. */
  private static int warmUp(TrainerOptions options) {
    TrainerNode node = describe(options, "warm-up").build();
    node.start();
    try {
      WarmUp.run(new ImageTrainer());
      return 0;
    } catch (Exception e) {
      log.error("the warm-up failed", e);
      return FAILED;
    } finally {
      node.close();
    }
  }

  private static int serve(TrainerOptions options) throws InterruptedException {
    TrainerNode node;
    try {
      node = start(options);
    } catch (FolderInUseException | UncheckedIOException e) {
      log.error("{}; --data names another folder", e.getMessage());
      return FAILED;
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(node), "shutdown"));
    endWith(options.parent());
    return node.awaitTermination().exitCode();
  }

  /** Starts the node by its name, or by the first one that no other trainer has taken. */
  private static TrainerNode start(TrainerOptions options) {
    List<String> names =
        options.name().isEmpty()
            ? NodeNames.candidates(options.data(), NodeNames.host())
            : List.of(options.name());
    for (String name : names) {
      TrainerNode node = describe(options, name).dataFolder(options.data()).build();
      try {
        node.start();
        log.info("node {} with {} slots dials {}", name, options.slots(), options.server());
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

  /** Before the first trial, so that it does not wait for it; and so that it fails at once. */
  private static void loadNativeCode() {
    Nd4j.create(1);
    if (System.getenv("OMP_NUM_THREADS") == null || System.getenv("OMP_WAIT_POLICY") == null) {
      log.warn(
          "expected the variables OMP_NUM_THREADS (1 is fastest here) and OMP_WAIT_POLICY=passive:"
              + " without them threads that wait take the cores from those that work");
    }
  }
}
