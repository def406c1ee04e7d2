package dev.rung.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Parameters;

/** Stands for a command that is another program of Rung, so that the help names it. */
final class NotHere implements Callable<Integer> {

  @Parameters(arity = "0..*", hidden = true, description = "Passed on.")
  private List<String> ignored = List.of();

  NotHere(Console console) {}

  @Override
  public Integer call() {
    throw new Failure(
        Failure.USAGE,
        "the trainer is a program of its own: start it with the launcher, as ./rung trainer");
  }
}
