package dev.rung.studyfile;

import dev.rung.space.Parameter;
import dev.rung.space.SimplexParameter;
import dev.rung.space.Value;
import dev.rung.studyfile.YamlNode.Items;
import dev.rung.studyfile.YamlNode.Kind;
import dev.rung.studyfile.YamlNode.Scalar;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads weights that sum to 1: their names or how many they are, and their concentration. */
final class SimplexReader {
  static final int MIN_WEIGHTS = 2;
  static final int MAX_WEIGHTS = 64;
  static final double MIN_CONCENTRATION = 1e-3;
  static final double MAX_CONCENTRATION = 1e3;

  private static final String COUNT = "%d to %d weights".formatted(MIN_WEIGHTS, MAX_WEIGHTS);

  private final String name;
  private final Fields fields;
  private final Problems problems;

  SimplexReader(String name, Fields fields, Problems problems) {
    this.name = name;
    this.fields = fields;
    this.problems = problems;
  }

  /** The parameter. */
  Optional<Parameter> read() {
    Optional<YamlNode> node = fields.node("simplex");
    if (node.isPresent() && node.get() instanceof Items items) {
      List<String> names = names(items);
      return isCountFine(items.nodes().size()) && names.size() == items.nodes().size()
          ? parameter(names, names.size())
          : Optional.empty();
    }
    if (node.isPresent() && node.get() instanceof Scalar scalar && scalar.kind() == Kind.WHOLE) {
      OptionalLong count = fields.whole("simplex", Long.MIN_VALUE, Long.MAX_VALUE);
      return count.isPresent() && isCountFine(count.getAsLong())
          ? parameter(List.of(), (int) count.getAsLong())
          : Optional.empty();
    }
    fields.mismatch("simplex", "the names of " + COUNT + ", or how many there are");
    return Optional.empty();
  }

  private boolean isCountFine(long count) {
    boolean isFine = count >= MIN_WEIGHTS && count <= MAX_WEIGHTS;
    if (!isFine) {
      fields.error("simplex", "expected %s, but came %d".formatted(COUNT, count));
    }
    return isFine;
  }

  private List<String> names(Items items) {
    Map<String, Position> places = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(items.nodes().size(), MAX_WEIGHTS); i++) {
      YamlNode node = items.nodes().get(i);
      String where = "%s[%d]".formatted(fields.path("simplex"), i);
      if (!(node instanceof Scalar scalar && TextRule.NAME.accepts(scalar.text()))) {
        Scalars.mismatch(node, where, TextRule.NAME.expected(), problems);
        continue;
      }
      Position first = places.putIfAbsent(scalar.text(), node.at());
      if (first != null) {
        String message =
            "expected distinct names, but %s is also at %s".formatted(scalar.text(), first);
        problems.error(node.at(), where, message);
      }
    }
    return List.copyOf(places.keySet());
  }

  private Optional<Parameter> parameter(List<String> names, int count) {
    return concentration(count).map(numbers -> new SimplexParameter(name, names, numbers));
  }

  private Optional<List<Double>> concentration(int count) {
    Optional<YamlNode> node = fields.node("concentration");
    if (node.isEmpty()) {
      return Optional.of(Collections.nCopies(count, 1.0)).filter(c -> !fields.has("concentration"));
    }
    if (!(node.get() instanceof Items items)) {
      return number(node.get(), fields.path("concentration"))
          .map(number -> Collections.nCopies(count, number));
    }
    if (items.nodes().size() != count) {
      fields.error(
          "concentration",
          "expected one number, or %d: one a weight, but came %d"
              .formatted(count, items.nodes().size()));
      return Optional.empty();
    }
    List<Double> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      number(items.nodes().get(i), "%s[%d]".formatted(fields.path("concentration"), i))
          .ifPresent(numbers::add);
    }
    return Optional.of(numbers).filter(all -> all.size() == count);
  }

  private Optional<Double> number(YamlNode node, String where) {
    Optional<Value> value = Scalars.number(node, where, problems);
    Optional<Double> number =
        value.map(Fields::real).filter(x -> x >= MIN_CONCENTRATION && x <= MAX_CONCENTRATION);
    if (value.isPresent() && number.isEmpty()) {
      problems.error(
          node.at(),
          where,
          "expected a number from %s to %s, but came %s"
              .formatted(MIN_CONCENTRATION, MAX_CONCENTRATION, value.get().text()));
    }
    return number;
  }
}
