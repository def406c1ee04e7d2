package dev.rung.searcher;

import dev.rung.space.Assignment;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * Sees to it that a space of finitely many assignments gives none twice, and that it is used up
 * before there is none left. Where assignments are endless every proposal is as good as new.
 */
final class DistinctSearcher implements Searcher {
  /** Proposals looked at for one trial before the space is gone through in order. */
  static final int MOST_PROPOSALS = 100;

  private final Proposer proposer;
  private final Optional<Lattice> lattice;
  private final long seed;
  private final Set<Assignment> used = new HashSet<>();
  private int[] order = {};

  /**
   * A searcher.
   *
   * @param lattice all there is to propose; empty: it is endless
   * @param seed of the order in which the lattice is gone through
   */
  DistinctSearcher(Proposer proposer, Optional<Lattice> lattice, long seed) {
    this.proposer = proposer;
    this.lattice = lattice;
    this.seed = seed;
  }

  @Override
  public String name() {
    return proposer.name();
  }

  @Override
  public void observe(Observation observation) {
    if (lattice.isPresent() && observation instanceof Observation.Begun begun) {
      used.add(begun.assignment());
    }
    proposer.observe(observation);
  }

  @Override
  public Optional<Assignment> suggest(int trial) {
    Iterator<Assignment> proposals = proposer.proposals(trial).iterator();
    if (lattice.isEmpty()) {
      return proposals.hasNext() ? Optional.of(proposals.next()) : Optional.empty();
    }
    for (int i = 0; i < MOST_PROPOSALS && proposals.hasNext(); i++) {
      Assignment proposal = proposals.next();
      if (!used.contains(proposal)) {
        return Optional.of(proposal);
      }
    }
    return unused(lattice.get(), trial);
  }

  /** Whether a trial has an assignment that may not come twice. */
  boolean isUsed(Assignment assignment) {
    return used.contains(assignment);
  }

  /** Each trial begins at a place of its own, so that mostly the first one found is unused. */
  private Optional<Assignment> unused(Lattice points, int trial) {
    if (order.length == 0) {
      order = points.shuffled(seed);
    }
    for (int i = 0; i < order.length; i++) {
      Assignment assignment = points.at(order[Math.floorMod(trial - 1 + i, order.length)]);
      if (!used.contains(assignment) && points.isAllowed(assignment)) {
        return Optional.of(assignment);
      }
    }
    return Optional.empty();
  }
}
