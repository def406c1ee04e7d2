package dev.rung.study;

import dev.rung.halving.Score;
import dev.rung.study.StudyCommand.Report;
import dev.rung.study.StudyReply.Taken;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes entries of an attempt's log: each once, in order, without gaps. */
final class Reporting {
  private Reporting() {}

  static Decision decide(StudyView study, Report report, Numbering n) {
    AttemptRef ref = report.attempt();
    Attempt attempt = StudyKernel.attempt(study, ref, report.node());
    if (attempt == null) {
      return Decision.reply(
          new Taken(ref, 0, false, Optional.of(Order.fenced("there is no such attempt"))));
    }
    if (report.firstSeq() < 1) {
      return Decision.rejected(
          ErrorCode.INVALID,
          "expected entries numbered from 1, but came a first number of " + report.firstSeq());
    }
    long acked = attempt.ackedSeq();
    long lastSeq = report.firstSeq() + report.entries().size() - 1;
    if (report.firstSeq() > acked + 1) {
      return Decision.reply(new Taken(ref, acked, true, order(attempt)));
    }
    if (lastSeq <= acked) {
      return Decision.reply(new Taken(ref, acked, false, order(attempt)));
    }
    List<Entry> entries =
        report.entries().subList((int) (acked + 1 - report.firstSeq()), report.entries().size());
    if (!attempt.isLive()) {
      return late(ref, attempt, entries, n);
    }
    Decision taken = take(study, ref, attempt, entries, n);
    return taken.and(Dropping.displaced(study, ref, taken.events()));
  }

  private static Decision late(AttemptRef ref, Attempt attempt, List<Entry> entries, Numbering n) {
    Optional<Order> over = Optional.of(attempt.afterEnd());
    long acked = attempt.ackedSeq();
    if (!attempt.byServer) {
      // The log was closed by its own last entry, or the attempt never began.
      return Decision.reply(new Taken(ref, acked, false, over));
    }
    return Decision.of(
        new Taken(ref, acked + entries.size(), false, over),
        new StudyEvent.LateEntriesRecorded(n.next(), n.time(), ref, acked + 1, entries));
  }

  /** Records the entries up to the first that decides something; the rest is decided after it. */
  private static Decision take(
      StudyView study, AttemptRef ref, Attempt attempt, List<Entry> entries, Numbering n) {
    long firstSeq = attempt.ackedSeq() + 1;
    Map<String, Double> known = new HashMap<>(attempt.atLastStep);
    long lastStep = attempt.lastStep();
    double best = Judging.bestValue(study, ref.trial());
    long passing = passing(study, ref.trial());
    for (int i = 0; i < entries.size(); i++) {
      switch (entries.get(i)) {
        case Entry.Point point -> {
          if (point.step() < lastStep) {
            // Kept, but a step that was passed before decides nothing.
            continue;
          }
          if (point.step() > lastStep) {
            known.clear();
            lastStep = point.step();
          }
          Objectives.merge(study.plan(), known, point.metrics());
          if (!Objectives.complete(study.plan(), known)) {
            continue;
          }
          Score score = Objectives.score(study.plan(), known);
          best = Judging.better(study, best, score.value());
          if (attempt.isToGoOn() && point.step() >= attempt.milestone()) {
            Score taken = Judging.taken(study, score, best);
            return upTo(
                ref,
                firstSeq,
                entries,
                i,
                n,
                new StudyCommand.Judge(ref, point.step(), taken),
                new Report(ref, firstSeq + i + 1, entries.subList(i + 1, entries.size())));
          }
          if (attempt.isToGoOn() && point.step() >= passing) {
            Score taken = Judging.taken(study, score, best);
            return upTo(
                ref,
                firstSeq,
                entries,
                i,
                n,
                new StudyCommand.Pass(ref, point.step(), taken),
                new Report(ref, firstSeq + i + 1, entries.subList(i + 1, entries.size())));
          }
        }
        case Entry.Ended ended -> {
          return upTo(
              ref,
              firstSeq,
              entries,
              i,
              n,
              new StudyCommand.End(ref, ended.cause(), ended.message(), false));
        }
        case Entry.Saved saved -> {
          // Recorded with the rest.
        }
      }
    }
    return Decision.of(
        new Taken(ref, firstSeq + entries.size() - 1, false, pending(attempt)),
        new StudyEvent.EntriesRecorded(n.next(), n.time(), ref, firstSeq, entries));
  }

  /** The next level below the trial's milestone that is recorded when it is passed. */
  private static long passing(StudyView study, int number) {
    Trial trial = StudyKernel.existing(study, number);
    return trial.entering < trial.rung() && !study.plan().isScoredLater()
        ? study.bracketOf(number).ladder().level(trial.entering)
        : Long.MAX_VALUE;
  }

  private static Decision upTo(
      AttemptRef ref,
      long firstSeq,
      List<Entry> entries,
      int index,
      Numbering n,
      StudyCommand... next) {
    return Decision.of(
            new Taken(ref, firstSeq + index, false, Optional.empty()),
            new StudyEvent.EntriesRecorded(
                n.next(), n.time(), ref, firstSeq, entries.subList(0, index + 1)))
        .then(next);
  }

  /** What an attempt is to do that should have ended. */
  private static Optional<Order> pending(Attempt attempt) {
    return order(attempt).filter(order -> order.kind() != Order.Kind.CONTINUE);
  }

  private static Optional<Order> order(Attempt attempt) {
    if (!attempt.isLive()) {
      return Optional.of(attempt.afterEnd());
    }
    return Optional.ofNullable(attempt.order());
  }
}
