package dev.rung.cli;

import dev.rung.proto.v1.Attempt;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.Trial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What came of a quick start.
 *
 * @param seconds from its start to the end of the study
 * @param notes what happened besides
 * @param folder of everything that is kept
 * @param address of the server that stays up; empty: none does
 */
record QuickstartReport(
    Study study,
    List<Trial> trials,
    double seconds,
    List<LocalProcess> processes,
    List<String> notes,
    Path folder,
    String address) {

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.addAll(StudyText.best(study));
    lines.add("");
    lines.addAll(StudyText.rungs(study));
    lines.add("");
    lines.addAll(StudyText.resource(study));
    notes.forEach(note -> lines.add("Note: " + note + "."));
    lines.add("Took %.1f s. Journal, checkpoints and logs stay in %s".formatted(seconds, folder));
    lines.addAll(next());
    return lines;
  }

  Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> json = JsonOf.object();
    json.put("study", study.getId());
    json.put("name", study.getName());
    json.put("state", States.name(study.getState()));
    json.put("reason", study.getReason());
    json.put("seconds", Math.round(seconds * 1000) / 1e3);
    json.putAll(JsonOf.outcome(study));
    json.put("processes", processes.stream().map(QuickstartReport::json).toList());
    json.put("attempts", attempts());
    json.put("notes", List.copyOf(notes));
    json.put("data", folder.toString());
    return json;
  }

  private List<String> next() {
    String id = study.getId().substring(0, Math.min(8, study.getId().length()));
    String why = "rung trial why " + id + " best";
    if (address.isEmpty()) {
      return List.of(
          "Next, why did it win? In one terminal  rung serve --data " + folder,
          "                      in another       " + why);
    }
    return List.of(
        "Next, why did it win? In another terminal  "
            + why
            + (address.equals(ServerOption.DEFAULT) ? "" : " --server " + address));
  }

  /** Attempts by the node that they ran on. */
  private Map<String, Integer> attempts() {
    Map<String, Integer> counts = new TreeMap<>();
    for (Trial trial : trials) {
      for (Attempt attempt : trial.getAttemptsList()) {
        counts.merge(attempt.getNode(), 1, Integer::sum);
      }
    }
    return counts;
  }

  private static Map<String, @Nullable Object> json(LocalProcess process) {
    Map<String, @Nullable Object> json = JsonOf.object();
    json.put("role", process.role());
    json.put("name", process.name());
    json.put("pid", process.pid());
    return json;
  }
}
