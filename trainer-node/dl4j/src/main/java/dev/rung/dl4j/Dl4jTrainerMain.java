package dev.rung.dl4j;

import dev.rung.exec.ExecProgram;
import dev.rung.trainer.ScriptedTrainer;
import dev.rung.trainer.Trainer;
import dev.rung.trainer.command.NodeCommand;
import dev.rung.trainer.command.NodeOptions;
import dev.rung.trainer.command.NodeProgram;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs a trainer node with this module's trainers, or with a command where one is given. */
public final class Dl4jTrainerMain implements NodeProgram {
  private static final Logger log = LoggerFactory.getLogger(Dl4jTrainerMain.class);

  private final Map<String, Path> dataSets = new LinkedHashMap<>();

  Dl4jTrainerMain() {}

  /** Starts the node, and ends the process. */
  public static void main(String[] arguments) throws InterruptedException {
    List<String> all = List.of(arguments);
    NodeProgram program = ExecProgram.isMeant(all) ? new ExecProgram() : new Dl4jTrainerMain();
    System.exit(NodeCommand.run(all, program));
  }

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

  @Override
  public String usage() {
    return """
    Usage: rung trainer [--server HOST:PORT] [--name NAME] [--slots N] [--data DIR]
           rung trainer --exec [OPTIONS] -- COMMAND [ARGUMENT...]

    Trains trials of the kinds dl4j-image, dl4j-tabular and scripted for a Rung
    server; with --exec by a command of your own, see rung trainer --exec --help.

    The variables OMP_NUM_THREADS (threads of a slot) and OMP_WAIT_POLICY=passive
    must be set before it starts; rung trainer sets them to 1 and passive where
    they are not. The same number of threads repeats results bit for bit, with any
    number of slots.
    """;
  }

  @Override
  public String options() {
    return """
      --data-set NAME=DIR the folder of a data set, which may be given several
                          times: fashion-mnist (default
                          /usr/share/datasets/fashion-mnist, as Debian's package
                          dataset-fashion-mnist installs it)
    """;
  }

  @Override
  public boolean read(String option, Iterator<String> rest) {
    if (!option.equals("--data-set")) {
      return false;
    }
    NodeOptions.readPair(
        option,
        NodeOptions.value(option, rest),
        "DIR",
        (set, folder) -> dataSets.put(set, NodeOptions.path(option, folder)));
    return true;
  }

  @Override
  public Map<String, Trainer> kinds(NodeOptions node) {
    return kinds(dataSets);
  }

  /** Before the first trial, so that it does not wait for it; and so that it fails at once. */
  @Override
  public void prepare() {
    Nd4j.create(1);
    if (System.getenv("OMP_NUM_THREADS") == null || System.getenv("OMP_WAIT_POLICY") == null) {
      log.warn(
          "expected the variables OMP_NUM_THREADS (1 is fastest here) and OMP_WAIT_POLICY=passive:"
              + " without them threads that wait take the cores from those that work");
    }
  }

  @Override
  public void warmUp() throws Exception {
    WarmUp.run(new ImageTrainer());
  }
}
