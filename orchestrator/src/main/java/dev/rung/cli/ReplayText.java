package dev.rung.cli;

import dev.rung.simulate.Endless;
import dev.rung.simulate.Replay;
import dev.rung.simulate.Replay.Found;
import dev.rung.simulate.Replay.Outcome;
import dev.rung.simulate.Replay.WrongStop;
import dev.rung.simulate.Unknown;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudySummary.RungSummary;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A replay beside the recording, for a person and for a program. */
final class ReplayText {
  private static final int MOST_LINES = 10;

  private final StudyPlan plan;
  private final Replay replay;
  private final List<String> settings;
  private final int trainers;

  /**
   * A replay.
   *
   * @param plan of the recording
   * @param settings that were changed
   */
  ReplayText(StudyPlan plan, Replay replay, List<String> settings, int trainers) {
    this.plan = plan;
    this.replay = replay;
    this.settings = settings;
    this.trainers = trainers;
  }

  List<String> page() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s as it was recorded, and replayed %s on %s"
            .formatted(
                Text.name(plan),
                settings.isEmpty() ? "as it was" : "with " + String.join(", ", settings),
                Text.count(trainers, "trainer")));
    lines.add("");
    lines.addAll(figures().lines());
    lines.add("");
    lines.addAll(rungs().lines());
    lines.add("");
    lines.addAll(
        list(
            replay.unknown(),
            "No training left its recorded curve.",
            "What would have come of %s is unknown:",
            this::line));
    lines.addAll(
        list(
            replay.wrongStops(),
            "No trial was left whose recorded curve comes to more than the replay's best.",
            "%s left too soon, as their recorded curves show:",
            this::line));
    return lines;
  }

  private Table figures() {
    Table table = new Table("", ">RECORDED", ">REPLAYED");
    row(table, "best " + plan.objective().name(), o -> best(o.best()));
    row(table, "trials", o -> "%,d".formatted(o.trials()));
    row(table, plan.resource().unit() + "s", o -> "%,d".formatted(o.resource()));
    row(table, "points", o -> "%,d".formatted(o.points()));
    row(table, replay.inSeconds() ? "time" : "units of time", this::time);
    return table;
  }

  private void row(Table table, String title, Function<Outcome, String> cell) {
    table.row(title, cell.apply(replay.recorded()), cell.apply(replay.replayed()));
  }

  private String best(Optional<Found> best) {
    return best.map(found ->
            "%s, trial %d at %d".formatted(Text.number(found.value()), found.trial(), found.step()))
        .orElse("none");
  }

  private String time(Outcome outcome) {
    return Double.isNaN(outcome.time())
        ? "-"
        : replay.inSeconds()
            ? Text.duration(Duration.ofMillis(Math.round(outcome.time() * 1_000)))
            : Text.number(outcome.time());
  }

  private Table rungs() {
    List<RungSummary> all =
        Stream.concat(replay.recorded().rungs().stream(), replay.replayed().rungs().stream())
            .toList();
    boolean isEndless = all.stream().anyMatch(rung -> Endless.isEndless(rung.level()));
    long last =
        all.stream()
            .filter(rung -> !isEndless || rung.entered() > 0)
            .mapToLong(RungSummary::level)
            .max()
            .orElse(0);
    Table table = new Table(">" + plan.resource().unit(), ">RECORDED", ">REPLAYED");
    for (long level : SimulationText.levels(all.stream().filter(rung -> rung.level() <= last))) {
      table.row(level, entered(replay.recorded(), level), entered(replay.replayed(), level));
    }
    return table;
  }

  private static String entered(Outcome outcome, long level) {
    return outcome.rungs().stream().noneMatch(rung -> rung.level() == level)
        ? "-"
        : "%,d".formatted(SimulationText.entered(outcome.rungs(), level));
  }

  private static <T> List<String> list(
      List<T> all, String none, String some, Function<T, String> line) {
    List<String> lines = new ArrayList<>();
    lines.add(all.isEmpty() ? none : some.formatted(Text.count(all.size(), "trial")));
    all.stream().limit(MOST_LINES).forEach(one -> lines.add("  " + line.apply(one)));
    if (all.size() > MOST_LINES) {
      lines.add("  and %,d more, which -o json lists".formatted(all.size() - MOST_LINES));
    }
    return lines;
  }

  private String line(Unknown unknown) {
    return "trial %d would have trained to %d, its curve ends at %d"
        .formatted(unknown.trial(), unknown.milestone(), unknown.end());
  }

  private String line(WrongStop wrong) {
    return "trial %d was left at %d, and comes to %s at %d"
        .formatted(
            wrong.trial(),
            wrong.left(),
            Text.number(wrong.missed().value()),
            wrong.missed().step());
  }

  Map<String, @Nullable Object> json() {
    Map<String, @Nullable Object> json = JsonOf.object();
    json.put("name", plan.name());
    json.put("unit", plan.resource().unit());
    json.put("settings", settings);
    json.put("trainers", trainers);
    json.put("timeUnit", replay.inSeconds() ? "second" : plan.resource().unit());
    json.put("recorded", json(replay.recorded()));
    json.put("replayed", json(replay.replayed()));
    json.put("unknown", replay.unknown().stream().map(SimulationText::json).toList());
    json.put("wrongStops", replay.wrongStops().stream().map(ReplayText::json).toList());
    json.put("notes", replay.notes());
    return json;
  }

  private static Map<String, @Nullable Object> json(Outcome outcome) {
    Map<String, @Nullable Object> json = JsonOf.object();
    outcome.best().ifPresent(best -> json.put("best", json(best)));
    json.put("trials", outcome.trials());
    json.put("resource", outcome.resource());
    json.put("points", outcome.points());
    if (!Double.isNaN(outcome.time())) {
      json.put("time", outcome.time());
    }
    json.put("rungs", outcome.rungs().stream().map(SimulationText::json).toList());
    return json;
  }

  private static Map<String, @Nullable Object> json(Found found) {
    Map<String, @Nullable Object> json = JsonOf.object();
    json.put("trial", found.trial());
    json.put("step", found.step());
    json.put("value", found.value());
    return json;
  }

  private static Map<String, @Nullable Object> json(WrongStop wrong) {
    Map<String, @Nullable Object> json = JsonOf.object();
    json.put("trial", wrong.trial());
    json.put("left", wrong.left());
    json.put("missed", json(wrong.missed()));
    return json;
  }
}
