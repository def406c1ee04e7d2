package dev.rung.study;

import java.time.Duration;
import java.util.Map;

/**
 * Keeps a study from feeding its trials to a broken node, which would take them fastest of all: a
 * node on which attempts fail while they do not elsewhere gets no slot of the study for a while.
 * Where they fail everywhere it is the trainer's code, and the breaker pauses the study.
 */
final class Excluding {
  /** Failures on the node below which nothing is said. */
  static final int LEAST_FAILURES = 4;

  /** How many times rarer failures have to be elsewhere. */
  private static final int TIMES_RARER = 2;

  private static final Duration EXCLUDED = Duration.ofMinutes(10);

  private Excluding() {}

  /** Looks at a node on which an attempt has just ended. */
  static Decision decide(StudyView study, StudyCommand.Vet c, Numbering n) {
    NodeRecord node = study.nodes().get(c.node());
    if (node == null || node.isExcluded(n.time()) || node.failed() < LEAST_FAILURES) {
      return Decision.nothing();
    }
    int elsewhere = 0;
    int failedElsewhere = 0;
    for (Map.Entry<String, NodeRecord> other : study.nodes().entrySet()) {
      if (!other.getKey().equals(c.node()) && !other.getValue().isExcluded(n.time())) {
        elsewhere += other.getValue().count();
        failedElsewhere += other.getValue().failed();
      }
    }
    boolean moreThanHalf = 2 * node.failed() > node.count();
    boolean rarerElsewhere =
        elsewhere > 0 && TIMES_RARER * failedElsewhere * node.count() <= node.failed() * elsewhere;
    if (!moreThanHalf || !rarerElsewhere) {
      return Decision.nothing();
    }
    String reason =
        "%d of the last %d attempts on node %s failed, elsewhere %d of %d; the newest with: %s"
            .formatted(
                node.failed(),
                node.count(),
                c.node(),
                failedElsewhere,
                elsewhere,
                Reasons.firstLine(study.lastFailure()));
    return Decision.of(
        null,
        new StudyEvent.NodeExcluded(
            n.next(), n.time(), c.node(), n.time() + EXCLUDED.toMillis(), reason));
  }
}
