package dev.rung.simulate;

import dev.rung.searcher.Observation;
import dev.rung.searcher.Searcher;
import dev.rung.space.Assignment;
import dev.rung.space.KeyedRandom;
import java.util.BitSet;
import java.util.Optional;

/** Proposes the rows of a table, each once: those nearest to what another searcher proposes. */
final class RowSearcher implements Searcher {
  private final Searcher searcher;
  private final Rows<?> rows;
  private final long seed;
  private final BitSet used = new BitSet();

  RowSearcher(Searcher searcher, Rows<?> rows, long seed) {
    this.searcher = searcher;
    this.rows = rows;
    this.seed = seed;
  }

  @Override
  public String name() {
    return searcher.name();
  }

  @Override
  public void observe(Observation observation) {
    if (observation instanceof Observation.Begun begun) {
      used.set(rows.row(begun.assignment()));
    }
    searcher.observe(observation);
  }

  @Override
  public Optional<Assignment> suggest(int trial) {
    int left = rows.size() - used.cardinality();
    if (left == 0) {
      return Optional.empty();
    }
    if (name().equals("random")) {
      return Optional.of(rows.assignment(drawn(trial, left)));
    }
    return searcher.suggest(trial).map(proposal -> rows.assignment(rows.nearest(proposal, used)));
  }

  /** Rows need not be spread as a random point is, so the nearest one would not be random. */
  private int drawn(int trial, int left) {
    int skip = KeyedRandom.stream(seed, "row", trial).nextInt(left);
    int row = used.nextClearBit(0);
    for (int i = 0; i < skip; i++) {
      row = used.nextClearBit(row + 1);
    }
    return row;
  }
}
