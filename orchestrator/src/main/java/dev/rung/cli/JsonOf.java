package dev.rung.cli;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.rung.proto.v1.Assignment;
import dev.rung.proto.v1.Attempt;
import dev.rung.proto.v1.Best;
import dev.rung.proto.v1.GetHealthResponse;
import dev.rung.proto.v1.GpuReading;
import dev.rung.proto.v1.ListValue;
import dev.rung.proto.v1.Node;
import dev.rung.proto.v1.Parameter;
import dev.rung.proto.v1.Rung;
import dev.rung.proto.v1.SlotCount;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.Trial;
import dev.rung.proto.v1.Trouble;
import dev.rung.proto.v1.Value;
import dev.rung.proto.v1.Verdict;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The JSON of what the commands show. Its names are stable: scripts rely on them. */
final class JsonOf {
  private JsonOf() {}

  static Map<String, @Nullable Object> study(Study study) {
    Map<String, @Nullable Object> json = object();
    json.put("study", study.getId());
    json.put("name", study.getName());
    json.put("state", States.name(study.getState()));
    json.put("reason", study.getReason());
    json.put("created", time(study.getCreated()));
    json.put("seconds", Durations.toMillis(study.getElapsed()) / 1e3);
    json.put("objectives", List.copyOf(study.getObjectivesList()));
    json.put("unit", study.getUnit());
    json.put("trainer", study.getTrainerKind());
    json.put("trialBudget", study.getTrialBudget());
    json.putAll(outcome(study));
    json.put("event", study.getEvent());
    if (study.getFrontCount() > 0) {
      json.put("front", study.getFrontList().stream().map(JsonOf::best).toList());
    }
    if (study.getCost() != 0) {
      json.put("cost", study.getCost());
    }
    if (study.getMoney() != 0) {
      json.put("money", study.getMoney());
    }
    if (!study.getWaitsFor().isEmpty()) {
      json.put("waitsFor", study.getWaitsFor());
    }
    if (study.hasLeft()) {
      json.put("secondsLeft", Durations.toMillis(study.getLeft()) / 1e3);
    }
    if (!study.getChange().isEmpty()) {
      json.put("change", study.getChange());
    }
    return json;
  }

  /** What a study came to so far. */
  static Map<String, @Nullable Object> outcome(Study study) {
    Map<String, @Nullable Object> json = object();
    json.put("trials", States.trials(study));
    json.put("rungs", study.getRungsList().stream().map(JsonOf::rung).toList());
    json.put("best", study.hasBest() ? best(study.getBest()) : null);
    json.put("resourceUsed", study.getResourceUsed());
    json.put("resourceFull", study.getResourceFull());
    json.put("movedTrials", study.getMovedTrials());
    return json;
  }

  static Map<String, @Nullable Object> health(GetHealthResponse health) {
    Map<String, @Nullable Object> json = object();
    json.put("software", health.getSoftware());
    json.put("state", health.getTroublesCount() == 0 ? "HEALTHY" : "DEGRADED");
    json.put("troubles", health.getTroublesList().stream().map(JsonOf::trouble).toList());
    return json;
  }

  private static Map<String, @Nullable Object> trouble(Trouble trouble) {
    Map<String, @Nullable Object> json = object();
    json.put("study", trouble.getStudy());
    json.put("seconds", Durations.toMillis(trouble.getLasting()) / 1e3);
    json.put("cause", trouble.getCause());
    return json;
  }

  static Map<String, @Nullable Object> trial(Trial trial) {
    Map<String, @Nullable Object> json = object();
    json.put("trial", trial.getNumber());
    json.put("state", States.name(trial.getState()));
    json.put("reason", trial.getReason());
    json.put("step", trial.getStep());
    json.put("best", trial.hasBest() ? trial.getBest() : null);
    json.put("assignment", assignment(trial.getAssignment()));
    json.put("checkpoint", trial.hasCheckpoint() ? checkpoint(trial) : null);
    json.put("attempts", trial.getAttemptsList().stream().map(JsonOf::attempt).toList());
    if (trial.getParent() != 0) {
      json.put("parent", trial.getParent());
    }
    return json;
  }

  static Map<String, @Nullable Object> verdict(Verdict verdict) {
    Map<String, @Nullable Object> json = object();
    json.put("event", verdict.getEvent());
    json.put("time", time(verdict.getTime()));
    json.put("attempt", verdict.getAttempt());
    json.put("verdict", verdict.getVerdict());
    boolean hasEvidence = !verdict.getRule().isEmpty();
    json.put("rule", hasEvidence ? verdict.getRule() : null);
    json.put("rung", hasEvidence ? verdict.getRung() : null);
    json.put("value", verdict.hasValue() ? verdict.getValue() : null);
    json.put("rank", verdict.hasRank() ? verdict.getRank() : null);
    json.put("n", hasEvidence ? verdict.getN() : null);
    json.put("cutoff", hasEvidence ? verdict.getCutoff() : null);
    json.put("text", verdict.getText());
    return json;
  }

