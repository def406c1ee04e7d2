package dev.rung.cli;

import dev.rung.proto.v1.LogLine;
import dev.rung.proto.v1.ReadTrialLogsRequest;
import dev.rung.proto.v1.ReadTrialLogsResponse;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what a trial said while it trained. */
final class TrialLogs extends ClientCommand {
  @Mixin private final TrialArgument argument = new TrialArgument();

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with new lines until the trial has ended.")
  private boolean follow;

  @Option(
      names = "--tail",
      paramLabel = "N",
      description = "Only the last N of the lines that are there.")
  private int tail;

  private long attempt;

  TrialLogs(Console console) {
    super(console);
  }

  @Override
  int run(Client client) {
    ReadTrialLogsRequest request =
        ReadTrialLogsRequest.newBuilder()
            .setStudy(argument.study)
            .setTrial(argument.trial())
            .setTail(tail)
            .setFollow(follow)
            .build();
    client.readLogs(request, this::print);
    return 0;
  }

  private void print(ReadTrialLogsResponse part) {
    if (output.isJson()) {
      printJson(part);
    } else {
      printText(part);
    }
    console.out().flush();
  }

  private void printJson(ReadTrialLogsResponse part) {
    long dropped = part.getDropped();
    for (LogLine line : part.getLinesList()) {
      Map<String, @Nullable Object> json = JsonOf.object();
      json.put("attempt", part.getAttempt());
      json.put("line", line.getNumber());
      json.put("time", JsonOf.time(line.getTime()));
      json.put("droppedBefore", dropped);
      json.put("text", line.getText());
      console.printJson(json);
      dropped = 0;
    }
  }

  private void printText(ReadTrialLogsResponse part) {
    if (part.getAttempt() != attempt) {
      attempt = part.getAttempt();
      console.out().println("--- attempt " + attempt + " ---");
    }
    if (part.getDropped() > 0) {
      console.out().println("... %,d lines dropped".formatted(part.getDropped()));
    }
    for (LogLine line : part.getLinesList()) {
      // A file gets what the trainer wrote; a terminal must not be steered by it.
      console.out().println(console.outIsTerminal() ? safe(line.getText()) : line.getText());
    }
  }

  /** Tabs stay: stack traces are full of them, and they do no harm. */
  private static String safe(String text) {
    return String.join("\t", Arrays.stream(text.split("\t", -1)).map(Text::safe).toList());
  }
}
