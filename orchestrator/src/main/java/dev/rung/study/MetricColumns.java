package dev.rung.study;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Maps from metrics to values, one map after another.
 *
 * @param count of entries for each map
 * @param name for each entry the index of its text
 * @param value for each entry
 */
@SuppressWarnings("ArrayRecordComponent") // Columns are never compared.
public record MetricColumns(int[] count, int[] name, double[] value) {

  static MetricColumns of(List<Map<String, Double>> maps, Texts texts) {
    List<Map.Entry<String, Double>> entries = new ArrayList<>();
    for (Map<String, Double> map : maps) {
      map.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(entries::add);
    }
    return new MetricColumns(
        maps.stream().mapToInt(Map::size).toArray(),
        entries.stream().mapToInt(entry -> texts.index(entry.getKey())).toArray(),
        entries.stream().mapToDouble(Map.Entry::getValue).toArray());
  }

  List<Map<String, Double>> restore(List<String> texts) {
    List<Map<String, Double>> maps = new ArrayList<>(count.length);
    int next = 0;
    for (int size : count) {
      Map<String, Double> map = HashMap.newHashMap(size);
      for (int end = next + size; next < end; next++) {
        map.put(texts.get(name[next]), value[next]);
      }
      maps.add(map);
    }
    return maps;
  }
}
