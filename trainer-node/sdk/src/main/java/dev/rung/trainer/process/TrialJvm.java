package dev.rung.trainer.process;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The JVM that a trial trains in: the node's own Java with its options and class path.
 *
 * @param options more for the JVM; they come last and win
 * @param main the class that it runs
 * @param arguments of the class, after the path of the node's socket
 */
public record TrialJvm(List<String> options, Class<?> main, List<String> arguments) {

  /** Two processes cannot both wait for a debugger or for JMX, nor write one archive of classes. */
  private static final List<String> ONLY_ONCE =
      List.of(
          "-agentlib:jdwp",
          "-Xrunjdwp",
          "-Dcom.sun.management.jmxremote",
          "-Djava.class.path=",
          "-XX:ArchiveClassesAtExit",
          "-XX:AOTCacheOutput");

  /** The command that starts one. */
  public List<String> command(Path socket) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    inherited().forEach(command::add);
    command.addAll(options);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.add(socket.toString());
    command.addAll(arguments);
    return command;
  }

  private static Stream<String> inherited() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(option -> ONLY_ONCE.stream().noneMatch(option::startsWith));
  }
}
