package dev.rung.cli;

import dev.rung.simulate.Preview;
import dev.rung.simulate.Preview.RungUse;
import dev.rung.simulate.Spread;
import dev.rung.simulate.Trap;
import dev.rung.study.StudyPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A preview for a person and for a program. */
final class PreviewText {
  private static final String MADE_UP =
      "Losses are made up; counts and times are what Rung does with such losses.";

  /** From here on no fraction is shown. */
  private static final double LARGE = 1_000;

  private static final double MILLIS_IN_HOUR = 3_600_000;

  /**
   * What time is worth.
   *
   * @param unit how long a unit of time is; empty: nobody knows
   * @param hour what a trainer costs in an hour; with a unit only
   */
  record Pricing(Optional<Duration> unit, OptionalDouble hour) {

    /** How many hours a unit of time is. */
    private double hours() {
      return unit.map(Duration::toMillis).orElse(0L) / MILLIS_IN_HOUR;
    }

    private String time(double units) {
      return unit.isEmpty() || Double.isNaN(units)
          ? figure(units)
          : Text.duration(Duration.ofMillis(Math.round(units * unit.get().toMillis())));
    }

    private Spread money(Spread slotTime) {
      return slotTime.times(hours() * hour.orElse(0));
    }
  }

  private final StudyPlan plan;
  private final Preview preview;
  private final int trainers;
  private final Pricing pricing;

  PreviewText(StudyPlan plan, Preview preview, int trainers, Pricing pricing) {
    this.plan = plan;
    this.preview = preview;
    this.trainers = trainers;
    this.pricing = pricing;
  }

  /** What each rung takes, then the whole. */
  List<String> page() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s on %s, %s. %s"
            .formatted(
                Text.name(plan),
                Text.count(trainers, "trainer"),
                Text.count(preview.runs(), "seed"),
                MADE_UP));
    lines.add("");
    lines.addAll(table().lines());
    lines.add("");
    String unit = plan.resource().unit();
    lines.add(
        "In all %s of training in %s, trainers busy %s of the time%s."
            .formatted(
                spread(preview.resource(), PreviewText::figure) + " " + unit + "s",
                pricing.unit().isPresent()
                    ? spread(preview.time(), pricing::time)
                    : "the time that one trainer takes for %s %ss"
                        .formatted(spread(preview.time(), PreviewText::figure), unit),
                spread(preview.utilisation(), PreviewText::percent),
                pricing.hour().isPresent()
                    ? ", cost %s with their idle time"
                        .formatted(spread(pricing.money(preview.trainerTime()), PreviewText::money))
                    : ""));
    lines.add(
        "Of %s trials %s reach the top."
            .formatted(
                spread(preview.started(), PreviewText::figure),
                spread(preview.completed(), PreviewText::figure)));
    return lines;
  }

  /** A column of the table of rungs. */
  private record Column(String title, Function<RungUse, Object> cell) {}

  private List<Column> columns() {
    List<Column> columns = new ArrayList<>();
    columns.add(new Column(">" + plan.resource().unit(), RungUse::level));
    columns.add(new Column("TRIALS", rung -> spread(rung.trials(), PreviewText::figure)));
    columns.add(new Column("TRAINED", rung -> spread(rung.resource(), PreviewText::figure)));
    columns.add(new Column("TIME", rung -> spread(time(rung), pricing::time)));
    if (pricing.hour().isPresent()) {
      columns.add(
          new Column("COST", rung -> spread(pricing.money(rung.slotTime()), PreviewText::money)));
    }
    columns.add(
        new Column(
            "FIRST AT",
            rung ->
                Double.isNaN(rung.first().median())
                    ? "never"
                    : spread(rung.first(), pricing::time)));
    return columns;
  }

  private Table table() {
    List<Column> columns = columns();
    Table table = new Table(columns.stream().map(Column::title).toArray(String[]::new));
    for (RungUse rung : preview.rungs()) {
      table.row(columns.stream().map(column -> column.cell().apply(rung)).toArray());
    }
    return table;
  }

  /** How long all trainers together are busy on the way to a rung. */
  private Spread time(RungUse rung) {
    return rung.slotTime().times(1.0 / trainers);
  }

  /** The median, with the least and the most where they look otherwise. */
  private static String spread(Spread spread, DoubleFunction<String> shown) {
    String median = shown.apply(spread.median());
    String least = shown.apply(spread.least());
    String most = shown.apply(spread.most());
    return least.equals(most) ? median : "%s (%s to %s)".formatted(median, least, most);
  }

  private static String figure(double value) {
    return value == Math.rint(value) || value >= LARGE
        ? "%,.0f".formatted(value)
        : Text.number(value);
  }

  private static String percent(double share) {
    return "%.0f %%".formatted(100 * share);
  }

  private static String money(double amount) {
    return "%,.2f".formatted(amount);
  }

  Map<String, @Nullable Object> json(List<Trap> warnings, List<String> notes) {
    Map<String, @Nullable Object> json = JsonOf.object();
    json.put("name", plan.name());
    json.put("unit", plan.resource().unit());
    json.put("trainers", trainers);
    json.put("seeds", preview.runs());
    json.put("rungs", preview.rungs().stream().map(this::json).toList());
    json.put("started", json(preview.started()));
    json.put("completed", json(preview.completed()));
    json.put("resource", json(preview.resource()));
    putTime(json, "time", preview.time());
    json.put("utilisation", json(preview.utilisation()));
    if (pricing.hour().isPresent()) {
      json.put("cost", json(pricing.money(preview.trainerTime())));
    }
    json.put("warnings", warnings.stream().map(PreviewText::json).toList());
    json.put("notes", notes);
    return json;
  }

  private Map<String, @Nullable Object> json(RungUse rung) {
    Map<String, @Nullable Object> json = JsonOf.object();
    json.put("resource", rung.level());
    json.put("trials", json(rung.trials()));
    json.put("trained", json(rung.resource()));
    putTime(json, "time", time(rung));
    if (pricing.hour().isPresent()) {
      json.put("cost", json(pricing.money(rung.slotTime())));
    }
    if (!Double.isNaN(rung.first().median())) {
      putTime(json, "first", rung.first());
    }
    return json;
  }

  private void putTime(Map<String, @Nullable Object> json, String name, Spread units) {
    json.put(name, json(units));
    pricing
        .unit()
        .ifPresent(unit -> json.put(name + "Seconds", json(units.times(unit.toMillis() / 1e3))));
  }

  private static Map<String, @Nullable Object> json(Spread spread) {
    Map<String, @Nullable Object> json = JsonOf.object();
    json.put("median", spread.median());
    json.put("least", spread.least());
    json.put("most", spread.most());
    return json;
  }

  private static Map<String, @Nullable Object> json(Trap trap) {
    Map<String, @Nullable Object> json = JsonOf.object();
    json.put("path", trap.field());
    json.put("message", trap.message());
    return json;
  }
}
