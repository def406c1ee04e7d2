package dev.rung.study;

import dev.rung.searcher.Observation;
import dev.rung.searcher.Observation.Closed;
import dev.rung.searcher.Observation.Earned;
import dev.rung.searcher.Observation.Entered;
import dev.rung.searcher.Observation.LadderKnown;
import dev.rung.searcher.Observation.Reopened;
import dev.rung.searcher.Observation.Withdrawn;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a study has shown its searcher, in the order of its events and with their numbers, so that a
 * suggestion knows what came up to its basis and no more, whenever it is computed. As columns,
 * since a large study has many. What trials began with stands with the trials.
 */
final class ObservationLog {
  /** What a row is, with the code that it is stored by. */
  private enum Kind {
    LADDER(0),
    ENTERED(1),
    EARNED(2),
    WITHDRAWN(3),
    REOPENED(4),
    CLOSED(5);

    private static final Kind[] BY_CODE = new Kind[values().length];

    static {
      for (Kind kind : values()) {
        BY_CODE[kind.code] = kind;
      }
    }

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }
  }

  private int size;
  private int values;
  private long[] number = new long[16];
  private byte[] kind = new byte[16];
  private int[] trial = new int[16];
  private long[] level = new long[16];

  /** Of each ENTERED: how many losses, the losses, the violation. */
  private double[] value = new double[16];

  private final List<LadderKnown> ladders = new ArrayList<>();

  /**
   * The whole as columns.
   *
   * @param trial of a ladder its index
   * @param value of each entry how many losses it has, these, and the violation
   */
  @SuppressWarnings("ArrayRecordComponent") // Columns are never compared.
  public record Columns(
      long[] number,
      byte[] kind,
      int[] trial,
      long[] level,
      double[] value,
      List<LadderKnown> ladders) {}

  /** Adds what an event has shown. Nothing is shown of what trials begin with. */
  void add(long event, Observation observation) {
    switch (observation) {
      case LadderKnown o -> {
        append(event, Kind.LADDER, ladders.size(), 0);
        ladders.add(o);
      }
      case Observation.Begun o ->
          throw new IllegalArgumentException("expected no beginning, but came " + o);
      case Entered o -> {
        append(event, Kind.ENTERED, o.trial(), o.level());
        append(o.losses().size());
        o.losses().forEach(this::append);
        append(o.violation());
      }
      case Earned o -> append(event, Kind.EARNED, o.trial(), o.level());
      case Withdrawn o -> append(event, Kind.WITHDRAWN, o.trial(), 0);
      case Reopened o -> append(event, Kind.REOPENED, o.trial(), 0);
      case Closed o -> append(event, Kind.CLOSED, o.trial(), 0);
    }
  }

  /** The whole, sharing nothing that changes. */
  Columns columns() {
    return new Columns(
        Arrays.copyOf(number, size),
        Arrays.copyOf(kind, size),
        Arrays.copyOf(trial, size),
        Arrays.copyOf(level, size),
        Arrays.copyOf(value, values),
        List.copyOf(ladders));
  }

  /** Takes over what another log held; this one has to be empty. */
  void restore(Columns columns) {
    size = columns.number.length;
    values = columns.value.length;
    int rows = Math.max(16, size);
    number = Arrays.copyOf(columns.number, rows);
    kind = Arrays.copyOf(columns.kind, rows);
    trial = Arrays.copyOf(columns.trial, rows);
    level = Arrays.copyOf(columns.level, rows);
    value = Arrays.copyOf(columns.value, Math.max(16, values));
    ladders.addAll(columns.ladders);
  }

  /** The trial that an observation is about; empty: none. */
  static OptionalInt trial(Observation observation) {
    return switch (observation) {
      case LadderKnown o -> OptionalInt.empty();
      case Observation.Begun o -> OptionalInt.of(o.trial());
      case Entered o -> OptionalInt.of(o.trial());
      case Earned o -> OptionalInt.of(o.trial());
      case Withdrawn o -> OptionalInt.of(o.trial());
      case Reopened o -> OptionalInt.of(o.trial());
      case Closed o -> OptionalInt.of(o.trial());
    };
  }

  /** Reads the log from its beginning, and goes on where it was left. */
  final class Reader {
    private int row;
    private int at;

    /** Whether something was shown that has not been read. */
    boolean hasNext() {
      return row < size;
    }

    /** Number of the event that the next observation is of. */
    long number() {
      return number[row];
    }

    /** The next observation. */
    Observation next() {
      Observation next = read();
      row++;
      return next;
    }

    private Observation read() {
      return switch (Kind.BY_CODE[kind[row]]) {
        case LADDER -> ladders.get(trial[row]);
        case ENTERED -> {
          int losses = (int) value[at++];
          List<Double> all = new ArrayList<>(losses);
          for (int i = 0; i < losses; i++) {
            all.add(value[at++]);
          }
          yield new Entered(trial[row], level[row], all, value[at++]);
        }
        case EARNED -> new Earned(trial[row], level[row]);
        case WITHDRAWN -> new Withdrawn(trial[row]);
        case REOPENED -> new Reopened(trial[row]);
        case CLOSED -> new Closed(trial[row]);
      };
    }
  }

  private void append(long event, Kind what, int which, long where) {
    if (size == number.length) {
      number = Arrays.copyOf(number, size * 2);
      kind = Arrays.copyOf(kind, size * 2);
      trial = Arrays.copyOf(trial, size * 2);
      level = Arrays.copyOf(level, size * 2);
    }
    number[size] = event;
    kind[size] = what.code;
    trial[size] = which;
    level[size] = where;
    size++;
  }

  private void append(double number) {
    if (values == value.length) {
      value = Arrays.copyOf(value, values * 2);
    }
    value[values++] = number;
  }
}
