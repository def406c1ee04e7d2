package dev.rung.simulate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rung.space.Value;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads tables of learning curves: a JSON list, packed by gzip or not, of entries {@code {"hp":
 * {name: value}, "valid": {"loss": [numbers]}}}. Every field beside {@code hp} is a group of
 * curves, whose metrics are named {@code valid_loss}. A number may be null, NaN or infinite.
 */
public final class TableReader {
  /** Most numbers of a table: some hundreds of megabytes. */
  private static final long MOST_NUMBERS = 50_000_000;

  private static final String SETTING = "hp";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private final String file;
  private final List<CurveTable.Row> rows = new ArrayList<>();
  private long numbers;

  private TableReader(String file) {
    this.file = file;
  }

  /** A table that cannot be used; the text names the file, the entry and the field. */
  public static final class BrokenTableException extends Exception {
    private static final long serialVersionUID = 1;

    BrokenTableException(String message) {
      super(message);
    }
  }

  /**
   * Reads a file.
   *
   * @throws BrokenTableException it is no table, or it is not there
   */
  public static CurveTable read(Path path) throws BrokenTableException {
    try (InputStream json = Packed.open(path)) {
      return read(json, path.toString());
    } catch (NoSuchFileException e) {
      throw new BrokenTableException(
          "%s: expected a table, but there is no such file".formatted(path));
    } catch (IOException e) {
      throw new BrokenTableException(
          "%s: expected a table, but it cannot be read: %s".formatted(path, e));
    }
  }

  /**
   * Reads a table.
   *
   * @param json unpacked
   * @param file where it came from, for messages
   * @throws BrokenTableException it is no table
   */
  public static CurveTable read(InputStream json, String file)
      throws BrokenTableException, IOException {
    TableReader reader = new TableReader(file);
    try (MappingIterator<JsonNode> entries = JSON.readerFor(JsonNode.class).readValues(json)) {
      while (entries.hasNextValue()) {
        reader.add(entries.nextValue());
      }
    } catch (JsonProcessingException e) {
      throw reader.broken("expected JSON, but: " + e.getOriginalMessage());
    }
    if (reader.rows.isEmpty()) {
      throw new BrokenTableException(
          file + ": expected a list of at least one entry, but it is empty");
    }
    return new CurveTable(reader.rows);
  }

  private void add(JsonNode entry) throws BrokenTableException {
    if (!entry.isObject()) {
      throw broken("expected an object, but came " + kind(entry));
    }
    Map<String, Value> setting = setting(entry.path(SETTING));
    SortedMap<String, double[]> curves = new TreeMap<>();
    for (Map.Entry<String, JsonNode> group : entry.properties()) {
      if (!group.getKey().equals(SETTING)) {
        addGroup(group.getKey(), group.getValue(), curves);
      }
    }
    if (curves.isEmpty()) {
      throw broken(
          "expected a group of curves beside hp, as valid: {loss: [...]}, but there is none");
    }
    check(setting, curves);
    rows.add(new CurveTable.Row(setting, curves));
  }

  private Map<String, Value> setting(JsonNode hp) throws BrokenTableException {
    if (!hp.isObject() || hp.isEmpty()) {
      throw broken("hp: expected an object of hyper-parameters, but came " + kind(hp));
    }
    Map<String, Value> setting = new HashMap<>();
    for (Map.Entry<String, JsonNode> field : hp.properties()) {
      setting.put(field.getKey(), value(field.getKey(), field.getValue()));
    }
    return setting;
  }

  private Value value(String name, JsonNode node) throws BrokenTableException {
    if (node.isTextual()) {
      return new Value.StringValue(node.textValue());
    }
    if (node.isBoolean()) {
      return new Value.BoolValue(node.booleanValue());
    }
    if (node.canConvertToLong() && node.isIntegralNumber()) {
      return new Value.IntValue(node.longValue());
    }
    if (node.isNumber() && Double.isFinite(node.doubleValue())) {
      return new Value.DoubleValue(node.doubleValue());
    }
    throw broken(
        "hp.%s: expected a finite number, a text or true or false, but came %s"
            .formatted(name, kind(node)));
  }

  private void addGroup(String group, JsonNode metrics, SortedMap<String, double[]> curves)
      throws BrokenTableException {
    if (!metrics.isObject()) {
      throw broken("%s: expected an object of curves, but came %s".formatted(group, kind(metrics)));
    }
    for (Map.Entry<String, JsonNode> metric : metrics.properties()) {
      String path = group + "." + metric.getKey();
      curves.put(group + "_" + metric.getKey(), curve(path, metric.getValue()));
    }
  }

  private double[] curve(String path, JsonNode points) throws BrokenTableException {
    if (!points.isArray() || points.isEmpty()) {
      throw broken("%s: expected a list of numbers, but came %s".formatted(path, kind(points)));
    }
    numbers += points.size();
    if (numbers > MOST_NUMBERS) {
      throw broken("%s: expected at most %d numbers in all".formatted(path, MOST_NUMBERS));
    }
    double[] curve = new double[points.size()];
    for (int i = 0; i < curve.length; i++) {
      JsonNode point = points.get(i);
      if (!point.isNumber() && !point.isNull()) {
        throw broken(
            "%s[%d]: expected a number or null, but came %s".formatted(path, i, kind(point)));
      }
      curve[i] = point.isNull() ? Double.NaN : point.doubleValue();
    }
    return curve;
  }

  /** All entries are alike, so that each has a place in one space and a point at every step. */
  private void check(Map<String, Value> setting, SortedMap<String, double[]> curves)
      throws BrokenTableException {
    int steps = curves.values().iterator().next().length;
    for (Map.Entry<String, double[]> curve : curves.entrySet()) {
      if (curve.getValue().length != steps) {
        throw broken(
            "%s: expected %d points, as %s has, but came %d"
                .formatted(curve.getKey(), steps, curves.firstKey(), curve.getValue().length));
      }
    }
    if (rows.isEmpty()) {
      return;
    }
    CurveTable.Row first = rows.get(0);
    if (!first.setting().keySet().equals(setting.keySet())) {
      throw broken(
          "hp: expected %s, as entry 1 has, but came %s"
              .formatted(sorted(first.setting()), sorted(setting)));
    }
    if (!first.curves().keySet().equals(curves.keySet())) {
      throw broken(
          "expected the curves %s, as entry 1 has, but came %s"
              .formatted(first.curves().keySet(), curves.keySet()));
    }
    if (first.steps() != steps) {
      throw broken(
          "%s: expected %d points, as entry 1 has, but came %d"
              .formatted(curves.firstKey(), first.steps(), steps));
    }
  }

  private static Set<String> sorted(Map<String, Value> setting) {
    return new TreeSet<>(setting.keySet());
  }

  private static String kind(JsonNode node) {
    return node.isMissingNode()
        ? "nothing"
        : node.getNodeType().toString().toLowerCase(Locale.ROOT);
  }

  private BrokenTableException broken(String problem) {
    return new BrokenTableException("%s: entry %d: %s".formatted(file, rows.size() + 1, problem));
  }
}
