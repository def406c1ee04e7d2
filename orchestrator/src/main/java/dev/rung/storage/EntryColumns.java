package dev.rung.storage;

import com.fasterxml.jackson.databind.util.StdConverter;
import dev.rung.study.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

/**
 * Entries of an attempt's log as columns: points that measure the same share one {@link Shape}, so
 * that names are stored once, and the size is linear in the entries whatever they carry.
 *
 * @param rows for each entry the index of its shape, or -1 for a checkpoint, or -2 for an end
 * @param shapes of the points
 * @param steps of the points
 * @param values of the points, one point after another in the order of its shape; then its cost
 * @param walls milliseconds of the points that have them
 * @param saved the checkpoints
 * @param ended the ends
 */
@SuppressWarnings("ArrayRecordComponent") // Columns are never compared.
record EntryColumns(
    int[] rows,
    List<Shape> shapes,
    long[] steps,
    double[] values,
    long[] walls,
    Optional<Checkpoints> saved,
    List<Entry.Ended> ended) {
  private static final int SAVED = -1;
  private static final int ENDED = -2;

  /**
   * What a point carries.
   *
   * @param names of its metrics in alphabetical order
   */
  record Shape(List<String> names, boolean cost, boolean wall) {
    static Shape of(Entry.Point point) {
      return new Shape(
          point.metrics().keySet().stream().sorted().toList(),
          point.cost().isPresent(),
          point.wallMillis().isPresent());
    }

    /** How many values a point of it has. */
    int numbers() {
      return names.size() + (cost ? 1 : 0);
    }

    boolean fits(Entry.Point point) {
      return names.size() == point.metrics().size()
          && point.metrics().keySet().containsAll(names)
          && cost == point.cost().isPresent()
          && wall == point.wallMillis().isPresent();
    }
  }

  /** Checkpoints as columns. */
  @SuppressWarnings("ArrayRecordComponent") // Columns are never compared.
  record Checkpoints(long[] steps, List<String> places, long[] bytes, List<String> digests) {
    static Checkpoints of(List<Entry.Checkpoint> all) {
      return new Checkpoints(
          all.stream().mapToLong(Entry.Checkpoint::step).toArray(),
          all.stream().map(Entry.Checkpoint::place).toList(),
          all.stream().mapToLong(Entry.Checkpoint::bytes).toArray(),
          all.stream().map(Entry.Checkpoint::digest).toList());
    }

    Entry.Checkpoint get(int i) {
      return new Entry.Checkpoint(steps[i], places.get(i), bytes[i], digests.get(i));
    }
  }

  static EntryColumns of(List<Entry> entries) {
    int[] rows = new int[entries.size()];
    Map<Shape, Integer> shapes = new LinkedHashMap<>();
    Shape shape = null;
    int index = 0;
    int points = 0;
    int numbers = 0;
    List<Entry.Checkpoint> saved = new ArrayList<>();
    List<Entry.Ended> ended = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      switch (entries.get(i)) {
        case Entry.Point point -> {
          if (shape == null || !shape.fits(point)) {
            shape = Shape.of(point);
            index = shapes.computeIfAbsent(shape, unused -> shapes.size());
          }
          rows[i] = index;
          points++;
          numbers += shape.numbers();
        }
        case Entry.Saved(Entry.Checkpoint checkpoint) -> {
          rows[i] = SAVED;
          saved.add(checkpoint);
        }
        case Entry.Ended end -> {
          rows[i] = ENDED;
          ended.add(end);
        }
      }
    }
    return of(
        entries,
        rows,
        List.copyOf(shapes.keySet()),
        new long[points],
        new double[numbers],
        saved.isEmpty() ? Optional.empty() : Optional.of(Checkpoints.of(saved)),
        ended);
  }

  private static EntryColumns of(
      List<Entry> entries,
      int[] rows,
      List<Shape> shapes,
      long[] steps,
      double[] values,
      Optional<Checkpoints> saved,
      List<Entry.Ended> ended) {
    LongStream.Builder walls = LongStream.builder();
    int nextStep = 0;
    int nextValue = 0;
    for (int i = 0; i < rows.length; i++) {
      if (entries.get(i) instanceof Entry.Point point) {
        steps[nextStep++] = point.step();
        for (String name : shapes.get(rows[i]).names()) {
          values[nextValue++] = Objects.requireNonNull(point.metrics().get(name));
        }
        if (point.cost().isPresent()) {
          values[nextValue++] = point.cost().getAsDouble();
        }
        point.wallMillis().ifPresent(walls::add);
      }
    }
    return new EntryColumns(rows, shapes, steps, values, walls.build().toArray(), saved, ended);
  }

  /**
   * The entries again.
   *
   * @throws RuntimeException the columns do not fit together
   */
  List<Entry> entries() {
    List<Entry> entries = new ArrayList<>(rows.length);
    int nextStep = 0;
    int nextValue = 0;
    int nextWall = 0;
    int nextSaved = 0;
    int nextEnded = 0;
    for (int row : rows) {
      if (row == SAVED) {
        entries.add(new Entry.Saved(saved.orElseThrow().get(nextSaved++)));
      } else if (row == ENDED) {
        entries.add(ended.get(nextEnded++));
      } else {
        Shape shape = shapes.get(row);
        Map<String, Double> metrics = HashMap.newHashMap(shape.names().size());
        for (String name : shape.names()) {
          metrics.put(name, values[nextValue++]);
        }
        entries.add(
            new Entry.Point(
                steps[nextStep++],
                metrics,
                shape.cost() ? OptionalDouble.of(values[nextValue++]) : OptionalDouble.empty(),
                shape.wall() ? Optional.of(walls[nextWall++]) : Optional.empty()));
      }
    }
    return entries;
  }

  /** For Jackson. */
  static final class Pack extends StdConverter<List<Entry>, EntryColumns> {
    @Override
    public EntryColumns convert(List<Entry> entries) {
      return of(entries);
    }
  }

  /** For Jackson. */
  static final class Unpack extends StdConverter<EntryColumns, List<Entry>> {
    @Override
    public List<Entry> convert(EntryColumns columns) {
      return columns.entries();
    }
  }
}
