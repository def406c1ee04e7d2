package dev.rung.exec;

import dev.rung.trainer.Trainer;
import dev.rung.trainer.command.NodeOptions;
import dev.rung.trainer.command.NodeProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The command line of a node whose trainer is a command. */
public final class ExecProgram implements NodeProgram {
  /** The option that asks for it. */
  private static final String EXEC = "--exec";

  private static final String COMMAND = "--";
  private static final String DEFAULT_KIND = "exec";

  private final List<String> command = new ArrayList<>();
  private String kind = DEFAULT_KIND;
  private Duration grace = ExecSettings.DEFAULT_GRACE;
  private String stepKey = MetricOptions.DEFAULT_STEP_KEY;
  private int stepOffset;
  private Optional<Pattern> stepPattern = Optional.empty();
  private final Map<String, Pattern> patterns = new LinkedHashMap<>();
  private final Map<Integer, ExitCause> exitCodes = new HashMap<>();
  private Optional<Path> work = Optional.empty();

  /** A program that has read nothing yet. */
  public ExecProgram() {}

  /** Whether a command line asks for a command as trainer. */
  public static boolean isMeant(List<String> arguments) {
    int end = arguments.indexOf(COMMAND);
    return arguments.subList(0, end < 0 ? arguments.size() : end).contains(EXEC);
  }

  @Override
  public String usage() {
    return """
    Usage: rung trainer --exec [OPTIONS] -- COMMAND [ARGUMENT...]

    Trains each trial by a command: it is started with the trial's parameters, and
    its metrics are read from what it prints, by default lines of JSON such as
    {"step": 3, "val_accuracy": 0.91}. No shell reads the command, and studies
    cannot change it. In its arguments become

      {params}            --NAME=VALUE for each parameter, {overrides} NAME=VALUE
      {params.NAME}       the value of one, {config.NAME} of the study's
                          trainer.config
      {params_file}       a JSON file with all of them
      {resume}            what it named or left as its last checkpoint; without one
                          the argument is left out
      {checkpoint_dir}    where it may write checkpoints, which it names on a line,
                          {"step": 3, "checkpoint": "model-3.pt"}, once they are
                          whole, or just leaves there when it ends
      {seed} {slots} {study} {trial} {attempt} {start_step} {milestone}
      {max_resource} {metrics_file} {config_file} {params_json}

    and the same is in its environment: RUNG_PARAMS_FILE, RUNG_RESUME and so on. To
    pause or stop it gets SIGTERM, may save, and is killed with all of its processes
    where it takes longer than --grace.
    """;
  }

  @Override
  public String options() {
    return """
      --kind NAME         of trainer, as studies name it (default exec)
      --step-key NAME     the field of a JSON line that holds the step (default step)
      --step-offset N     is added to steps: 1 for commands that count from 0
      --metric NAME=REGEX finds a metric in lines that are no JSON, as the first
                          group of a regular expression; may be given several times
      --step REGEX        finds the step of the metrics that follow; without it each
                          value of the first --metric is a step
      --exit-code N=CAUSE what an exit code means: completed, error, out-of-memory,
                          diverged, infeasible or preempted; may be given several
                          times (default: 0 is completed, any other an error, or
                          out-of-memory by the command's last words)
      --grace S           seconds that it has after SIGTERM (default 20)
      --work DIR          where each attempt has a folder of its own (default: exec
                          beside the node's own in --data)
    """;
  }

  @Override
  public boolean read(String option, Iterator<String> rest) {
    switch (option) {
      case EXEC -> {}
      case COMMAND -> rest.forEachRemaining(command::add);
      case "--kind" -> kind = NodeOptions.value(option, rest);
      case "--step-key" -> stepKey = NodeOptions.value(option, rest);
      case "--step-offset" ->
          stepOffset = NodeOptions.number(option, NodeOptions.value(option, rest));
      case "--step" -> stepPattern = Optional.of(pattern(option, NodeOptions.value(option, rest)));
      case "--metric" ->
          NodeOptions.readPair(
              option,
              NodeOptions.value(option, rest),
              "REGEX",
              (metric, regex) -> patterns.put(metric, pattern(option, regex)));
      case "--exit-code" ->
          NodeOptions.readPair(
              option,
              NodeOptions.value(option, rest),
              "CAUSE",
              (code, cause) -> exitCodes.put(exitCode(option, code), ExitCause.of(cause)));
      case "--grace" -> grace = NodeOptions.seconds(option, NodeOptions.value(option, rest));
      case "--work" ->
          work = Optional.of(NodeOptions.path(option, NodeOptions.value(option, rest)));
      default -> {
        return false;
      }
    }
    return true;
  }

  private static int exitCode(String option, String value) {
    int code = NodeOptions.number(option, value);
    if (code < 0 || code > 255) {
      throw new IllegalArgumentException(
          "expected an exit code of 0 to 255 after " + option + ", got " + value);
    }
    return code;
  }

  private static Pattern pattern(String option, String regex) {
    try {
      Pattern pattern = Pattern.compile(regex);
      if (pattern.matcher("").groupCount() < 1) {
        throw new IllegalArgumentException(
            "expected a group, as in 'loss: (\\S+)', in the expression after "
                + option
                + ", got '"
                + regex
                + "'");
      }
      return pattern;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "expected a regular expression after " + option + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Map<String, Trainer> kinds(NodeOptions node) {
    Path folder = work.orElseGet(() -> node.data().resolve("exec")).toAbsolutePath();
    MetricOptions metrics = new MetricOptions(stepKey, stepOffset, stepPattern, patterns);
    return Map.of(
        kind,
        new ExecTrainer(command, new ExecSettings(metrics, grace, exitCodes, node.gpus(), folder)));
  }
}
