package dev.rung.exec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rung.trainer.Schedule;
import dev.rung.trainer.TrialContext;
import dev.rung.trainer.Values;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a command is told of its attempt.
 *
 * @param names value of each macro by its name, without those of parameters and configuration
 * @param params text of each parameter by its name, in the assignment's order
 * @param config text of each value of the study file's {@code trainer.config}
 * @param paramsJson the parameters as a JSON object
 * @param configJson the configuration as a JSON object
 * @param resume the checkpoint to go on from; empty: start from scratch
 */
record Facts(
    Map<String, String> names,
    Map<String, String> params,
    Map<String, String> config,
    String paramsJson,
    String configJson,
    Optional<Path> resume) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Names of macros that have a value in every attempt. */
  static final List<String> NAMES =
      List.of(
          "study",
          "trial",
          "attempt",
          "seed",
          "slots",
          "start_step",
          "milestone",
          "max_resource",
          "params_json",
          "params_file",
          "config_file",
          "metrics_file",
          "checkpoint_dir");

  /**
   * The facts of an attempt.
   *
   * @param folder the attempt's own
   */
  static Facts of(TrialContext trial, WorkFolder folder, Optional<Path> resume) {
    Map<String, Object> params = objects(trial.assignment());
    Map<String, Object> config = objects(trial.config());
    String[] id = trial.trial().split("/", 2);
    Map<String, String> names = new TreeMap<>();
    names.put("study", id[0]);
    names.put("trial", id.length > 1 ? id[1] : "");
    names.put("attempt", Integer.toString(trial.attempt()));
    names.put("seed", Long.toUnsignedString(trial.seed()));
    names.put("slots", Integer.toString(trial.slots()));
    names.put("start_step", Long.toString(trial.startStep()));
    names.put("milestone", Long.toString(trial.milestone()));
    names.put("max_resource", Long.toString(trial.maxResource()));
    String paramsJson = json(params);
    names.put("params_json", paramsJson);
    names.put("params_file", folder.params().toString());
    names.put("config_file", folder.config().toString());
    names.put("metrics_file", folder.metrics().toString());
    names.put("checkpoint_dir", folder.checkpoints().toString());
    return new Facts(names, texts(params), texts(config), paramsJson, json(config), resume);
  }

  /** The variables that a command finds in its environment, beside those of its node. */
  Map<String, String> environment() {
    Map<String, String> variables = new TreeMap<>();
    names.forEach((name, value) -> {
      if (!name.equals("params_json")) {
        variables.put("RUNG_" + name.toUpperCase(java.util.Locale.ROOT), value);
      }
    });
    variables.put("RUNG_PARAMS", paramsJson);
    resume.ifPresent(path -> variables.put("RUNG_RESUME", path.toString()));
    return variables;
  }

  private static Map<String, Object> objects(Values values) {
    Map<String, Object> objects = new LinkedHashMap<>();
    for (String name : values.names()) {
      objects.put(name, plain(values.get(name)));
    }
    return objects;
  }

  private static Object plain(Object value) {
    if (value instanceof Schedule schedule) {
      Map<String, Object> form = new LinkedHashMap<>();
      form.put("form", schedule.form());
      form.putAll(new TreeMap<>(schedule.coefficients()));
      return form;
    }
    return value;
  }

  private static Map<String, String> texts(Map<String, Object> values) {
    Map<String, String> texts = new LinkedHashMap<>();
    values.forEach(
        (name, value) -> texts.put(name, value instanceof String text ? text : json(value)));
    return texts;
  }

  private static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("expected values that have a form in JSON", e);
    }
  }
}