  static Map<String, @Nullable Object> node(Node node) {
    Map<String, @Nullable Object> json = object();
    json.put("node", node.getName());
    json.put("pool", node.getPool());
    json.put("slots", node.getSlots());
    json.put("busy", node.getBusy());
    json.put("kinds", List.copyOf(node.getKindsList()));
    json.put("labels", new TreeMap<>(node.getLabelsMap()));
    json.put("slot_hour_price", node.getSlotHourPrice());
    json.put("draining", node.getDraining());
    json.put("speed", node.hasSpeed() ? node.getSpeed() : null);
    json.put("pid", node.getPid());
    json.put("software", node.getSoftware());
    json.put("gpus", node.getGpusList().stream().map(JsonOf::gpu).toList());
    return json;
  }

  private static Map<String, @Nullable Object> gpu(GpuReading gpu) {
    Map<String, @Nullable Object> json = object();
    json.put("index", gpu.getIndex());
    json.put("name", gpu.getName());
    json.put("memory_used", gpu.hasMemoryUsed() ? gpu.getMemoryUsed() : null);
    json.put("memory_total", gpu.hasMemoryTotal() ? gpu.getMemoryTotal() : null);
    json.put("utilization", gpu.hasUtilization() ? gpu.getUtilization() : null);
    json.put("temperature", gpu.hasTemperature() ? gpu.getTemperature() : null);
    return json;
  }

  static Map<String, @Nullable Object> slots(SlotCount count) {
    Map<String, @Nullable Object> json = object();
    json.put("kind", count.getKind());
    json.put("wanted", count.getWanted());
    json.put("free", count.getFree());
    json.put("busy", count.getBusy());
    return json;
  }

  static Map<String, @Nullable Object> assignment(Assignment assignment) {
    Map<String, @Nullable Object> json = object();
    for (Parameter parameter : assignment.getParametersList()) {
      json.put(parameter.getName(), value(parameter.getValue()));
    }
    return json;
  }

  /** An object that keeps the order of its names. */
  static Map<String, @Nullable Object> object() {
    return new LinkedHashMap<>();
  }

  static String time(Timestamp time) {
    return Timestamps.toString(time);
  }

  private static Map<String, @Nullable Object> rung(Rung rung) {
    Map<String, @Nullable Object> json = object();
    json.put("resource", rung.getResource());
    json.put("entered", rung.getEntered());
    json.put("promoted", rung.getPromoted());
    if (rung.getBracket() != 0) {
      json.put("bracket", rung.getBracket());
    }
    if (!rung.getReason().isEmpty()) {
      json.put("reason", rung.getReason());
    }
    return json;
  }

  private static Map<String, @Nullable Object> best(Best best) {
    Map<String, @Nullable Object> json = object();
    json.put("trial", best.getTrial());
    json.put("step", best.getStep());
    json.put("metrics", new TreeMap<>(best.getMetricsMap()));
    json.put("assignment", assignment(best.getAssignment()));
    return json;
  }

  private static Map<String, @Nullable Object> checkpoint(Trial trial) {
    Map<String, @Nullable Object> json = object();
    json.put("step", trial.getCheckpoint().getStep());
    json.put("place", trial.getCheckpoint().getPlace());
    json.put("bytes", trial.getCheckpoint().getBytes());
    json.put("sha256", HexFormat.of().formatHex(trial.getCheckpoint().getDigest().toByteArray()));
    return json;
  }

  private static Map<String, @Nullable Object> attempt(Attempt attempt) {
    Map<String, @Nullable Object> json = object();
    json.put("attempt", attempt.getNumber());
    json.put("node", attempt.getNode());
    json.put("leased", time(attempt.getLeased()));
    json.put("ended", attempt.hasEnded() ? time(attempt.getEnded()) : null);
    json.put("cause", States.name(attempt.getCause()));
    json.put("message", attempt.getMessage());
    json.put("startStep", attempt.getStartStep());
    return json;
  }

  /** An object where the values have names, and else an array. */
  private static Object list(ListValue list) {
    if (list.getNamesCount() == 0 || list.getNamesCount() != list.getValuesCount()) {
      return list.getValuesList().stream().map(JsonOf::value).toList();
    }
    Map<String, @Nullable Object> json = object();
    for (int i = 0; i < list.getValuesCount(); i++) {
      json.put(list.getNames(i), value(list.getValues(i)));
    }
    return json;
  }

  private static @Nullable Object value(Value value) {
    return switch (value.getKindCase()) {
      case INT_VALUE -> value.getIntValue();
      case DOUBLE_VALUE -> value.getDoubleValue();
      case STRING_VALUE -> value.getStringValue();
      case BOOL_VALUE -> value.getBoolValue();
      case LIST_VALUE -> list(value.getListValue());
      case SCHEDULE_VALUE -> {
        Map<String, @Nullable Object> json = object();
        json.put("form", value.getScheduleValue().getForm());
        json.put("coefficients", new TreeMap<>(value.getScheduleValue().getCoefficientsMap()));
        yield json;
      }
      case KIND_NOT_SET -> null;
    };
  }
}
